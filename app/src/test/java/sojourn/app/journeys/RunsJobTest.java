package sojourn.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.dropwizard.core.setup.Environment;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.groups.Tuple;
import org.eclipse.jetty.util.component.LifeCycle;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.DelegatingTransactionHandler;
import org.jdbi.v3.core.transaction.LocalTransactionHandler;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.journeys.Interventions.Action;
import sojourn.app.platform.JdbiPlugins;
import sojourn.app.platform.Job;
import sojourn.app.platform.Jobs;
import sojourn.app.platform.Json;
import sojourn.app.platform.Problem;
import sojourn.app.security.Deed;
import sojourn.testing.Answer;
import sojourn.testing.Database;

/** Many runs are helped on by a job, each once, whatever happens to it. */
class RunsJobTest {

    @RegisterExtension
    final Database database = new Database();

    private static final Deed DEED = new Deed("op", null, "the wait was too long");

    /** What happens to the job as it commits for the n-th time: before, or after. */
    private Runnable beforeSecond = () -> {};

    private Runnable afterFirst = () -> {};

    private final AtomicInteger commits = new AtomicInteger();
    private final Environment environment = new Environment("test");
    private JourneyWorld world;
    private Jobs jobs;
    private ManyRuns many;
    private Journey journey;
    private int lapsed;

    @BeforeEach
    void open() {
        world = new JourneyWorld(database.jdbi(), database.jdbi());
        lapsed = world.segment("lapsed");
        journey = world.live("win-back", """
                {"audience": {"segments": ["lapsed"]}, "start": "wait", "tiles": {
                   "wait": {"type": "waitFor", "duration": "P5D", "next": "hold"},
                   "hold": {"type": "waitFor", "duration": "P9D", "next": "last"},
                   "last": {"type": "waitFor", "duration": "P9D", "next": null}}}
                """);
        jobs = new Jobs(database.jdbi(), Json.mapper(), InstantSource.system());
        var watched = watched();
        for (var action : Action.values()) {
            jobs.register(new RunsJob(action, watched, world.interventions, List.of(), world.contacts.changes()));
        }
        jobs.register(environment);
        many = new ManyRuns(database.jdbi(), world.clock, world.contacts.contacts(), world.versions, jobs);
    }

    @AfterEach
    void close() throws Exception {
        for (LifeCycle managed : environment.lifecycle().getManagedObjects()) {
            managed.stop();
        }
        world.close();
    }

    private Jdbi watched() {
        var jdbi = JdbiPlugins.install(Jdbi.create(database.url()), Json.mapper());
        jdbi.setTransactionHandler(new DelegatingTransactionHandler(LocalTransactionHandler.binding()) {
            @Override
            public void commit(Handle handle) {
                var number = commits.incrementAndGet();
                if (number == 2) {
                    beforeSecond.run();
                }
                super.commit(handle);
                if (number == 1) {
                    afterFirst.run();
                }
            }
        });
        return jdbi;
    }

    /** Lets the job begin, and waits for its end. */
    private Job done(Job job) throws Exception {
        for (LifeCycle managed : environment.lifecycle().getManagedObjects()) {
            managed.start();
        }
        var patience = System.nanoTime() + Answer.SOON.toNanos();
        while (!jobs.find(job.id()).orElseThrow().ended()) {
            assertThat(System.nanoTime()).isLessThan(patience);
            Thread.sleep(20);
        }
        return jobs.find(job.id()).orElseThrow();
    }

    private Job submit(Action action, @Nullable String tile, RunFilter where, long expected) {
        return many.submit(journey, new ManyRuns.Wish(action, tile, where, expected, DEED));
    }

    private static RunFilter at(String tile) {
        return new RunFilter(null, tile, null, null, null, null, null, null, null);
    }

    /** Runs that wait at the first tile. */
    private void enter(int count) throws Exception {
        for (var each = 0; each < count; each++) {
            world.joins(world.contact("c" + each), lapsed);
        }
        world.pass(Duration.ofMinutes(1));
        assertThat(world.runs(journey)).hasSize(count).extracting(Run::tile).containsOnly("wait");
    }

    /** Runs that have not begun yet. */
    private void pending(int count) {
        database.jdbi().useHandle(handle -> handle.execute("""
                with made as (insert into contact (external_id, created_at, updated_at)
                              select 'p' || n, now(), now() from generate_series(1, ?) n returning id)
                insert into run (contact_id, journey_id, version, run_no, status, entered_at, entered_by)
                select id, ?, 1, 1, 'pending', now(), 'api' from made
                """, count, journey.number()));
    }

    private List<Tuple> results(Job job) {
        return database.jdbi()
                .withHandle(handle -> handle.select(
                                "select result, count(*) from run_intervention where job_id = ? group by 1 order by 1",
                                job.id())
                        .map((row, _) -> tuple(row.getString(1), row.getInt(2)))
                        .list());
    }

    private int count(String sql, Object... values) {
        return database.jdbi()
                .withHandle(handle ->
                        handle.select(sql, values).mapTo(Integer.class).one());
    }

    private String why(Job job, UUID run) {
        return database.jdbi()
                .withHandle(handle -> handle.select(
                                "select code || ': ' || detail from run_intervention where job_id = ? and run_id = ?",
                                job.id(),
                                run)
                        .mapTo(String.class)
                        .one());
    }

    @Test
    void a_job_that_dies_in_the_middle_ends_each_wait_once() throws Exception {
        enter(120);
        var deaths = new AtomicInteger();
        beforeSecond = () -> {
            deaths.incrementAndGet();
            throw new IllegalStateException("died");
        };

        var job = done(submit(Action.skipWait, null, RunFilter.ALL, 120));
        world.pass(Duration.ofMinutes(1));

        assertThat(deaths.get()).isEqualTo(1);
        assertThat(job.state()).isEqualTo("succeeded");
        assertThat(job.kind()).isEqualTo("runs-skip-wait");
        assertThat(job.done()).isEqualTo(120);
        assertThat(job.total()).isEqualTo(120);
        assertThat(job.result()).isEqualTo(Map.of("done", 120L));
        assertThat(world.runs(journey)).allSatisfy(run -> {
            assertThat(run.tile()).isEqualTo("hold");
            assertThat(run.path()).extracting(Run.Step::outcome).containsExactly("skipped", null);
        });
        assertThat(count("""
                        select count(distinct thing) from audit_entry
                        where kind = 'run' and action = 'wait-skipped' and by = 'op' and reason = 'the wait was too long'
                          and details ->> 'job' = ? and details ->> 'from' = 'wait'
                        """, job.id().toString())).isEqualTo(120);
        assertThat(count("select count(*) from audit_entry where kind = 'run'")).isEqualTo(120);
        assertThat(count("""
                        select (details ->> 'runs')::int from audit_entry where kind = 'journey' and action = 'runs-skip-wait'
                        """)).isEqualTo(120);
    }

    @Test
    void who_has_gone_on_since_it_was_chosen_is_left_alone_where_a_wait_or_a_tile_was_meant() throws Exception {
        enter(2);
        var gone = world.runs(journey).getFirst();
        var stays = world.runs(journey).getLast();
        var skipping = submit(Action.skipWait, null, RunFilter.ALL, 2);
        var moving = submit(Action.move, "last", at("wait"), 2);
        database.jdbi()
                .useTransaction(handle -> world.interventions.apply(
                        handle, gone.id(), new Interventions.Wish(Action.skipWait, null, DEED, null), null));
        world.pass(Duration.ofSeconds(1));

        assertThat(done(skipping).result()).isEqualTo(Map.of("done", 1L, "skipped", 1L));
        assertThat(done(moving).result())
                .as("behind the other job, which has taken both on")
                .isEqualTo(Map.of("skipped", 2L));
        world.pass(Duration.ofSeconds(1));

        assertThat(why(skipping, gone.id())).isEqualTo("wrong-state: The run has gone on since it was chosen");
        assertThat(why(moving, stays.id())).contains("has gone on");
        assertThat(world.runs(journey)).extracting(Run::tile).containsOnly("hold");
        assertThat(jobs.find(skipping.id()).orElseThrow().problems())
                .extracting(problem -> problem.line(), problem -> problem.code())
                .containsExactly(tuple(1L, "wrong-state"));
    }

    @Test
    void all_are_moved_wherever_they_are_by_then_when_no_tile_was_meant() throws Exception {
        enter(2);
        var moving = submit(Action.move, "last", RunFilter.ALL, 5);
        database.jdbi()
                .useTransaction(handle -> world.interventions.apply(
                        handle,
                        world.runs(journey).getFirst().id(),
                        new Interventions.Wish(Action.skipWait, null, DEED, null),
                        null));
        world.pass(Duration.ofSeconds(1));

        assertThat(done(moving).result()).isEqualTo(Map.of("done", 2L));
        world.pass(Duration.ofSeconds(1));

        assertThat(world.runs(journey)).extracting(Run::tile).containsOnly("last");
    }

    @Test
    void one_that_cannot_be_helped_holds_up_no_other_and_stays_as_it_was() throws Exception {
        enter(3);
        var broken = world.runs(journey).get(1);
        database.jdbi().useHandle(handle -> handle.execute("update run set visit = 99 where id = ?", broken.id()));

        var job = done(submit(Action.move, "last", RunFilter.ALL, 3));

        assertThat(job.state()).isEqualTo("succeeded");
        assertThat(job.result()).isEqualTo(Map.of("done", 2L, "failed", 1L));
        assertThat(why(job, broken.id())).startsWith("internal: Something went wrong");
        assertThat(count("select count(*) from audit_entry where kind = 'run'")).isEqualTo(2);
        assertThat(count("select count(*) from run where tile = 'last'")).isEqualTo(2);
    }

    @Test
    void a_job_that_is_cancelled_stops_after_its_batch() throws Exception {
        pending(350);
        var job = submit(Action.stop, null, RunFilter.ALL, 350);
        afterFirst = () -> database.jdbi()
                .useHandle(handle -> handle.execute("update job set cancelling = true where id = ?", job.id()));

        var ended = done(job);

        assertThat(ended.state()).isEqualTo("cancelled");
        assertThat(ended.done()).isEqualTo(200);
        assertThat(results(job)).containsExactly(tuple("done", 200), tuple(null, 150));
        assertThat(count("select count(*) from run where exit_requested = 'removed'"))
                .isEqualTo(200);
    }

    @Test
    void runs_that_end_already_are_skipped_and_failed_ones_are_tried_again() throws Exception {
        enter(3);
        var runs = world.runs(journey).stream().map(Run::id).toList();
        database.jdbi().useTransaction(handle -> {
            for (var run : runs.subList(0, 2)) {
                world.steps.fail(handle, new RunRows(handle).lock(run).orElseThrow(), "message-not-live", List.of());
            }
        });
        var failed = new RunFilter(null, null, 1, "message-not-live", null, "lapsed", null, null, null);
        assertThat(many.count(journey, new ManyRuns.Wish(Action.retry, null, failed, null, DEED)))
                .isEqualTo(2);
        assertThat(many.count(journey, new ManyRuns.Wish(Action.retry, null, RunFilter.ALL, null, DEED)))
                .as("who has not failed is not counted")
                .isEqualTo(2);

        assertThat(done(submit(Action.retry, null, failed, 2)).result()).isEqualTo(Map.of("done", 2L));
        world.pass(Duration.ofMinutes(1));
        assertThat(world.runs(journey)).extracting(Run::status).containsOnly(RunStatus.active);

        var first = submit(Action.stop, null, RunFilter.ALL, 3);
        var second = submit(Action.stop, null, RunFilter.ALL, 3);
        assertThat(done(first).result()).isEqualTo(Map.of("done", 3L));
        assertThat(done(second).result()).isEqualTo(Map.of("skipped", 3L));
        world.pass(Duration.ofMinutes(1));
        assertThat(world.runs(journey)).extracting(Run::reason).containsOnly("removed");
    }

    @Test
    void nobody_is_chosen_by_a_job_that_is_refused() {
        pending(3);

        var refused = catchThrowableOfType(Problem.class, () -> submit(Action.stop, null, RunFilter.ALL, 2));

        assertThat(refused.errors())
                .extracting("pointer", "code")
                .containsExactly(tuple("/expected", "more-than-expected"));
        assertThat(count("select count(*) from job")).isZero();
        assertThat(count("select count(*) from run_intervention")).isZero();
        assertThat(count("select count(*) from audit_entry where action = 'runs-stop'"))
                .isZero();
    }
}
