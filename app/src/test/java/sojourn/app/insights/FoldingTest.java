package sojourn.app.insights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.concurrent.CompletableFuture;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.platform.Migrations;
import sojourn.testing.Database;
import sojourn.testing.Eventually;

/** Whatever happens to whoever folds, figures are what rows say. */
class FoldingTest {

    private static final int HELD = 4711;

    /** Somebody in this test's database who waits for an advisory lock. */
    private static final String WAITING = """
            from pg_locks
            where not granted and locktype = 'advisory'
              and database = (select oid from pg_database where datname = current_database())
            """;

    @RegisterExtension
    final Database database = new Database();

    private RandomWalk walk;
    private Folding folding;

    @BeforeEach
    void walkAWhile() {
        walk = new RandomWalk(database.jdbi(), 11);
        folding = new Folding(database.jdbi());
        walk(150);
        database.jdbi().useHandle(handle -> {
            handle.execute("""
                    create function hold() returns trigger language plpgsql as
                    $$begin perform pg_advisory_xact_lock_shared(%d); return new; end$$
                    """.formatted(HELD));
            handle.execute("create trigger hold before insert on figure_day for each row execute function hold()");
        });
    }

    @Test
    void whoever_is_killed_midway_has_folded_nothing() {
        var noted = one("select count(*) from figure_delta");

        try (var holder = database.jdbi().open()) {
            hold(holder);
            var killed = foldHeld();
            assertSame();
            assertThat(one("select count(pg_terminate_backend(pid)) " + WAITING))
                    .isOne();
            assertThatThrownBy(killed::join).hasMessageContaining("terminat");
            holder.rollback();
        }

        assertThat(one("select count(*) from figure_delta")).isEqualTo(noted).isPositive();
        assertSame();
        assertThat(folding.foldSome()).isFalse();
        assertThat(one("select count(*) from figure_delta")).isZero();
        assertSame();
    }

    @Test
    void one_folds_at_a_time_and_nobody_waits_for_that() {
        try (var holder = database.jdbi().open()) {
            hold(holder);
            var held = foldHeld();

            assertThat(new Folding(database.jdbi()).foldSome()).isFalse();
            walk(50);
            assertSame();

            holder.rollback();
            held.join();
        }
        assertSame();
        folding.foldSome();
        assertThat(one("select count(*) from figure_delta")).isZero();
        assertSame();
    }

    @Test
    void an_installation_that_had_no_sums_has_them_of_all_there_was() {
        var since = one("""
                select count(*) from databasechangelog where orderexecuted >=
                    (select orderexecuted from databasechangelog where id = 'insights-001')
                """);
        Migrations.rollback(database.jdbi(), (int) since);
        Migrations.apply(database.jdbi());

        assertThat(one("select sum(n) from figure_sum where source = 'visit'"))
                .isEqualTo(one("select count(*) from tile_visit"))
                .isEqualTo(one("select sum(n) from figure_day where source = 'visit'"));
        folding.foldSome();
        assertSame();
        walk(50);
        assertSame();
    }

    @Test
    void hours_and_days_are_the_same_sums() {
        for (var round = 0; round < 5; round++) {
            walk(20);
            folding.foldSome();
        }
        assertThat(one("""
                        select count(*)
                        from (select journey_id, source, version, date_trunc('day', hour, 'UTC'), tile, type, status, outcome, branch,
                                     reason, goal, again, sum(n), sum(times)
                              from figure_sum group by 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12
                              having sum(n) <> 0 or sum(times) <> 0
                              except all
                              select journey_id, source, version, day, tile, type, status, outcome, branch, reason, goal, again, n, times
                              from figure_day) as lacking
                        """)).isZero();
        assertThat(one("select sum(n) from figure_day")).isEqualTo(one("select sum(n) from figure_sum"));
        assertThat(one("select count(*) from figure_day")).isLessThan(one("select count(*) from figure_sum"));
    }

    private void walk(int steps) {
        for (var step = 0; step < steps; step++) {
            walk.step();
        }
    }

    private static void hold(Handle holder) {
        holder.begin();
        holder.select("select pg_advisory_xact_lock(?)", HELD).mapToMap().list();
    }

    /** Somebody who has taken notes and folded hours, and has come to the days. */
    private CompletableFuture<Boolean> foldHeld() {
        var held = CompletableFuture.supplyAsync(folding::foldSome);
        Eventually.holds(() -> one("select count(*) " + WAITING) == 1);
        return held;
    }

    private void assertSame() {
        database.jdbi().useTransaction(TransactionIsolationLevel.REPEATABLE_READ, handle -> {
            var journey = JourneyRow.read(handle, RandomWalk.KEY);
            assertThat(new Counting(handle, journey, Range.ALL, false).journey())
                    .isEqualTo(
                            Counting.ofRows(handle, journey, Range.ALL, false).journey());
        });
    }

    private long one(String sql) {
        return database.jdbi()
                .withHandle(handle -> handle.select(sql).mapTo(Long.class).one());
    }
}
