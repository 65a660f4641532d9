package sojourn.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.assertj.core.groups.Tuple;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.DelegatingTransactionHandler;
import org.jdbi.v3.core.transaction.LocalTransactionHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.platform.JdbiPlugins;
import sojourn.app.platform.Json;
import sojourn.app.security.Deed;
import sojourn.testing.Database;

/** What becomes of a journey is kept, with who, when and why; and how far its runs are. */
class MilestonesTest {

    private static final String DOCUMENT = """
            {"audience": {"segments": ["lapsed"]}, "start": "wait",
             "tiles": {"wait": {"type": "waitFor", "duration": "P5D", "next": null}}}
            """;

    @RegisterExtension
    final Database database = new Database();

    private JourneyWorld world;

    @BeforeEach
    void open() {
        world = new JourneyWorld(database.jdbi(), database.jdbi());
        world.segment("lapsed");
    }

    @AfterEach
    void close() {
        world.close();
    }

    private static Deed because(String reason) {
        return new Deed("ada", null, reason);
    }

    private Journey journey(Journey journey) {
        return database.jdbi().withExtension(JourneyDao.class, journeys -> journeys.get(journey.number()));
    }

    private List<Tuple> milestones(Journey journey) {
        return database
                .jdbi()
                .withHandle(handle -> Milestones.page(handle, journey.number(), Long.MAX_VALUE, 100))
                .reversed()
                .stream()
                .map(each -> tuple(each.what(), each.by(), each.version(), each.reason()))
                .toList();
    }

    @Test
    void each_step_of_a_life_is_kept_once() throws Exception {
        var journey = world.live("win-back", DOCUMENT);
        world.lifecycle.change("win-back", JourneyWorld.document(DOCUMENT), "*", because("a typo"));
        world.lifecycle.goLive("win-back", InFlight.KEPT, null, because("it is right now"));
        for (var twice = 0; twice < 2; twice++) {
            world.lifecycle.pause("win-back", PausedWaits.hold, null, because("the shop is down"));
        }
        for (var twice = 0; twice < 2; twice++) {
            world.lifecycle.resume("win-back", null, because("it is up"));
        }
        world.pass(Duration.ofMinutes(1));
        for (var twice = 0; twice < 2; twice++) {
            world.lifecycle.beginStop("win-back", null, because("enough"));
        }
        world.pass(Duration.ofMinutes(1));

        assertThat(milestones(journey))
                .containsExactly(
                        tuple("created", "test", null, null),
                        tuple("live", "test", 1, null),
                        tuple("edited", "ada", 1, "a typo"),
                        tuple("live", "ada", 2, "it is right now"),
                        tuple("paused", "ada", 2, "the shop is down"),
                        tuple("resuming", "ada", 2, "it is up"),
                        tuple("resumed", "sojourn", 2, null),
                        tuple("stopping", "ada", 2, "enough"),
                        tuple("stopped", "sojourn", 2, null));
        List<String> noted = database.jdbi()
                .withHandle(handle -> handle.select(
                                "select action from audit_entry where kind = 'journey' and thing = 'win-back' order by id")
                        .mapTo(String.class)
                        .list());
        assertThat(noted)
                .as("what people have done is in the audit log too")
                .containsExactly("created", "live", "edited", "live", "paused", "resuming", "stopping");
    }

    @Test
    void what_its_schedule_does_is_kept() throws Exception {
        var now = LocalDateTime.ofInstant(world.clock.instant(), ZoneOffset.UTC).truncatedTo(ChronoUnit.SECONDS);
        var journey = world.live("advent", """
                {"timeZone": "UTC", "audience": {"segments": ["lapsed"]}, "schedule": {"start": "%s", "end": "%s"},
                 "start": "wait", "tiles": {"wait": {"type": "waitFor", "duration": "P90D", "next": null}}}
                """.formatted(now.plusHours(3), now.plusDays(2)));
        world.pass(Duration.ofHours(4));
        world.pass(Duration.ofDays(2));
        world.pass(Duration.ofMinutes(1));

        assertThat(milestones(journey))
                .containsExactly(
                        tuple("created", "test", null, null),
                        tuple("live", "test", 1, null),
                        tuple("started", "sojourn", 1, null),
                        tuple("completing", "sojourn", 1, null),
                        tuple("completed", "sojourn", 1, null));
    }

    @Test
    void a_step_that_does_not_come_to_pass_leaves_no_milestone() {
        var journey = world.live("win-back", DOCUMENT);
        var dying = JdbiPlugins.install(Jdbi.create(database.url()), Json.mapper());
        dying.setTransactionHandler(new DelegatingTransactionHandler(LocalTransactionHandler.binding()) {
            @Override
            public void commit(Handle handle) {
                throw new IllegalStateException("died");
            }
        });
        world.lifecycle.beginStop("win-back", null, because("enough"));

        assertThatThrownBy(() -> new JourneyStop(dying, world.clock, world.steps).endSomeOfAny())
                .hasMessage("died");
        assertThat(milestones(journey)).last().isEqualTo(tuple("stopping", "ada", 1, "enough"));
        new JourneyStop(database.jdbi(), world.clock, world.steps).endSomeOfAny();

        assertThat(milestones(journey)).last().isEqualTo(tuple("stopped", "sojourn", 1, null));
    }

    @Test
    void a_deleted_draft_takes_its_milestones_along() {
        world.lifecycle.create(new NewJourney("draft", JourneyWorld.document(DOCUMENT)), because("a try"));
        world.lifecycle.delete("draft", null, because("no good"));
        var again = world.lifecycle.create(new NewJourney("draft", JourneyWorld.document(DOCUMENT)), because("anew"));

        assertThat(milestones(again)).containsExactly(tuple("created", "ada", null, "anew"));
    }

    /** Runs that wait at the first tile, without workflows. */
    private void waiting(Journey journey, int count) {
        var now = world.clock.instant();
        database.jdbi()
                .useHandle(handle -> handle.createUpdate("""
                        with made as (insert into contact (external_id, created_at, updated_at)
                                      select 'w' || n, :now, :now from generate_series(1, :count) n returning id),
                        runs as (insert into run (contact_id, journey_id, version, run_no, status, entered_at, entered_by, visit,
                                                  tile, until)
                                 select id, :journey, 1, 1, 'active', :now, 'api', 1, 'wait',
                                        cast(:now as timestamptz) + interval '5 days' from made
                                 returning id, contact_id)
                        insert into tile_visit (run_id, contact_id, no, journey_id, version, tile, type, pass, entered_at, status)
                        select id, contact_id, 1, :journey, 1, 'wait', 'waitFor', 1, :now, 'processing' from runs
                        """)
                        .bind("now", now)
                        .bind("count", count)
                        .bind("journey", journey.number())
                        .execute());
    }

    @Test
    void the_end_of_a_pause_says_how_far_it_is() {
        var journey = world.live("win-back", DOCUMENT);
        waiting(journey, 700);
        world.lifecycle.pause("win-back", PausedWaits.hold, null, because("wait"));
        assertThat(journey(journey).resuming()).isNull();
        world.environment.sleep(Duration.ofHours(1));

        assertThat(world.lifecycle.resume("win-back", null, because("go")).resuming())
                .isEqualTo(new Progress(0, 700));
        var resume = new JourneyResume(database.jdbi(), world.clock, world.iterations);
        resume.resumeSomeOfAny();
        assertThat(journey(journey).resuming()).isEqualTo(new Progress(500, 700));
        resume.resumeSomeOfAny();
        assertThat(journey(journey).resuming()).isEqualTo(new Progress(700, 700));
        resume.resumeSomeOfAny();

        assertThat(journey(journey).state()).isEqualTo(JourneyState.live);
        assertThat(journey(journey).resuming()).isNull();
    }

    @Test
    void a_move_to_a_new_version_says_how_far_it_is() {
        var journey = world.live("win-back", DOCUMENT);
        waiting(journey, 150);
        world.lifecycle.change(
                "win-back", JourneyWorld.document(DOCUMENT.replace("P5D", "P9D")), "*", because("longer"));

        assertThat(world.lifecycle
                        .goLive("win-back", new InFlight(InFlight.Choice.move, null), null, because("now"))
                        .moving())
                .isEqualTo(new Progress(0, 150));
        var moves = new VersionMove(database.jdbi(), world.versions, world.steps);
        moves.moveSomeOfAny();
        assertThat(journey(journey).moving()).isEqualTo(new Progress(100, 150));
        moves.moveSomeOfAny();
        assertThat(journey(journey).moving()).isEqualTo(new Progress(150, 150));
        moves.moveSomeOfAny();

        assertThat(journey(journey).moving()).isNull();
    }
}
