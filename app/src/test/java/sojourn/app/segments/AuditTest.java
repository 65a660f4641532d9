package sojourn.app.segments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.Database;

/** Audits look at all segments that are due together, hold nobody up, and find exactly what is wrong. */
class AuditTest {

    private static final String READING_MEMBERS = "from (select contact_id from membership where segment_id";

    @RegisterExtension
    static final Database database = new Database();

    private static final String ADULTS = "PROFILE(contact).FILTER(age >= 18)";
    private static final String BOUGHT = "INTERACTION(Purchase).HAVING(COUNT() > 0, DAYS(30))";
    private static final Map<String, String> SEGMENTS = Map.of(
            "adults",
            ADULTS,
            "buyers",
            BOUGHT,
            "adult-buyers",
            ADULTS + " INTERSECT " + BOUGHT,
            "young-or-buying",
            "(PROFILE(contact) EXCEPT " + ADULTS + ") UNION " + BOUGHT,
            "many",
            "INTERACTION(Purchase).HAVING(COUNT() >= 2, DAYS(7))");

    private Engine engine;

    @BeforeEach
    void live() {
        engine = new Engine(database.jdbi());
        for (var age = 10; age < 30; age++) {
            var contact = engine.contact(age);
            for (var n = 0; n < age % 4; n++) {
                engine.purchase(contact, engine.now.minus(Duration.ofDays(1 + n * 5L)), 10);
            }
        }
        engine.settle();
        SEGMENTS.forEach(engine::live);
    }

    @Test
    void one_audit_settles_all_that_are_due_and_finds_nothing_where_nothing_is_wrong() {
        engine.at(engine.now.plusSeconds(86_400));

        engine.full.runIfDue("adults");

        for (var key : SEGMENTS.keySet()) {
            var last = engine.lastEvaluation(key);
            assertThat(last.kind()).isEqualTo("full");
            assertThat(last.at()).isEqualTo(engine.now);
            assertThat(last.joined() + last.left() + last.drift()).isZero();
            assertThat(last.size()).isEqualTo(engine.members(key).size());
            assertThat(engine.get(key).nextEvaluationAt()).isAfter(engine.now);
        }
    }

    @Test
    void whoever_was_put_wrong_is_repaired_segment_by_segment_and_announced() {
        var right = members();
        database.jdbi().useHandle(handle -> {
            handle.execute("delete from membership where contact_id % 3 = 0");
            handle.execute("""
                    insert into membership (segment_id, contact_id, joined_at)
                    select s.id, c.id, now() from segment s cross join contact c where c.id % 5 = 0
                    on conflict do nothing
                    """);
            handle.execute("delete from membership_change");
        });
        var wrong = members();
        engine.now = engine.now.plusSeconds(3600);
        database.jdbi().useHandle(handle -> handle.execute("update segment set next_evaluation_at = ?", engine.now));

        engine.full.runIfDue("buyers");

        assertThat(members()).isEqualTo(right);
        for (var key : SEGMENTS.keySet()) {
            var joined = new ArrayList<>(right.getOrDefault(key, List.of()));
            joined.removeAll(wrong.getOrDefault(key, List.of()));
            var left = new ArrayList<>(wrong.getOrDefault(key, List.of()));
            left.removeAll(right.getOrDefault(key, List.of()));
            var last = engine.lastEvaluation(key);
            assertThat(List.of(last.joined(), last.left())).as(key).containsExactly((long) joined.size(), (long)
                    left.size());
            assertThat(last.drift()).as(key).isEqualTo(joined.size() + left.size());
            assertThat(last.size()).as(key).isEqualTo(engine.members(key).size());
        }
    }

    @Test
    void a_query_that_is_not_understood_any_more_ends_its_segment_alone() {
        database.jdbi()
                .useHandle(handle -> handle.execute(
                        "update segment set query = 'PROFILE(contact).FILTER(gone == 1)' where key = 'many'"));
        engine.now = engine.now.plusSeconds(86_400);

        engine.full.runIfDue("adults");

        assertThat(engine.get("many").state()).isEqualTo(SegmentState.ERROR);
        assertThat(engine.get("many").cause()).contains("gone");
        assertThat(engine.lastEvaluation("buyers").kind()).isEqualTo("full");
    }

    @Test
    void of_two_audits_at_once_the_second_leaves_the_segments_to_the_first_and_changes_are_not_held_up()
            throws Exception {
        engine.now = engine.now.plusSeconds(86_400);
        var looking = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        database.jdbi().setSqlLogger(stoppingAt(READING_MEMBERS, looking, go));

        var first = CompletableFuture.runAsync(() -> engine.full.runIfDue("adults"));
        assertThat(looking.await(20, TimeUnit.SECONDS)).isTrue();
        database.jdbi().setSqlLogger(SqlLogger.NOP_SQL_LOGGER);
        var otherProcess = new Engine(database.jdbi());
        otherProcess.now = engine.now;
        assertThat(otherProcess.full.runIfDue("buyers"))
                .as("settled in another process")
                .isFalse();
        assertThat(engine.full.runIfDue("buyers")).as("settled in this one").isFalse();
        var grown = engine.contact(40);
        engine.settle();
        assertThat(engine.members("adults")).contains(grown);
        go.countDown();
        first.get(30, TimeUnit.SECONDS);

        assertThat(engine.full.runIfDue("buyers")).isTrue();
        assertThat(evaluations("buyers")).isEqualTo(2);
        assertThat(engine.members("adults")).contains(grown);
        assertThat(engine.lastEvaluation("adults").drift()).isZero();
    }

    @Test
    void what_cannot_be_settled_for_one_is_settled_for_the_others_and_stays_due() {
        engine.now = engine.now.plusSeconds(86_400);
        var wrong = engine.members("adults").iterator().next();
        database.jdbi().useHandle(handle -> handle.execute("delete from membership where contact_id = ?", wrong));
        var once = new AtomicBoolean(true);
        database.jdbi().setSqlLogger(new SqlLogger() {
            @Override
            public void logBeforeExecution(StatementContext context) {
                if (String.valueOf(context.getRenderedSql()).contains("insert into evaluation")
                        && once.getAndSet(false)) {
                    throw new IllegalStateException("the connection is gone");
                }
            }
        });

        assertThatThrownBy(() -> engine.full.runIfDue("adults")).hasMessageContaining("the connection is gone");
        database.jdbi().setSqlLogger(SqlLogger.NOP_SQL_LOGGER);

        var settled =
                SEGMENTS.keySet().stream().filter(key -> evaluations(key) == 2).toList();
        assertThat(settled).hasSize(SEGMENTS.size() - 1);
        SEGMENTS.keySet().forEach(engine.full::runIfDue);
        assertThat(SEGMENTS.keySet())
                .allSatisfy(key -> assertThat(evaluations(key)).isEqualTo(2));
        assertThat(engine.members("adults")).contains(wrong);
    }

    private int evaluations(String key) {
        return database.jdbi()
                .withHandle(handle -> SegmentReadings.evaluations(
                                handle, engine.get(key).id(), null, 100)
                        .items()
                        .size());
    }

    private Map<String, List<Long>> members() {
        var members = new TreeMap<String, List<Long>>();
        SEGMENTS.keySet().forEach(key -> members.put(key, List.copyOf(engine.members(key))));
        return members;
    }

    private static SqlLogger stoppingAt(String statement, CountDownLatch reached, CountDownLatch go) {
        return new SqlLogger() {
            @Override
            public void logBeforeExecution(StatementContext context) {
                if (String.valueOf(context.getRenderedSql()).contains(statement) && reached.getCount() > 0) {
                    reached.countDown();
                    try {
                        go.await(20, TimeUnit.SECONDS);
                    } catch (InterruptedException stopped) {
                        Thread.currentThread().interrupt();
                    }
                }
            }
        };
    }
}
