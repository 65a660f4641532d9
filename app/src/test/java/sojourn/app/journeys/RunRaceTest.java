package sojourn.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.DelegatingTransactionHandler;
import org.jdbi.v3.core.transaction.LocalTransactionHandler;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.interactions.OwnInteractions.Own;
import sojourn.app.platform.JdbiPlugins;
import sojourn.app.platform.Json;
import sojourn.testing.Database;
import sojourn.workflows.journeys.Instruction;
import sojourn.workflows.journeys.Next;

/**
 * The race between a run that begins to listen and an interaction that commits, with either side held still right before
 * its commit: whoever commits second sees the other.
 */
class RunRaceTest {

    private static final String JOURNEY = """
            {"audience": {"segments": ["lapsed"]},
             "exit": {"interactions": [{"type": "FormSubmitted"}]},
             "start": "wait",
             "tiles": {
               "wait": {"type": "waitFor", "duration": "PT1H", "next": "opened"},
               "opened": {"type": "ifThen", "timeLimit": "P9D", "since": "run", "otherwise": null, "branches": [
                 {"name": "yes", "when": [{"interaction": {"type": "WebsiteVisited"}}], "next": null}]}}}
            """;

    @RegisterExtension
    final Database database = new Database();

    private final AtomicReference<Runnable> beforeCommit = new AtomicReference<>(() -> {});
    private JourneyWorld world;
    private Journey journey;
    private long ada;
    private int lapsed;

    @BeforeEach
    void goLive() {
        world = new JourneyWorld(database.jdbi(), pausing());
        lapsed = world.segment("lapsed");
        journey = world.live("race", JOURNEY);
        ada = world.contact("ada");
    }

    @AfterEach
    void close() {
        world.close();
    }

    /** What the run is to do, without the words that explain it. */
    private Instruction advance(UUID run, int visit, @Nullable Instant due) {
        return switch (world.advance.advance(run, visit, due)) {
            case Instruction instruction -> instruction;
            case Next.Explained explained -> explained.instruction();
        };
    }

    @Test
    void an_interaction_that_commits_while_a_wait_begins_is_seen_by_the_second_look() throws Exception {
        world.joins(ada, lapsed);
        world.pass(Duration.ofMinutes(1));
        var run = world.onlyRun(journey);

        // The first look has decided to await and holds its commit; the interaction commits and is matched meanwhile.
        once(() -> {
            world.environment.sleep(Duration.ofSeconds(1));
            world.does(ada, "WebsiteVisited", Map.of());
            matched();
        });
        var next = advance(run.id(), 1, run.until());

        assertThat(next).isEqualTo(new Instruction.Finish("completed", "completed"));
    }

    @Test
    void an_interaction_that_commits_after_the_wait_began_wakes_the_run() throws Exception {
        world.joins(ada, lapsed);
        world.pass(Duration.ofHours(1));
        assertThat(world.onlyRun(journey).tile()).isEqualTo("opened");

        var held = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        var sender = CompletableFuture.runAsync(() -> database.jdbi().useTransaction(handle -> {
            record(handle, "WebsiteVisited");
            held.countDown();
            await(go);
        }));
        held.await();
        // A look while the interaction is not committed sees nothing and stays.
        assertThat(advance(world.onlyRun(journey).id(), 2, null)).isInstanceOf(Instruction.Await.class);
        go.countDown();
        sender.join();
        world.pass(Duration.ofSeconds(1));

        assertThat(world.onlyRun(journey).path().getLast().branch()).isEqualTo("yes");
    }

    @Test
    void an_exit_that_commits_while_the_run_is_being_created_ends_it_at_its_first_look() throws Exception {
        world.joins(ada, lapsed);
        // The row is there, the workflow is not; the exit is matched against a run that listens to nothing yet.
        while (world.runs(journey).isEmpty()) {
            world.takeMembership();
        }
        world.does(ada, "FormSubmitted", Map.of());
        matched();
        assertThat(world.onlyRun(journey).status()).isEqualTo(RunStatus.pending);

        world.pass(Duration.ofMinutes(1));

        assertThat(world.onlyRun(journey).reason()).isEqualTo("exit-interaction");
        assertThat(world.onlyRun(journey).path()).isEmpty();
    }

    @Test
    void an_exit_that_commits_while_the_first_look_holds_its_commit_is_seen_by_the_second() throws Exception {
        world.joins(ada, lapsed);
        while (world.runs(journey).isEmpty()) {
            world.takeMembership();
        }
        once(() -> {
            world.does(ada, "FormSubmitted", Map.of());
            matched();
        });

        var next = advance(world.onlyRun(journey).id(), 0, null);

        assertThat(next).isEqualTo(new Instruction.Finish("stopped", "exit-interaction"));
    }

    @Test
    void an_exit_that_commits_while_the_timer_fires_stops_the_run_though_the_timer_came_first() throws Exception {
        world.joins(ada, lapsed);
        world.pass(Duration.ofMinutes(1));
        once(() -> {
            world.does(ada, "FormSubmitted", Map.of());
            matched();
        });

        var next =
                advance(world.onlyRun(journey).id(), 1, world.onlyRun(journey).until());

        assertThat(next).isEqualTo(new Instruction.Finish("stopped", "exit-interaction"));
    }

    @Test
    void the_same_step_taken_by_many_at_once_is_taken_once() throws Exception {
        world.joins(ada, lapsed);
        world.pass(Duration.ofMinutes(1));
        var run = world.onlyRun(journey);

        var all = IntStream.range(0, 8)
                .mapToObj(each -> CompletableFuture.supplyAsync(() -> advance(run.id(), 1, run.until())))
                .toList();

        assertThat(all.stream().map(CompletableFuture::join))
                .allSatisfy(next -> assertThat(next)
                        .isInstanceOfSatisfying(
                                Instruction.Await.class,
                                await -> assertThat(await.visit()).isEqualTo(2)));
        assertThat(world.onlyRun(journey).path()).extracting(Run.Step::tile).containsExactly("wait", "opened");
        int entered = database.jdbi()
                .withHandle(handle -> handle.select("""
                        select count(*) from interaction i join interaction_type t on t.id = i.type_id
                        where t.key = 'TileEntered'
                        """).mapTo(Integer.class).one());
        assertThat(entered).isEqualTo(2);
    }

    private void once(Runnable meanwhile) {
        beforeCommit.set(() -> {
            beforeCommit.set(() -> {});
            // Another thread, as it would be: this one is inside a transaction.
            CompletableFuture.runAsync(meanwhile).join();
        });
    }

    private void matched() {
        world.matchChanges();
    }

    private void record(Handle handle, String type) {
        world.interactions.own().record(handle, List.of(new Own("held", ada, type, world.clock.instant(), Map.of())));
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    private Jdbi pausing() {
        var jdbi = JdbiPlugins.install(Jdbi.create(database.url()), Json.mapper());
        jdbi.setTransactionHandler(new DelegatingTransactionHandler(LocalTransactionHandler.binding()) {
            @Override
            public void commit(Handle handle) {
                beforeCommit.get().run();
                super.commit(handle);
            }
        });
        return jdbi;
    }
}
