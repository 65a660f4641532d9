package sojourn.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.delivery.Passages.VisitEnd;
import sojourn.app.journeys.Interventions.Action;
import sojourn.app.journeys.Interventions.Wish;
import sojourn.app.platform.Problem;
import sojourn.app.platform.Transactions;
import sojourn.app.security.Deed;
import sojourn.testing.Database;

/** Runs that operators help on, on the time-skipping server. */
class InterventionsTest {

    private static final String DOCUMENT = """
            {"audience": {"segments": ["lapsed"]}, "start": "wait",
             "tiles": {
               "wait": {"type": "waitFor", "duration": "P5D", "next": "seen"},
               "seen": {"type": "ifThen", "timeLimit": "P9D", "otherwise": "remind", "branches": [
                 {"name": "yes", "when": [{"interaction": {"type": "WebsiteVisited"}}], "next": null}]},
               "remind": {"type": "email", "message": "we-miss-you", "next": "last"},
               "last": {"type": "waitFor", "duration": "P1D", "next": null}}}
            """;

    @RegisterExtension
    final Database database = new Database();

    private JourneyWorld world;
    private Journey journey;
    private long ada;

    @BeforeEach
    void enter() throws Exception {
        world = new JourneyWorld(database.jdbi(), database.jdbi());
        var lapsed = world.segment("lapsed");
        world.message("we-miss-you");
        journey = world.live("win-back", DOCUMENT);
        ada = world.contact("ada");
        world.joins(ada, lapsed);
        world.pass(Duration.ofMinutes(1));
    }

    @AfterEach
    void close() {
        world.close();
    }

    private UUID run() {
        return world.onlyRun(journey).id();
    }

    private void apply(Action action, String to) throws Exception {
        Transactions.use(
                database.jdbi(),
                handle -> world.interventions.apply(handle, run(), new Wish(action, to, Deed.by("op"), null), null));
        world.pass(Duration.ofSeconds(1));
    }

    @Test
    void waits_are_ended_one_by_one_and_the_path_says_by_whom() throws Exception {
        apply(Action.skipWait, "");
        assertThat(world.onlyRun(journey).tile()).isEqualTo("seen");
        apply(Action.skipWait, "");

        assertThat(world.sent).containsExactly("we-miss-you to " + ada);
        assertThat(world.onlyRun(journey).tile()).isEqualTo("last");
        assertThat(world.onlyRun(journey).path())
                .extracting(Run.Step::outcome)
                .containsExactly("skipped", "skipped", "sent", null);
        assertThat(world.onlyRun(journey).path().get(1).branch()).isEqualTo("no");
        assertThat(world.onlyRun(journey).path().getFirst().why()).contains("by op");
    }

    @Test
    void a_run_that_is_moved_goes_on_from_there_and_the_old_wait_wakes_nobody() throws Exception {
        apply(Action.move, "last");
        assertThat(world.onlyRun(journey).tile()).isEqualTo("last");
        apply(Action.move, "wait");
        var until = world.onlyRun(journey).until();
        world.pass(Duration.ofDays(2));

        assertThat(world.onlyRun(journey).until()).isEqualTo(until);
        assertThat(world.onlyRun(journey).path()).extracting(Run.Step::tile).containsExactly("wait", "last", "wait");
        assertThat(world.onlyRun(journey).path().getLast().pass()).isEqualTo(2);
        var left = database.jdbi()
                .withHandle(handle -> handle.select(
                                "select status || ' ' || outcome || ' ' || reason from tile_visit where left_at is not null")
                        .mapTo(String.class)
                        .list());
        assertThat(left).as("neither was done").containsExactly("stopped moved moved", "stopped moved moved");
        world.pass(Duration.ofDays(4));
        assertThat(world.onlyRun(journey).tile()).isEqualTo("seen");
    }

    @Test
    void a_failed_run_is_opened_again_and_comes_to_its_end() throws Exception {
        world.end = new VisitEnd.Failed("message-not-live");
        apply(Action.move, "remind");
        assertThat(world.onlyRun(journey).status()).isEqualTo(RunStatus.failed);

        world.end = new VisitEnd.Processed("sent", null);
        apply(Action.retry, "");
        assertThat(world.onlyRun(journey).tile()).isEqualTo("last");
        world.pass(Duration.ofDays(2));

        assertThat(world.onlyRun(journey).status()).isEqualTo(RunStatus.completed);
        var open = sum("JourneyEntered", "JourneyCompleted", "JourneyFailed");
        assertThat(open).as("entered, failed, opened again, completed").isZero();
        var failed = sum("JourneyFailed");
        assertThat(failed).as("nobody has failed any more").isZero();
    }

    /** Of {@code delta} over all interactions of some types. */
    private int sum(String... types) {
        return database.jdbi()
                .withHandle(handle ->
                        handle.select("""
                        select sum((i.properties ->> 'delta')::int)
                        from interaction i join interaction_type t on t.id = i.type_id where t.key = any(?)
                        """, (Object) types).mapTo(Integer.class).one());
    }

    @Test
    void a_run_that_fails_again_has_failed_again() throws Exception {
        world.end = new VisitEnd.Failed("message-not-live");
        apply(Action.move, "remind");
        apply(Action.retry, "");

        assertThat(world.onlyRun(journey).status()).isEqualTo(RunStatus.failed);
        var failed = sum("JourneyFailed");
        assertThat(failed).isEqualTo(-1);
    }

    @Test
    void what_does_not_fit_is_refused_with_the_reason() throws Exception {
        assertThatThrownBy(() -> apply(Action.move, "lost"))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("did you mean `last`");
        assertThatThrownBy(() -> apply(Action.retry, ""))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("is active");
        world.does(ada, "WebsiteVisited", Map.of());
        apply(Action.skipWait, "");
        assertThat(world.onlyRun(journey).status()).isEqualTo(RunStatus.completed);

        assertThatThrownBy(() -> apply(Action.move, "last"))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("is completed");
        assertThatThrownBy(() -> apply(Action.skipWait, ""))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("is completed");
    }
}
