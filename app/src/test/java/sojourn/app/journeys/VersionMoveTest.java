package sojourn.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.journeys.InFlight.Choice;
import sojourn.app.platform.Problem;
import sojourn.app.security.Deed;
import sojourn.testing.Database;

/** What an edit does to contacts that are under way. */
class VersionMoveTest {

    private static final String DOCUMENT = """
            {"audience": {"segments": ["lapsed"]}, "start": "wait", "tiles": {
               "wait": {"type": "waitFor", "duration": "%s", "next": %s}%s}}
            """;

    @RegisterExtension
    final Database database = new Database();

    private JourneyWorld world;
    private Journey journey;
    private int lapsed;

    @BeforeEach
    void enter() throws Exception {
        world = new JourneyWorld(database.jdbi(), database.jdbi());
        lapsed = world.segment("lapsed");
        journey = world.live("win-back", DOCUMENT.formatted("P5D", "null", ""));
        world.joins(world.contact("ada"), lapsed);
        world.pass(Duration.ofDays(1));
    }

    @AfterEach
    void close() {
        world.close();
    }

    private void edit(String document, InFlight inFlight) throws Exception {
        database.jdbi()
                .useExtension(
                        JourneyDao.class,
                        journeys -> journeys.saveDraft(
                                journey.number(), JourneyWorld.document(document), world.clock.instant(), "test"));
        world.lifecycle.goLive("win-back", inFlight, null, Deed.by("test"));
        world.pass(Duration.ofSeconds(1));
    }

    @Test
    void who_is_kept_finishes_as_it_entered() throws Exception {
        edit(
                DOCUMENT.formatted("P9D", "\"end\"", ", \"end\": {\"type\": \"end\", \"outcome\": \"new\"}"),
                InFlight.KEPT);

        world.pass(Duration.ofDays(5));

        assertThat(world.onlyRun(journey).version()).isEqualTo(1);
        assertThat(world.onlyRun(journey).outcome()).isEqualTo("completed");
    }

    @Test
    void who_is_moved_stays_at_its_tile_and_its_wait_keeps_its_start() throws Exception {
        var before = world.onlyRun(journey);

        edit(
                DOCUMENT.formatted("P9D", "\"end\"", ", \"end\": {\"type\": \"end\", \"outcome\": \"new\"}"),
                new InFlight(Choice.move, null));

        assertThat(world.onlyRun(journey)).satisfies(run -> {
            assertThat(run.version()).isEqualTo(2);
            assertThat(run.tile()).isEqualTo("wait");
            assertThat(run.since()).isEqualTo(before.since());
            assertThat(Duration.between(run.since(), run.until())).isEqualTo(Duration.ofDays(9));
        });
        world.pass(Duration.ofDays(5));
        assertThat(world.onlyRun(journey).status()).isEqualTo(RunStatus.active);
        world.pass(Duration.ofDays(4));
        assertThat(world.onlyRun(journey).outcome()).isEqualTo("new");
    }

    @Test
    void who_is_moved_keeps_its_deadline_and_what_pauses_have_held_before_and_hold_after() throws Exception {
        holds(Duration.ofDays(2));
        var held = Objects.requireNonNull(world.onlyRun(journey).until());
        assertThat(Duration.between(world.onlyRun(journey).since(), held)).isBetween(days(7), days(7).plusMinutes(5));

        edit(DOCUMENT.formatted("P5D", "null", ""), new InFlight(Choice.move, null));
        assertThat(world.onlyRun(journey).version()).isEqualTo(2);
        assertThat(world.onlyRun(journey).until()).isEqualTo(held);

        holds(Duration.ofDays(1));
        var later = world.onlyRun(journey).until();
        assertThat(Duration.between(held, later)).isBetween(days(1), days(1).plusMinutes(5));

        world.lifecycle.pause("win-back", PausedWaits.hold, null, Deed.by("test"));
        edit(DOCUMENT.formatted("P6D", "null", ""), new InFlight(Choice.move, null));
        world.pass(Duration.ofDays(3));
        world.lifecycle.resume("win-back", null, Deed.by("test"));
        world.pass(Duration.ofSeconds(1));
        assertThat(Duration.between(later, world.onlyRun(journey).until())).isBetween(days(4), days(4).plusMinutes(5));
        world.pass(Duration.ofDays(4));
        assertThat(world.onlyRun(journey).status()).isEqualTo(RunStatus.active);
        world.pass(Duration.ofDays(2));
        assertThat(world.onlyRun(journey).status()).isEqualTo(RunStatus.completed);
    }

    private static Duration days(int days) {
        return Duration.ofDays(days);
    }

    private void holds(Duration time) throws Exception {
        world.lifecycle.pause("win-back", PausedWaits.hold, null, Deed.by("test"));
        world.pass(time);
        world.lifecycle.resume("win-back", null, Deed.by("test"));
        world.pass(Duration.ofSeconds(1));
    }

    @Test
    void a_wait_that_is_over_by_the_new_version_ends_at_once() throws Exception {
        edit(DOCUMENT.formatted("PT2H", "null", ""), new InFlight(Choice.move, null));

        assertThat(world.onlyRun(journey).status()).isEqualTo(RunStatus.completed);
    }

    @Test
    void a_tile_that_is_gone_needs_another_and_one_of_another_type_begins_anew() throws Exception {
        var without = """
                {"audience": {"segments": ["lapsed"]}, "start": "hold", "tiles": {
                   "hold": {"type": "waitFor", "duration": "P3D", "next": null}}}
                """;
        var refused =
                catchThrowableOfType(Problem.class, () -> edit(without, new InFlight(Choice.move, Map.of("x", "y"))));
        assertThat(refused.errors())
                .extracting("pointer", "code")
                .containsExactlyInAnyOrder(
                        tuple("/mapping/wait", "missing-mapping"), tuple("/mapping/x", "unknown-tile"));
        var standing = database.jdbi()
                .withHandle(handle -> Impact.of(handle, journey.number(), JourneyWorld.document(without)));
        assertThat(standing).containsExactly(new Impact.Standing(1, "wait", 1, "finishes", "needs-mapping"));

        edit(without, new InFlight(Choice.move, Map.of("wait", "hold")));
        assertThat(world.onlyRun(journey).tile()).isEqualTo("hold");
        edit("""
                {"audience": {"segments": ["lapsed"]}, "start": "hold", "tiles": {
                   "hold": {"type": "ifThen", "timeLimit": "P2D", "otherwise": null, "branches": [
                     {"name": "yes", "when": [{"interaction": {"type": "WebsiteVisited"}}], "next": null}]}}}
                """, new InFlight(Choice.move, null));

        assertThat(world.onlyRun(journey).path()).extracting(Run.Step::tile).containsExactly("wait", "hold", "hold");
        assertThat(world.onlyRun(journey).version()).isEqualTo(3);
    }
}
