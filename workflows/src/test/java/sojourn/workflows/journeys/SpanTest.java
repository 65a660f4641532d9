package sojourn.workflows.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.time.ZoneId;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SpanTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @ParameterizedTest
    @ValueSource(strings = {"P5D", "P1M", "P1Y2M3D", "PT30M", "P1DT2H", "PT0S", "PT1H1M1.5S"})
    void what_is_read_is_printed_again(String text) {
        assertThat(Span.parse(Span.parse(text).toString())).isEqualTo(Span.parse(text));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "P",
                "5 days",
                "PT",
                "P1DT",
                "P-1D",
                "PT-5S",
                "-P1D",
                "P99999999999D",
                "P101Y",
                "P999999999Y",
                "P40000D",
                "PT999999999999H"
            })
    void what_is_no_duration_is_refused_with_one_that_is(String text) {
        assertThatThrownBy(() -> Span.parse(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void nine_in_the_morning_stays_nine_over_a_clock_change() {
        var saturday = Instant.parse("2026-10-24T07:00:00Z"); // 09:00 in Berlin, the last day of summer time

        assertThat(Span.parse("P1D").after(saturday, BERLIN)).isEqualTo("2026-10-25T08:00:00Z");
        assertThat(Span.parse("PT24H").after(saturday, BERLIN)).isEqualTo("2026-10-25T07:00:00Z");
    }

    @Test
    void so_many_months_after_the_last_of_one_is_the_last_again() {
        var january = Instant.parse("2027-01-31T08:00:00Z"); // 09:00 in Berlin

        assertThat(Span.parse("P1M").after(january, 0, BERLIN)).isEqualTo(january);
        assertThat(Span.parse("P1M").after(january, 1, BERLIN)).isEqualTo("2027-02-28T08:00:00Z");
        assertThat(Span.parse("P1M").after(january, 2, BERLIN)).isEqualTo("2027-03-31T07:00:00Z");
        assertThat(Span.parse("P1DT2H").after(january, 3, BERLIN)).isEqualTo("2027-02-03T14:00:00Z");
    }

    @Test
    void words_name_every_part_that_is_not_zero() {
        assertThat(Span.parse("P1M2DT1H30M").inWords()).isEqualTo("1 month 2 days 1 hour 30 minutes");
        assertThat(Span.ZERO.inWords()).isEqualTo("no time");
    }
}
