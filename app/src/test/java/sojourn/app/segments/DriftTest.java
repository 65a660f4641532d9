package sojourn.app.segments;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.Database;

/** What is told as drift of segments that midnights move, and what is not. */
class DriftTest {

    private static final String BERLIN = "Europe/Berlin";
    private static final String NEW = "PROFILE(contact).FILTER(createdAt WITHIN LAST(3, DAY))";

    @RegisterExtension
    final Database database = new Database();

    private Engine engine;

    @BeforeEach
    void newEngine() {
        engine = new Engine(database.jdbi());
    }

    private long drift(String key) {
        return engine.lastEvaluation(key).drift();
    }

    private void join(String key, long contact) {
        engine.jdbi.useHandle(handle -> handle.execute(
                "insert into membership values (?, ?, now())", engine.get(key).id(), contact));
    }

    private void audit(String key, Instant at) {
        engine.at(at);
        engine.jdbi.useHandle(
                handle -> handle.execute("update segment set next_evaluation_at = ? where key = ?", engine.now, key));
        engine.full.runIfDue(key);
    }

    @Test
    void whoever_a_midnight_moves_has_not_drifted_but_whoever_was_put_wrong_has() {
        engine.now = Engine.START.minus(Duration.ofDays(40));
        var old = engine.contact(70);
        engine.now = Engine.START;
        var ada = engine.contact(30);
        var kim = engine.contact(40);
        engine.settle();
        engine.live("new", NEW, BERLIN);
        assertThat(engine.members("new")).containsExactly(ada, kim);
        engine.jdbi.useHandle(handle -> handle.execute("delete from membership where contact_id = ?", kim));
        join("new", old);

        audit("new", Instant.parse("2026-11-20T23:00:00Z"));
        assertThat(engine.members("new")).containsExactly(ada, kim);
        assertThat(drift("new")).isEqualTo(2);
        assertThat(engine.metrics.counter("segments.drift").getCount()).isEqualTo(2);

        join("new", old);
        audit("new", Instant.parse("2026-11-22T23:00:05Z"));
        assertThat(engine.members("new")).isEmpty();
        assertThat(engine.lastEvaluation("new").left()).isEqualTo(3);
        assertThat(drift("new")).as("the old one alone").isEqualTo(1);
        assertThat(engine.metrics.counter("segments.drift").getCount()).isEqualTo(3);
    }

    @Test
    void between_two_midnights_nobody_is_moved_by_today() {
        var ada = engine.contact(30);
        engine.settle();
        engine.live("new", NEW, BERLIN);
        engine.jdbi.useHandle(handle -> handle.execute("delete from membership"));

        audit("new", Engine.START.plusSeconds(3600));

        assertThat(engine.members("new")).containsExactly(ada);
        assertThat(drift("new")).isEqualTo(1);
    }

    @Test
    void who_came_by_a_window_and_goes_by_a_midnight_was_right_in_between() {
        var ada = engine.contact(30);
        engine.purchase(ada, Engine.START, 1);
        engine.settle();
        engine.live(
                "quiet",
                "PROFILE(contact).FILTER(createdAt WITHIN LAST(1, DAY))"
                        + " EXCEPT INTERACTION(Purchase).HAVING(COUNT() > 0, HOURS(2))",
                BERLIN);
        assertThat(engine.members("quiet")).isEmpty();
        engine.at(Engine.START.plus(Duration.ofHours(2)));
        assertThat(engine.members("quiet")).containsExactly(ada);

        audit("quiet", Instant.parse("2026-11-20T23:00:00Z"));

        assertThat(engine.members("quiet")).isEmpty();
        assertThat(drift("quiet")).isZero();
    }

    @Test
    void after_days_without_an_audit_each_midnight_is_asked_about() {
        engine.live("second-day", "PROFILE(contact).FILTER(DATEADD(DAY, 1, createdAt) WITHIN NEXT(1, DAY))", BERLIN);
        var ada = engine.contact(30);
        engine.settle();
        engine.at(Engine.START.plus(Duration.ofDays(1)));
        engine.setAge(ada, 31);
        engine.settle();
        assertThat(engine.members("second-day")).containsExactly(ada);

        audit("second-day", Engine.START.plus(Duration.ofDays(3)));

        assertThat(engine.members("second-day")).isEmpty();
        assertThat(drift("second-day")).isZero();
    }
}
