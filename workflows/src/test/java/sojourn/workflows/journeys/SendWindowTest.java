package sojourn.workflows.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import sojourn.workflows.journeys.SendWindow.Day;

class SendWindowTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    @ParameterizedTest
    @CsvSource(
            nullValues = "-",
            value = {
                // 2026-11-02 is a Monday; Berlin is one hour ahead of UTC.
                "monday, 09:00, 18:00, 2026-11-02T08:00:00Z, 2026-11-02T08:00:00Z",
                "monday, 09:00, 18:00, 2026-11-02T07:59:59Z, 2026-11-02T08:00:00Z",
                "monday, 09:00, 18:00, 2026-11-02T17:00:00Z, 2026-11-09T08:00:00Z",
                "-,      09:00, 18:00, 2026-11-02T17:00:00Z, 2026-11-03T08:00:00Z",
                "tuesday, -,    -,     2026-11-02T12:00:00Z, 2026-11-02T23:00:00Z",
                "tuesday, -,    12:00, 2026-11-03T11:00:00Z, 2026-11-09T23:00:00Z",
                "friday saturday, 22:00, 02:00, 2026-11-08T00:30:00Z, 2026-11-08T00:30:00Z",
                "friday saturday, 22:00, 02:00, 2026-11-08T01:00:00Z, 2026-11-13T21:00:00Z",
                // The clock goes from two to three: there is no half past two, so the window opens at half past three.
                "-,      02:30, 18:00, 2026-03-29T00:30:00Z, 2026-03-29T01:30:00Z",
                // A window that a change of clocks swallows is none.
                "sunday, 02:00, 03:00, 2026-03-28T12:00:00Z, 2026-04-05T00:00:00Z",
            })
    void it_opens_by_the_clock_of_the_contact(
            @Nullable String days, @Nullable LocalTime from, @Nullable LocalTime to, Instant at, Instant opens) {
        var window = new SendWindow(days == null ? null : days(days), from, to);

        assertThat(window.opens(at, BERLIN)).isEqualTo(opens);
    }

    @Test
    void no_window_is_ever_open_before_it_says_so() {
        var window = new SendWindow(List.of(Day.sunday, Day.monday), LocalTime.of(23, 30), LocalTime.of(1, 15));
        var at = Instant.parse("2026-10-20T00:00:00Z");

        for (var step = 0; step < 2_000; step++) {
            var opens = window.opens(at, BERLIN);
            assertThat(opens).isAfterOrEqualTo(at);
            assertThat(window.opens(opens, BERLIN)).as("open when it opens").isEqualTo(opens);
            at = at.plusSeconds(977);
        }
    }

    private static List<Day> days(String names) {
        var days = new ArrayList<Day>();
        for (var name : names.split(" ")) {
            days.add(Day.valueOf(name));
        }
        return days;
    }
}
