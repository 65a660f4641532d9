package sojourn.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.platform.Problem;
import sojourn.app.security.Deed;
import sojourn.testing.Database;

/** What goes on in a journey that is paused, and what was missed. */
class PauseTest {

    private static final String DOCUMENT = """
            {"audience": {"segments": ["lapsed"]}, "exit": {"interactions": [{"type": "FormSubmitted"}]}, "start": "wait",
             "tiles": {
               "wait": {"type": "waitFor", "duration": "P5D", "next": "seen"},
               "seen": {"type": "ifThen", "timeLimit": "P1D", "otherwise": "remind", "branches": [
                 {"name": "yes", "when": [{"interaction": {"type": "WebsiteVisited"}}], "next": null}]},
               "remind": {"type": "email", "message": "we-miss-you", "next": null}}}
            """;

    @RegisterExtension
    final Database database = new Database();

    private JourneyWorld world;
    private Journey journey;
    private long ada;
    private int lapsed;

    @BeforeEach
    void goLive() throws Exception {
        world = new JourneyWorld(database.jdbi(), database.jdbi());
        lapsed = world.segment("lapsed");
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

    private void pause(PausedWaits waits) {
        world.lifecycle.pause("win-back", waits, null, Deed.by("test"));
    }

    private void resume() throws Exception {
        world.lifecycle.resume("win-back", null, Deed.by("test"));
        world.pass(Duration.ofSeconds(1));
        assertThat(state()).isEqualTo(JourneyState.live);
    }

    private JourneyState state() {
        return state(journey);
    }

    private JourneyState state(Journey one) {
        return database.jdbi()
                .withExtension(JourneyDao.class, journeys -> journeys.get(one.number()))
                .state();
    }

    private Instant until() {
        return Objects.requireNonNull(world.onlyRun(journey).until());
    }

    @Test
    void waits_that_go_on_are_over_at_the_resume_and_nothing_was_sent_before() throws Exception {
        pause(PausedWaits.run);
        world.pass(Duration.ofDays(10));
        assertThat(world.onlyRun(journey)).satisfies(run -> {
            assertThat(run.tile()).isEqualTo("wait");
            assertThat(run.waitingFor()).isEqualTo("the journey to be resumed");
        });

        resume();
        world.pass(Duration.ofDays(2));

        assertThat(world.sent).containsExactly("we-miss-you to " + ada);
        assertThat(world.onlyRun(journey).status()).isEqualTo(RunStatus.completed);
    }

    @Test
    void a_pause_may_be_longer_than_any_timer_of_it() throws Exception {
        pause(PausedWaits.run);
        world.pass(Duration.ofDays(100));
        assertThat(world.onlyRun(journey).waitingFor()).isEqualTo("the journey to be resumed");

        resume();
        world.pass(Duration.ofDays(2));

        assertThat(world.onlyRun(journey).status()).isEqualTo(RunStatus.completed);
    }

    @Test
    void waits_that_stand_still_are_as_much_longer() throws Exception {
        var before = until();
        pause(PausedWaits.hold);
        world.pass(Duration.ofDays(10));

        resume();

        assertThat(Duration.between(before, until()))
                .isBetween(Duration.ofDays(10), Duration.ofDays(10).plusMinutes(5));
        world.pass(Duration.ofDays(4));
        assertThat(world.onlyRun(journey).tile()).isEqualTo("wait");
        world.pass(Duration.ofDays(1));
        assertThat(world.onlyRun(journey).tile()).isEqualTo("seen");
    }

    @Test
    void what_happens_meanwhile_decides_at_the_resume_in_the_order_in_which_it_happened() throws Exception {
        world.pass(Duration.ofDays(5));
        assertThat(world.onlyRun(journey).tile()).isEqualTo("seen");
        pause(PausedWaits.run);
        world.does(ada, "WebsiteVisited", Map.of());
        world.pass(Duration.ofHours(1));
        world.does(ada, "FormSubmitted", Map.of());
        world.pass(Duration.ofHours(1));
        assertThat(world.onlyRun(journey).status()).isEqualTo(RunStatus.active);

        resume();

        assertThat(world.onlyRun(journey).path().getLast().branch()).isEqualTo("yes");
        assertThat(world.onlyRun(journey).status()).isEqualTo(RunStatus.completed);
    }

    @Test
    void what_ends_a_run_ends_it_during_the_pause() throws Exception {
        pause(PausedWaits.run);

        world.does(ada, "FormSubmitted", Map.of());
        world.pass(Duration.ofMinutes(1));

        assertThat(world.onlyRun(journey).reason()).isEqualTo("exit-interaction");
    }

    @Test
    void who_joined_meanwhile_and_is_still_a_member_enters_at_the_resume() throws Exception {
        pause(PausedWaits.run);
        var bob = world.contact("bob");
        var eve = world.contact("eve");
        world.joins(bob, lapsed);
        world.joins(eve, lapsed);
        world.pass(Duration.ofMinutes(1));
        world.leaves(eve, lapsed);
        world.pass(Duration.ofMinutes(1));
        assertThat(world.runs(journey)).hasSize(1);

        resume();

        assertThat(world.runs(journey)).extracting(Run::externalId).containsExactlyInAnyOrder("ada", "bob");
    }

    @Test
    void who_was_there_at_the_go_live_enters_though_the_pause_came_before_everybody_was_let_in() throws Exception {
        var early = world.live("early", DOCUMENT);
        world.lifecycle.pause("early", PausedWaits.run, null, Deed.by("test"));
        world.pass(Duration.ofMinutes(1));
        assertThat(world.runs(early)).isEmpty();

        world.lifecycle.resume("early", null, Deed.by("test"));
        world.pass(Duration.ofSeconds(1));

        assertThat(world.onlyRun(early).tile()).isEqualTo("wait");
    }

    @Test
    void interactions_that_came_in_meanwhile_let_in_at_the_resume_once() throws Exception {
        var carts = carts();
        world.sends(ada, "CartLeft", Map.of("cart", "a"), world.clock.instant());
        world.pass(Duration.ofMinutes(1));
        world.lifecycle.pause("carts", PausedWaits.run, null, Deed.by("test"));
        world.sends(ada, "CartLeft", Map.of("cart", "b"), world.clock.instant());
        world.sends(ada, "CartLeft", Map.of("cart", "c"), world.clock.instant());
        world.pass(Duration.ofMinutes(1));
        assertThat(world.runs(carts)).hasSize(1);

        world.lifecycle.resume("carts", null, Deed.by("test"));
        world.pass(Duration.ofSeconds(1));

        assertThat(world.runs(carts)).hasSize(3);
    }

    @Test
    void an_interaction_that_waits_to_be_looked_at_when_the_pause_comes_lets_in_at_the_resume() throws Exception {
        var carts = carts();
        world.sends(ada, "CartLeft", Map.of("cart", "a"), world.clock.instant());
        world.environment.sleep(Duration.ofMinutes(5));
        world.lifecycle.pause("carts", PausedWaits.run, null, Deed.by("test"));
        world.pass(Duration.ofMinutes(1));
        assertThat(world.runs(carts)).isEmpty();

        world.lifecycle.resume("carts", null, Deed.by("test"));
        world.pass(Duration.ofSeconds(1));

        assertThat(world.runs(carts)).hasSize(1);
    }

    @Test
    void what_was_looked_at_before_a_go_live_or_a_resume_was_there_to_be_seen_lets_in_all_the_same() throws Exception {
        var carts = carts();
        sentAndTaken("a");
        world.pass(Duration.ofMinutes(1));
        assertThat(world.runs(carts)).hasSize(1);

        world.lifecycle.pause("carts", PausedWaits.run, null, Deed.by("test"));
        world.pass(Duration.ofMinutes(5));
        world.lifecycle.resume("carts", null, Deed.by("test"));
        while (state(carts) != JourneyState.live) {
            world.resume.resumeSomeOfAny();
        }
        sentAndTaken("b");
        world.pass(Duration.ofSeconds(1));
        assertThat(world.runs(carts)).hasSize(2);
    }

    /** As by a process that looked for journeys in a snapshot from before the commit. */
    private void sentAndTaken(String cart) {
        world.sends(ada, "CartLeft", Map.of("cart", cart), world.clock.instant());
        database.jdbi().useHandle(handle -> handle.execute("delete from change"));
    }

    private Journey carts() {
        world.type("CartLeft", Map.of("cart", "text"));
        return world.live("carts", """
                {"audience": {"interaction": {"type": "CartLeft"}}, "reentry": {"policy": "always"}, "start": "wait",
                 "tiles": {"wait": {"type": "waitFor", "duration": "P5D", "next": null}}}
                """);
    }

    @Test
    void what_is_mended_in_a_pause_goes_live_in_it_and_counts_from_the_resume_on() throws Exception {
        world.message("sorry");
        pause(PausedWaits.run);
        assertThatThrownBy(() -> world.lifecycle.goLive("win-back", InFlight.KEPT, null, Deed.by("test")))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("resume it");

        world.edit(journey, DOCUMENT.replace("we-miss-you", "sorry"));
        var bob = world.contact("bob");
        world.joins(bob, lapsed);
        world.pass(Duration.ofMinutes(1));
        assertThat(state()).isEqualTo(JourneyState.paused);
        assertThat(world.runs(journey)).hasSize(1);

        resume();
        world.pass(Duration.ofDays(7));

        assertThat(world.sent).containsExactlyInAnyOrder("we-miss-you to " + ada, "sorry to " + bob);
    }

    @Test
    void one_that_is_being_resumed_is_not_said_to_be_paused() throws Exception {
        pause(PausedWaits.hold);
        world.lifecycle.resume("win-back", null, Deed.by("test"));

        assertThatThrownBy(() -> pause(PausedWaits.hold))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("is being resumed");

        world.pass(Duration.ofSeconds(1));
        assertThat(state()).isEqualTo(JourneyState.live);
        pause(PausedWaits.hold);
        assertThat(state()).isEqualTo(JourneyState.paused);
    }

    @Test
    void a_paused_journey_can_be_stopped() throws Exception {
        pause(PausedWaits.hold);

        world.lifecycle.beginStop("win-back", null, Deed.by("test"));
        world.pass(Duration.ofMinutes(1));

        assertThat(world.onlyRun(journey).reason()).isEqualTo("journey-stopped");
        assertThat(state()).isEqualTo(JourneyState.stopped);
    }
}
