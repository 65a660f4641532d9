package sojourn.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.atomic.AtomicBoolean;
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

/** Journeys that begin and end by themselves. */
class ScheduleTest {

    @RegisterExtension
    final Database database = new Database();

    private JourneyWorld world;
    private int lapsed;

    @BeforeEach
    void open() {
        world = new JourneyWorld(database.jdbi(), database.jdbi());
        lapsed = world.segment("lapsed");
    }

    @AfterEach
    void close() {
        world.close();
    }

    private LocalDateTime in(Duration time, ZoneId zone) {
        return LocalDateTime.ofInstant(world.clock.instant().plus(time), zone).truncatedTo(ChronoUnit.SECONDS);
    }

    private Journey scheduled(String zone, Duration start, Duration end) {
        return world.live("advent", """
                {"timeZone": "%s", "audience": {"segments": ["lapsed"]}, "schedule": {"start": "%s", "end": "%s"},
                 "start": "wait", "tiles": {"wait": {"type": "waitFor", "duration": "P90D", "next": null}}}
                """.formatted(zone, in(start, ZoneId.of(zone)), in(end, ZoneId.of(zone))));
    }

    private JourneyState state(Journey journey) {
        return database.jdbi()
                .withExtension(JourneyDao.class, journeys -> journeys.get(journey.number()))
                .state();
    }

    @Test
    void it_begins_and_ends_on_the_clock_of_its_zone_and_its_runs_end_with_it() throws Exception {
        var journey = scheduled("Asia/Tokyo", Duration.ofHours(3), Duration.ofDays(20));
        var ada = world.contact("ada");
        world.joins(ada, lapsed);
        world.pass(Duration.ofHours(2));
        assertThat(state(journey)).isEqualTo(JourneyState.goingLive);
        assertThat(world.runs(journey)).isEmpty();

        world.pass(Duration.ofMinutes(61));
        assertThat(state(journey)).isEqualTo(JourneyState.live);
        assertThat(world.onlyRun(journey).tile()).isEqualTo("wait");
        world.pass(Duration.ofDays(19));
        assertThat(state(journey)).isEqualTo(JourneyState.live);

        world.pass(Duration.ofDays(1));
        world.joins(world.contact("bob"), lapsed);
        world.pass(Duration.ofMinutes(1));
        assertThat(state(journey)).isEqualTo(JourneyState.completed);
        assertThat(world.onlyRun(journey).reason()).isEqualTo("journey-ended");
    }

    @Test
    void whoever_dies_while_a_start_is_judged_leaves_it_to_be_judged_again() throws Exception {
        var journey = scheduled("UTC", Duration.ofHours(3), Duration.ofDays(20));
        world.joins(world.contact("ada"), lapsed);
        world.environment.sleep(Duration.ofHours(4));
        var judged = new AtomicBoolean();

        assertThatThrownBy(
                        () -> new JourneySchedule(dying(judged), world.clock, world.lifecycle, world.iterations).look())
                .hasMessageContaining("killed");
        assertThat(judged).isTrue();
        assertThat(state(journey)).isEqualTo(JourneyState.goingLive);

        world.pass(Duration.ofMinutes(1));
        assertThat(state(journey)).isEqualTo(JourneyState.live);
        assertThat(world.runs(journey)).hasSize(1);
        var starts = database.jdbi()
                .withHandle(handle -> handle.select("select kind from journey_milestone where kind = 'started'")
                        .mapTo(String.class)
                        .list());
        assertThat(starts).hasSize(1);
    }

    /** Loses its connection right before each commit. */
    private Jdbi dying(AtomicBoolean judged) {
        var jdbi = JdbiPlugins.install(Jdbi.create(database.url()), Json.mapper());
        jdbi.setTransactionHandler(new DelegatingTransactionHandler(LocalTransactionHandler.binding()) {
            @Override
            public void commit(Handle handle) {
                judged.compareAndSet(
                        false,
                        handle.select("select state = 'live' from journey where key = 'advent'")
                                .mapTo(Boolean.class)
                                .one());
                handle.rollback();
                throw new IllegalStateException("killed");
            }
        });
        return jdbi;
    }

    @Test
    void the_end_comes_in_a_pause_too() throws Exception {
        var journey = scheduled("UTC", Duration.ofHours(-1), Duration.ofDays(2));
        world.joins(world.contact("ada"), lapsed);
        world.pass(Duration.ofMinutes(1));
        world.lifecycle.pause("advent", PausedWaits.hold, null, Deed.by("test"));

        world.pass(Duration.ofDays(3));
        world.pass(Duration.ofMinutes(1));

        assertThat(state(journey)).isEqualTo(JourneyState.completed);
        assertThat(world.onlyRun(journey).reason()).isEqualTo("journey-ended");
    }

    @Test
    void who_is_inside_while_an_edit_waits_for_its_start_is_still_heard_of() throws Exception {
        var quiet = world.segment("quiet");
        var journey = world.live("advent", """
                {"audience": {"segments": ["lapsed"]}, "suppressionSegment": "quiet", "start": "wait",
                 "tiles": {"wait": {"type": "waitFor", "duration": "P90D", "next": null}}}
                """);
        var ada = world.contact("ada");
        world.joins(ada, lapsed);
        world.pass(Duration.ofMinutes(1));
        world.edit(journey, """
                {"audience": {"segments": ["lapsed"]}, "suppressionSegment": "quiet", "schedule": {"start": "%s"},
                 "start": "wait", "tiles": {"wait": {"type": "waitFor", "duration": "P80D", "next": null}}}
                """.formatted(in(Duration.ofDays(9), ZoneId.of("UTC"))));
        assertThat(state(journey)).isEqualTo(JourneyState.goingLive);

        world.joins(ada, quiet);
        world.pass(Duration.ofMinutes(1));

        assertThat(world.onlyRun(journey).reason()).isEqualTo("suppression-segment");
    }

    @Test
    void what_is_gone_when_the_start_comes_is_said_and_can_be_mended() throws Exception {
        var journey = scheduled("UTC", Duration.ofDays(2), Duration.ofDays(20));
        var ada = world.contact("ada");
        world.joins(ada, lapsed);
        segmentIs("stopped");

        world.pass(Duration.ofDays(3));

        var failed = database.jdbi().withExtension(JourneyDao.class, journeys -> journeys.get(journey.number()));
        assertThat(failed.state()).isEqualTo(JourneyState.error);
        assertThat(failed.cause()).contains("lapsed").contains("stopped");
        assertThat(world.runs(journey)).isEmpty();

        segmentIs("live");
        world.lifecycle.goLive("advent", InFlight.KEPT, null, Deed.by("test"));
        world.pass(Duration.ofMinutes(1));
        assertThat(state(journey)).isEqualTo(JourneyState.live);
        assertThat(world.runs(journey)).hasSize(1);
    }

    private void segmentIs(String state) {
        database.jdbi().useHandle(handle -> handle.execute("update segment set state = ? where id = ?", state, lapsed));
    }

    @Test
    void one_that_has_not_begun_can_be_changed_and_stopped() throws Exception {
        var journey = scheduled("UTC", Duration.ofDays(3), Duration.ofDays(5));

        world.lifecycle.beginStop("advent", null, Deed.by("test"));
        world.pass(Duration.ofMinutes(1));

        assertThat(state(journey)).isEqualTo(JourneyState.stopped);
    }
}
