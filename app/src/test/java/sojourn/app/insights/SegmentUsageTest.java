package sojourn.app.insights;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.insights.JourneyFigures.Sending;
import sojourn.app.insights.JourneyFigures.Times;
import sojourn.app.segments.Segments;
import sojourn.testing.Database;

/** What came of a segment's members in a journey: those who were members when they entered, and nobody else. */
class SegmentUsageTest {

    @RegisterExtension
    final Database database = new Database();

    private RandomWalk walk;

    @BeforeEach
    void walk() {
        walk = new RandomWalk(database.jdbi(), 20_261_130);
        for (var step = 0; step < 250; step++) {
            walk.step();
        }
    }

    @Test
    void of_a_segment_that_has_everybody_it_is_what_the_journey_says() {
        joinedADayBefore("true");
        var figures = database.jdbi()
                .inTransaction(handle ->
                        new Counting(handle, JourneyRow.read(handle, RandomWalk.KEY), Range.ALL, false).journey());

        var usage = usage(Range.ALL);

        assertThat(usage)
                .containsExactly(new SegmentUsage(
                        RandomWalk.KEY,
                        "Walk",
                        figures.entered(),
                        sum(figures, Sending::sent),
                        new Times(
                                sum(figures, sending -> sending.opens().unique()),
                                sum(figures, sending -> sending.opens().total())),
                        new Times(
                                sum(figures, sending -> sending.clicks().unique()),
                                sum(figures, sending -> sending.clicks().total())),
                        figures.goal().reached()));
        assertThat(usage.getFirst().clicks().total()).isPositive();
    }

    @Test
    void who_left_at_the_moment_of_entering_or_came_later_does_not_count() {
        joinedADayBefore("contact_id % 3 = 0");
        database.jdbi().useHandle(handle -> {
            handle.execute("""
                    insert into past_membership (segment_id, contact_id, joined_at, left_at)
                    select s.id, r.contact_id, r.entered_at - interval '1 day', r.entered_at
                    from run r, segment s where s.key = 'everyone' and r.contact_id % 3 = 1
                    """);
            handle.execute("""
                    insert into membership (segment_id, contact_id, joined_at)
                    select s.id, r.contact_id, r.entered_at + interval '1 second'
                    from run r, segment s where s.key = 'everyone' and r.contact_id % 3 = 2
                    """);
        });

        var usage = usage(Range.ALL).getFirst();

        assertThat(usage.runs()).isEqualTo(count("select count(*) from run where contact_id % 3 = 0"));
        assertThat(usage.conversions())
                .isEqualTo(count("select count(*) from run where contact_id % 3 = 0 and goal_at is not null"));
        assertThat(usage.opens().total()).isEqualTo(count("""
                select count(*) from interaction i join interaction_type t on t.id = i.type_id
                where t.key = 'EmailOpened' and i.contact_id % 3 = 0
                """));
    }

    @Test
    void a_range_picks_the_runs_that_began_in_it() {
        joinedADayBefore("true");
        var half = new Range(null, walk.start.plus(Duration.ofDays(10)), walk.start.plus(Duration.ofDays(40)));

        var usage = usage(half).getFirst();

        assertThat(usage.runs()).isEqualTo(count("""
                select count(*) from run where entered_at >= '2026-01-11T00:00:00Z' and entered_at < '2026-02-10T00:00:00Z'
                """));
        assertThat(usage.runs()).isBetween(1L, count("select count(*) - 1 from run"));
    }

    private List<SegmentUsage> usage(Range range) {
        return database.jdbi()
                .inTransaction(handle -> SegmentUsage.read(handle, new Segments().require(handle, "everyone"), range));
    }

    private void joinedADayBefore(String who) {
        database.jdbi()
                .useHandle(handle -> handle.execute("insert into membership (segment_id, contact_id, joined_at)"
                        + " select s.id, r.contact_id, r.entered_at - interval '1 day'"
                        + " from run r, segment s where s.key = 'everyone' and " + who));
    }

    private long count(String sql) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery(sql).mapTo(Long.class).one());
    }

    private static long sum(JourneyFigures figures, ToLongFunction<Sending> part) {
        return figures.tiles().values().stream()
                .map(JourneyFigures.OfTile::sending)
                .filter(Objects::nonNull)
                .mapToLong(part)
                .sum();
    }
}
