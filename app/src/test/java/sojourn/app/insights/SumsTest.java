package sojourn.app.insights;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Random;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.Database;

/** What is summed up is what is there: figures from sums against figures from rows. */
class SumsTest {

    @RegisterExtension
    final Database database = new Database();

    private final Random random = new Random(20_261_130);
    private RandomWalk walk;
    private Folding folding;

    @BeforeEach
    void goLive() {
        walk = new RandomWalk(database.jdbi(), 7);
        folding = new Folding(database.jdbi());
    }

    @Test
    void sums_are_what_rows_say_at_every_step_in_any_range() {
        for (var step = 0; step < 400; step++) {
            walk.step();
            if (step == 150) {
                walk.publishSecondVersion();
            }
            if (random.nextInt(10) == 0) {
                folding.foldSome();
            }
            if (step % 12 == 0) {
                assertSame(Range.ALL);
                assertSame(range());
            }
        }
        assertThat(one("select count(*) from figure_sum where source = 'engagement'"))
                .isGreaterThan(5);
        assertThat(one("select count(*) from engagement where times > 1")).isPositive();
    }

    @Test
    void folding_leaves_nothing_behind() {
        for (var step = 0; step < 200; step++) {
            walk.step();
        }
        assertThat(one("select count(*) from figure_delta")).isPositive();

        folding.foldSome();

        assertThat(one("select count(*) from figure_delta")).isZero();
        assertThat(one("select count(*) from figure_sum where n = 0 and coalesce(times, 0) = 0"))
                .isZero();
        assertThat(one("select sum(n) from figure_sum where source = 'run'"))
                .isEqualTo(one("select count(*) from run"));
        assertThat(one("select sum(n) from figure_sum where source = 'visit'"))
                .isEqualTo(one("select count(*) from tile_visit"));
        assertSame(Range.ALL);
    }

    @Test
    void contacts_that_became_one_or_came_again_are_counted_once() {
        for (var step = 0; step < 200; step++) {
            walk.step();
        }
        assertThat(count(Range.ALL, true).entered()).isEqualTo(one("select count(*) from run"));

        database.jdbi().useHandle(handle -> {
            handle.execute("""
                    update contact set state = 'erased', merged_into = (select min(contact_id) from run)
                    where id = (select max(contact_id) from run)
                    """);
        });
        assertThat(count(Range.ALL, true).entered()).isEqualTo(one("select count(*) - 1 from run"));
        assertSame(Range.ALL);

        database.jdbi().useHandle(handle -> {
            handle.execute("update contact set state = 'active', merged_into = null");
            handle.execute("""
                    update run set contact_id = (select min(contact_id) from run), run_no = 2
                    where contact_id = (select max(contact_id) from run)
                    """);
            handle.execute("""
                    insert into run (contact_id, journey_id, version, run_no, status, entered_at, entered_by)
                    select contact_id, journey_id, version, run_no + 2, 'pending', entered_at, 'test' from run limit 1
                    """);
        });
        assertThat(count(Range.ALL, true).entered())
                .isEqualTo(one("select count(distinct contact_id) from run"))
                .isLessThan(count(Range.ALL, false).entered());
        assertSame(Range.ALL);
    }

    @Test
    void what_is_gone_is_not_counted() {
        for (var step = 0; step < 100; step++) {
            walk.step();
        }
        folding.foldSome();

        database.jdbi().useHandle(handle -> {
            handle.execute("delete from tile_visit where no = 2");
            handle.execute("delete from run where run_no = 1 and contact_id % 3 = 0");
            handle.execute("update interaction set journey = null where contact_id % 2 = 0");
        });

        assertSame(Range.ALL);
        folding.foldSome();
        assertSame(Range.ALL);
    }

    private Range range() {
        var from = instant();
        var to = instant();
        return switch (random.nextInt(4)) {
            case 0 -> new Range(2, null, null);
            case 1 -> new Range(null, from, null);
            case 2 -> new Range(random.nextBoolean() ? 1 : null, null, to);
            default ->
                from.isBefore(to) ? new Range(null, from, to) : new Range(null, to, from.plus(1, ChronoUnit.MICROS));
        };
    }

    /** Of a run or between, on the hour or not; also within one hour of another. */
    private Instant instant() {
        var any = walk.start.plus(Duration.ofMinutes(random.nextInt(60 * 24 * 40)));
        var entered = database.jdbi()
                .withHandle(handle -> handle.select(
                                "select entered_at from run order by md5(id::text || ?) limit 1", step())
                        .mapTo(Instant.class)
                        .findOne()
                        .orElse(any));
        return switch (random.nextInt(4)) {
            case 0 -> any;
            case 1 -> any.truncatedTo(ChronoUnit.HOURS);
            case 2 -> entered;
            default -> entered.plus(Duration.ofMinutes(10));
        };
    }

    private String step() {
        return String.valueOf(random.nextInt());
    }

    private void assertSame(Range range) {
        for (var contacts : new boolean[] {false, true}) {
            assertThat(count(range, contacts))
                    .as("%s, contacts=%s", range, contacts)
                    .isEqualTo(moment(
                            handle -> Counting.ofRows(handle, JourneyRow.read(handle, RandomWalk.KEY), range, contacts)
                                    .journey()));
        }
    }

    private JourneyFigures count(Range range, boolean contacts) {
        return moment(
                handle -> new Counting(handle, JourneyRow.read(handle, RandomWalk.KEY), range, contacts).journey());
    }

    private JourneyFigures moment(Function<Handle, JourneyFigures> look) {
        return database.jdbi().inTransaction(TransactionIsolationLevel.REPEATABLE_READ, look::apply);
    }

    private long one(String sql) {
        return database.jdbi()
                .withHandle(handle -> handle.select(sql).mapTo(Long.class).one());
    }
}
