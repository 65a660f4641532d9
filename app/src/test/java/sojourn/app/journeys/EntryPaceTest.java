package sojourn.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sojourn.workflows.journeys.JourneyDocument;

/** Limits are kept in every hour and every day, evenly, whatever clocks do. */
class EntryPaceTest {

    private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");

    /** A day before clocks go back. */
    private static final Instant START = Instant.parse("2026-10-24T06:17:00Z");

    private static EntryPace pace(String limits) {
        return new EntryPace(
                JourneyWorld.document("{\"limits\": " + limits + "}").limits(), BERLIN);
    }

    /** When contacts enter if there are always some in line. */
    private static List<Instant> entries(EntryPace pace, Duration time) {
        var entries = new ArrayList<Instant>();
        for (var turn = pace.opens(START); turn.isBefore(START.plus(time)); turn = pace.after(turn)) {
            for (var place = 0; place < pace.places(turn); place++) {
                entries.add(turn);
            }
        }
        return entries;
    }

    private static long most(List<Instant> entries, Duration in) {
        var most = 0;
        for (int from = 0, to = 0; to < entries.size(); to++) {
            while (!entries.get(from).plus(in).isAfter(entries.get(to))) {
                from++;
            }
            most = Math.max(most, to - from + 1);
        }
        return most;
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 7, 60, 3599, 3601, 5400, 100_001})
    void no_hour_has_more_than_it_may_and_nearly_as_many(int perHour) {
        var entries = entries(pace("{\"perHour\": " + perHour + "}"), Duration.ofHours(4));

        assertThat(most(entries, Duration.ofHours(1))).isBetween(perHour * 99L / 100, (long) perHour);
        assertThat(entries).hasSizeGreaterThanOrEqualTo(perHour * 4 * 99 / 100);
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10, 24, 1000, 86_399, 90_001})
    void each_day_has_what_it_may_also_one_of_twenty_five_hours(int perDay) {
        var entries = entries(pace("{\"perDay\": " + perDay + "}"), Duration.ofDays(3));

        var whole = List.of("2026-10-25", "2026-10-26");
        assertThat(whole)
                .allSatisfy(day -> assertThat(entries.stream()
                                .filter(at -> at.atZone(BERLIN)
                                        .toLocalDate()
                                        .toString()
                                        .equals(day)))
                        .hasSizeBetween(perDay * 98 / 100, perDay));
    }

    @Test
    void a_day_s_entries_are_spread_over_its_hours_on_its_weekdays() {
        var pace = pace("""
                {"perDay": 8, "weekdays": ["saturday", "monday"], "hours": {"from": "09:00", "to": "17:00"}}
                """);

        assertThat(entries(pace, Duration.ofDays(3)))
                .extracting(at -> at.atZone(BERLIN).toLocalDateTime().toString())
                .containsExactly(
                        "2026-10-24T09:00",
                        "2026-10-24T10:00",
                        "2026-10-24T11:00",
                        "2026-10-24T12:00",
                        "2026-10-24T13:00",
                        "2026-10-24T14:00",
                        "2026-10-24T15:00",
                        "2026-10-24T16:00",
                        "2026-10-26T09:00",
                        "2026-10-26T10:00",
                        "2026-10-26T11:00",
                        "2026-10-26T12:00",
                        "2026-10-26T13:00",
                        "2026-10-26T14:00",
                        "2026-10-26T15:00",
                        "2026-10-26T16:00");
    }

    @Test
    void hours_may_be_over_midnight() {
        var pace = pace("{\"hours\": {\"from\": \"22:00\", \"to\": \"06:00\"}}");

        assertThat(pace.opens(Instant.parse("2026-11-02T12:00:00Z"))).isEqualTo("2026-11-02T21:00:00Z");
        assertThat(pace.opens(Instant.parse("2026-11-03T03:00:00Z"))).isEqualTo("2026-11-03T03:00:00Z");
    }

    @Test
    void the_slower_of_both_paces_holds() {
        var entries = entries(pace("{\"perHour\": 10, \"perDay\": 50}"), Duration.ofDays(3));

        assertThat(most(entries, Duration.ofHours(1))).isLessThanOrEqualTo(10);
        assertThat(entries.stream()
                        .filter(at -> at.atZone(BERLIN).toLocalDate().toString().equals("2026-10-26")))
                .hasSizeBetween(49, 50);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"perHour\": 5400}",
                "{\"perDay\": 100}",
                "{\"perHour\": 3, \"perDay\": 10, \"hours\": {\"from\": \"09:00\", \"to\": \"17:00\"}}"
            })
    void whoever_waits_is_expected_when_the_turn_comes(String limits) {
        var pace = pace(limits);
        var entries = entries(pace, Duration.ofDays(3));

        for (var before = 0; before < entries.size(); before += 7) {
            assertThat(pace.turn(START, before)).hasValue(entries.get(before));
        }
    }

    @Test
    void nobody_is_expected_in_decades() {
        assertThat(pace("{\"perDay\": 1}").turn(START, 100_000)).isEmpty();
        assertThat(new EntryPace(null, BERLIN).turn(START, 100_000)).hasValue(START);
    }

    @Test
    void without_a_pace_all_may_enter_when_it_is_open() {
        JourneyDocument.Limits limits =
                JourneyWorld.document("{\"limits\": {\"total\": 5}}").limits();

        assertThat(new EntryPace(limits, BERLIN).after(START)).isEqualTo(START);
    }
}
