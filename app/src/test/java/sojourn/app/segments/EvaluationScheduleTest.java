package sojourn.app.segments;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sojourn.app.contacts.BuiltInAttributes;
import sojourn.app.segments.language.Catalog;
import sojourn.app.segments.language.Needs;
import sojourn.app.segments.language.SegmentLanguage;

/** When a segment is evaluated in full again: by its own pause, at midnight, or every ten minutes. */
class EvaluationScheduleTest {

    private static final EvaluationSchedule SCHEDULE =
            new EvaluationSchedule(Duration.ofDays(1), Duration.ofMinutes(10));

    private static final Catalog CATALOG =
            Catalog.ofContacts(BuiltInAttributes.all(), Map.of("Purchase", Map.of()), Set.of());

    private static final Instant MORNING = Instant.parse("2026-11-20T10:00:00Z");

    private static Instant next(String query, String zone, @Nullable Duration own) {
        return SCHEDULE.next(MORNING, Needs.of(SegmentLanguage.parse(query, CATALOG)), ZoneId.of(zone), own);
    }

    @Test
    void what_time_alone_does_not_move_is_evaluated_daily_or_as_the_segment_says() {
        var plain = "INTERACTION(Purchase).HAVING(COUNT() > 0, DAYS(2))";

        assertThat(next(plain, "Europe/Berlin", null)).isEqualTo("2026-11-21T06:00:00Z");
        assertThat(next(plain, "Europe/Berlin", Duration.ofHours(6))).isEqualTo("2026-11-20T15:00:00Z");
        assertThat(next(plain, "Europe/Berlin", Duration.ofMinutes(10))).isEqualTo("2026-11-20T10:10:00Z");
        assertThat(next(plain, "Europe/Berlin", Duration.ofDays(31)))
                .isBetween(MORNING.plus(Duration.ofDays(23)), MORNING.plus(Duration.ofDays(31)));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROFILE(contact).FILTER(createdAt < TODAY())",
                "PROFILE(contact).FILTER(createdAt WITHIN LAST(3, DAY))",
                "PROFILE(contact).FILTER(createdAt WITHIN NEXT(1, MONTH))",
                "PROFILE(contact).FILTER(createdAt ANNIVERSARY WITHIN NEXT(7, DAY))",
                "INTERACTION(Purchase).FILTER(occurredAt >= TODAY())"
            })
    void what_compares_with_today_is_evaluated_at_the_midnight_of_its_zone(String query) {
        assertThat(next(query, "Europe/Berlin", null)).isEqualTo("2026-11-20T23:00:00Z");
        assertThat(next(query, "America/New_York", Duration.ofDays(31))).isEqualTo("2026-11-21T05:00:00Z");
        assertThat(next(query, "Pacific/Auckland", null)).isEqualTo("2026-11-20T11:00:00Z");
        assertThat(next(query, "Europe/Berlin", Duration.ofHours(6)))
                .as("its own pause ends before")
                .isEqualTo("2026-11-20T15:00:00Z");
    }

    @Test
    void a_midnight_that_a_clock_change_skips_is_when_the_day_begins() {
        var needs = Needs.of(SegmentLanguage.parse("PROFILE(contact).FILTER(createdAt < TODAY())", CATALOG));

        assertThat(SCHEDULE.next(Instant.parse("2017-10-14T20:00:00Z"), needs, ZoneId.of("America/Sao_Paulo"), null))
                .isEqualTo("2017-10-15T03:00:00Z");
    }

    @Test
    void what_compares_with_this_very_moment_is_evaluated_every_ten_minutes() {
        var query = "PROFILE(contact).FILTER(createdAt < DATEADD(HOUR, -1, DATETIMEUTCNOW()))";

        assertThat(next(query, "Europe/Berlin", null)).isEqualTo("2026-11-20T10:10:00Z");
        assertThat(next(query, "Europe/Berlin", Duration.ofDays(31)))
                .as("whatever the segment says")
                .isEqualTo("2026-11-20T10:10:00Z");
    }

    @Test
    void what_failed_is_tried_again_after_a_quarter_of_the_pause() {
        assertThat(SCHEDULE.again(MORNING)).isEqualTo("2026-11-20T16:00:00Z");
    }
}
