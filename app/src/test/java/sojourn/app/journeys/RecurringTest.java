package sojourn.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
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
import sojourn.app.platform.Transactions;
import sojourn.app.security.Deed;
import sojourn.testing.Database;

/** Journeys that let all their members in anew every so often. */
class RecurringTest {

    @RegisterExtension
    final Database database = new Database();

    private JourneyWorld world;
    private int lapsed;
    private long ada;

    @BeforeEach
    void open() {
        world = new JourneyWorld(database.jdbi(), database.jdbi());
        lapsed = world.segment("lapsed");
        world.message("hello");
        ada = world.contact("ada");
        world.joins(ada, lapsed);
    }

    @AfterEach
    void close() {
        world.close();
    }

    private static String document(String interval, int count, String wait) {
        return """
                {"audience": {"segments": ["lapsed"]}, "reentry": {"policy": "recurring", "interval": "%s", "count": %d},
                 "start": "wait", "tiles": {
                   "wait": {"type": "waitFor", "duration": "%s", "next": "mail"},
                   "mail": {"type": "email", "message": "hello", "next": null}}}
                """.formatted(interval, count, wait);
    }

    private List<String> fates(Journey journey) {
        return world.runs(journey).stream()
                .map(run -> run.status() + (run.reason() == null ? "" : " " + run.reason()))
                .toList();
    }

    private Journey read(Journey journey) {
        return database.jdbi().withExtension(JourneyDao.class, journeys -> journeys.get(journey.number()));
    }

    @Test
    void every_interval_all_members_enter_anew_and_who_is_still_inside_is_stopped() throws Exception {
        var journey = world.live("news", document("P7D", 3, "P10D"));
        world.pass(Duration.ofMinutes(1));
        assertThat(fates(journey)).containsExactly("active");

        world.pass(Duration.ofDays(7));
        assertThat(fates(journey)).containsExactly("stopped restarted", "active");
        assertThat(read(journey).iteration()).isEqualTo(2);
        world.pass(Duration.ofDays(7));
        assertThat(fates(journey)).containsExactly("stopped restarted", "stopped restarted", "active");
        assertThat(read(journey).nextIterationAt()).isNull();
        world.pass(Duration.ofDays(40));

        assertThat(fates(journey)).containsExactly("stopped restarted", "stopped restarted", "completed");
        assertThat(world.sent).hasSize(1);
    }

    @Test
    void who_joins_between_iterations_enters_the_present_one_once() throws Exception {
        var journey = world.live("news", document("P7D", 2, "P1D"));
        world.pass(Duration.ofDays(2));
        var bob = world.contact("bob");
        world.joins(bob, lapsed);
        world.pass(Duration.ofDays(2));
        world.leaves(bob, lapsed);
        world.joins(bob, lapsed);
        world.pass(Duration.ofDays(2));
        assertThat(fates(journey)).containsExactly("completed", "completed");

        world.pass(Duration.ofDays(1));
        world.pass(Duration.ofDays(2));

        assertThat(fates(journey)).containsExactly("completed", "completed", "completed", "completed");
    }

    @Test
    void months_count_from_the_start_on_the_clock_of_the_journey() throws Exception {
        var berlin = ZoneId.of("Europe/Berlin");
        var start = LocalDateTime.ofInstant(world.clock.instant(), berlin)
                .plusDays(1)
                .truncatedTo(ChronoUnit.HOURS);
        var journey = world.live("news", """
                {"timeZone": "Europe/Berlin", "audience": {"segments": ["lapsed"]}, "schedule": {"start": "%s"},
                 "reentry": {"policy": "recurring", "interval": "P1M", "count": 12}, "start": "wait",
                 "tiles": {"wait": {"type": "waitFor", "duration": "P1D", "next": null}}}
                """.formatted(start));
        world.pass(Duration.ofHours(1));
        assertThat(world.runs(journey)).isEmpty();

        for (var month = 1; month <= 8; month++) {
            world.pass(Duration.between(
                    world.clock.instant(),
                    start.plusMonths(month).atZone(berlin).toInstant().minusSeconds(60)));
            assertThat(world.runs(journey)).hasSize(month);
            assertThat(read(journey).nextIterationAt())
                    .isEqualTo(start.plusMonths(month).atZone(berlin).toInstant());
        }
    }

    @Test
    void of_those_that_fall_due_in_a_pause_the_latest_begins_at_its_end_and_the_others_are_not_made_up_for()
            throws Exception {
        var journey = world.live("news", document("P7D", 4, "P60D"));
        world.pass(Duration.ofDays(1));
        world.lifecycle.pause("news", PausedWaits.run, null, Deed.by("test"));
        world.pass(Duration.ofDays(15));
        assertThat(fates(journey)).containsExactly("active");

        world.lifecycle.resume("news", null, Deed.by("test"));
        world.pass(Duration.ofMinutes(1));

        assertThat(fates(journey)).containsExactly("stopped restarted", "active");
        assertThat(read(journey).iteration()).isEqualTo(3);
        world.pass(Duration.ofDays(7));
        assertThat(fates(journey)).containsExactly("stopped restarted", "stopped restarted", "active");
    }

    @Test
    void a_new_version_goes_on_with_the_iteration_and_a_new_interval_counts_from_its_beginning() throws Exception {
        var journey = world.live("news", document("P7D", 4, "P60D"));
        var began = Objects.requireNonNull(read(journey).nextIterationAt()).minus(Duration.ofDays(7));
        world.pass(Duration.ofDays(2));
        edit(journey, document("P7D", 5, "P50D"));
        world.pass(Duration.ofDays(1));
        assertThat(fates(journey)).as("the same iteration").containsExactly("active");
        assertThat(read(journey).nextIterationAt()).isEqualTo(began.plus(Duration.ofDays(7)));

        edit(journey, document("P4D", 5, "P50D"));
        assertThat(read(journey).nextIterationAt()).isEqualTo(began.plus(Duration.ofDays(4)));
        world.pass(Duration.ofDays(2));

        assertThat(fates(journey)).containsExactly("stopped restarted", "active");
        assertThat(read(journey).nextIterationAt()).isEqualTo(began.plus(Duration.ofDays(8)));
    }

    private void edit(Journey journey, String document) {
        var now = read(journey);
        world.lifecycle.change(
                now.key(), JourneyWorld.document(document), "\"" + now.revision() + "\"", Deed.by("test"));
        world.lifecycle.goLive(now.key(), InFlight.KEPT, null, Deed.by("test"));
    }

    @Test
    void who_is_inside_a_journey_that_becomes_recurring_is_inside_its_first_iteration() throws Exception {
        var journey = world.live("news", """
                {"audience": {"segments": ["lapsed"]}, "start": "wait",
                 "tiles": {"wait": {"type": "waitFor", "duration": "P60D", "next": null}}}
                """);
        world.pass(Duration.ofDays(1));
        edit(journey, document("P7D", 2, "P60D"));
        world.pass(Duration.ofDays(1));
        assertThat(fates(journey)).containsExactly("active");

        world.pass(Duration.ofDays(7));

        assertThat(fates(journey)).containsExactly("stopped restarted", "active");
    }

    @Test
    void one_that_was_stopped_begins_a_new_series_and_lets_all_in_again() throws Exception {
        var journey = world.live("news", document("P7D", 2, "P60D"));
        world.pass(Duration.ofDays(8));
        world.lifecycle.beginStop("news", null, Deed.by("test"));
        world.pass(Duration.ofMinutes(1));

        edit(journey, document("P7D", 2, "P1D"));
        world.pass(Duration.ofMinutes(1));

        assertThat(fates(journey)).containsExactly("stopped restarted", "stopped journey-stopped", "active");
        assertThat(read(journey).iteration()).isEqualTo(1);
    }

    @Test
    void several_servers_begin_an_iteration_once_and_nobody_enters_it_twice() throws Exception {
        var journey = world.live("news", document("P7D", 3, "P60D"));
        world.pass(Duration.ofMinutes(1));
        var due = Objects.requireNonNull(read(journey).nextIterationAt());

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            IntStream.range(0, 16)
                    .mapToObj(n -> CompletableFuture.runAsync(() -> atOnce(journey, due, n), threads))
                    .toList()
                    .forEach(CompletableFuture::join);
        }

        assertThat(read(journey).iteration()).isEqualTo(2);
        assertThat(iterations(journey)).containsExactly(1, 2);
    }

    /** Some begin the iteration, others let the contact in, as it comes. */
    private void atOnce(Journey journey, Instant due, int n) {
        Transactions.use(database.jdbi(), handle -> {
            if (n % 2 == 0) {
                world.iterations.beginDue(handle, due);
            } else {
                var version = world.versions.get(handle, journey.number(), 1);
                world.enrolment.enter(handle, version, List.of(ada), due, Enrolment.BY_AUDIENCE);
            }
        });
    }

    private List<Integer> iterations(Journey journey) {
        return database.jdbi()
                .withHandle(handle -> handle.select(
                                "select iteration from run where journey_id = ? order by run_no", journey.number())
                        .mapTo(Integer.class)
                        .list());
    }

    @Test
    void whoever_enters_when_an_iteration_is_due_that_nobody_has_begun_yet_is_in_it_and_stays() throws Exception {
        var journey = world.live("news", document("P7D", 3, "P60D"));
        world.pass(Duration.ofMinutes(1));
        var due = Objects.requireNonNull(read(journey).nextIterationAt());

        Transactions.use(database.jdbi(), handle -> {
            var version = world.versions.get(handle, journey.number(), 1);
            world.enrolment.enter(handle, version, List.of(ada), due, Enrolment.BY_API);
        });
        world.pass(Duration.ofDays(7));

        assertThat(fates(journey)).containsExactly("stopped restarted", "active");
    }

    @Test
    void a_crash_at_any_step_of_an_iteration_leaves_nobody_out_and_lets_nobody_in_twice() throws Exception {
        var journey = world.live("news", document("P7D", 3, "P60D"));
        world.pass(Duration.ofMinutes(1));
        var due = Objects.requireNonNull(read(journey).nextIterationAt());
        var dying = dying();

        var begin = new JourneySchedule(dying, () -> due, world.lifecycle, world.iterations);
        assertThatThrownBy(begin::look).hasMessageContaining("died");
        assertThat(read(journey).iteration()).isEqualTo(1);
        new JourneySchedule(database.jdbi(), () -> due, world.lifecycle, world.iterations).look();
        var members = new EntryOfMembers(dying, world.clock, world.versions, world.enrolment);
        assertThatThrownBy(members::enterPage).hasMessageContaining("died");
        var ending = new JourneyIterations(dying, world.versions, world.steps);
        assertThatThrownBy(ending::endSomeOfAny).hasMessageContaining("died");
        assertThat(fates(journey)).containsExactly("active");
        world.pass(Duration.ofMinutes(1));

        assertThat(fates(journey)).containsExactly("stopped restarted", "active");
    }

    /** The same database; whoever changes something over it dies before the commit. */
    private Jdbi dying() {
        var jdbi = JdbiPlugins.install(Jdbi.create(database.url()), Json.mapper());
        jdbi.setTransactionHandler(new DelegatingTransactionHandler(LocalTransactionHandler.binding()) {
            @Override
            public void commit(Handle handle) {
                throw new IllegalStateException("died");
            }
        });
        return jdbi;
    }

    @Test
    void the_run_of_before_sends_nothing_more_though_nobody_has_told_it_to_end() throws Exception {
        var journey = world.live("news", document("P7D", 3, "P7D"));
        world.pass(Duration.ofMinutes(1));
        var run = world.onlyRun(journey);

        Transactions.use(
                database.jdbi(),
                handle -> world.iterations.beginDue(
                        handle, Objects.requireNonNull(read(journey).nextIterationAt())));
        world.advance.advance(run.id(), 1, run.until());

        assertThat(fates(journey)).containsExactly("stopped restarted");
        assertThat(world.sent).isEmpty();
    }
}
