package sojourn.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;
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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.platform.JdbiPlugins;
import sojourn.app.platform.Job;
import sojourn.app.platform.Jobs;
import sojourn.app.platform.Json;
import sojourn.app.security.Deed;
import sojourn.testing.Answer;
import sojourn.testing.Database;

/** A list of contacts is entered by a job, which says what became of each. */
class ListEntryTest {

    @RegisterExtension
    final Database database = new Database();

    private final AtomicInteger commits = new AtomicInteger();
    private final Environment environment = new Environment("test");
    private JourneyWorld world;
    private Jobs jobs;
    private int lapsed;
    private int staff;

    @BeforeEach
    void open() throws Exception {
        world = new JourneyWorld(database.jdbi(), database.jdbi());
        lapsed = world.segment("lapsed");
        staff = world.segment("staff");
        jobs = new Jobs(database.jdbi(), Json.mapper(), InstantSource.system());
        jobs.register(new ListEntryJob(
                dyingAtTheSecondCommit(),
                world.clock,
                world.contacts.contacts(),
                world.versions,
                world.enrolment,
                List.of()));
        jobs.register(environment);
        for (LifeCycle managed : environment.lifecycle().getManagedObjects()) {
            managed.start();
        }
    }

    @AfterEach
    void close() throws Exception {
        for (LifeCycle managed : environment.lifecycle().getManagedObjects()) {
            managed.stop();
        }
        world.close();
    }

    private Jdbi dyingAtTheSecondCommit() {
        var jdbi = JdbiPlugins.install(Jdbi.create(database.url()), Json.mapper());
        jdbi.setTransactionHandler(new DelegatingTransactionHandler(LocalTransactionHandler.binding()) {
            @Override
            public void commit(Handle handle) {
                if (commits.incrementAndGet() == 2) {
                    throw new IllegalStateException("died");
                }
                super.commit(handle);
            }
        });
        return jdbi;
    }

    private Journey live(String limits) {
        return world.live("invite", """
                {"audience": {"segments": ["lapsed"], "exclude": ["staff"]}, "limits": %s,
                 "exit": {"whenLeavingAudience": true}, "start": "wait",
                 "tiles": {"wait": {"type": "waitFor", "duration": "P9D", "next": null}}}
                """.formatted(limits));
    }

    private Job done(Job job) throws InterruptedException {
        var patience = System.nanoTime() + Answer.SOON.toNanos();
        while (!jobs.find(job.id()).orElseThrow().ended()) {
            assertThat(System.nanoTime()).isLessThan(patience);
            Thread.sleep(20);
        }
        return jobs.find(job.id()).orElseThrow();
    }

    private List<Tuple> results(Job job) {
        return database.jdbi()
                .withHandle(handle -> handle.select(
                                "select contact_id, result from entry_result where job_id = ? order by no", job.id())
                        .map((row, _) -> tuple(row.getObject(1), row.getString(2)))
                        .list());
    }

    @Test
    void each_contact_of_a_list_has_its_fate_whatever_the_audience_is() throws Exception {
        var journey = live("null");
        var ada = world.contact("ada");
        var bob = world.contact("bob");
        var eve = world.contact("eve");
        world.joins(bob, staff);
        world.joins(eve, lapsed);
        world.pass(Duration.ofMinutes(1));

        var job = done(ListEntryJob.submit(
                jobs,
                journey,
                List.of("external:ada", "external:bob", "external:nobody", "external:eve", "external:ada"),
                Deed.by("test")));

        assertThat(results(job))
                .containsExactly(
                        tuple(ada, "entered"),
                        tuple(bob, "excluded"),
                        tuple(null, "unknown-contact"),
                        tuple(eve, "already-entered"),
                        tuple(ada, "repeated"));
        assertThat(job.state()).isEqualTo("succeeded");
        assertThat(job.done()).isEqualTo(5);
        assertThat(job.result())
                .isEqualTo(Map.of(
                        "entered", 1L, "excluded", 1L, "unknown-contact", 1L, "already-entered", 1L, "repeated", 1L));
        assertThat(job.problems()).extracting(problem -> problem.line()).containsExactly(2L, 3L, 4L, 5L);

        world.joins(ada, lapsed);
        world.pass(Duration.ofMinutes(1));
        world.leaves(ada, lapsed);
        world.pass(Duration.ofMinutes(1));
        assertThat(world.reading.page(
                        journey.number(),
                        new RunFilter(RunStatus.active, null, null, null, "external:ada", null, null, null, null),
                        new UUID(0, 0),
                        9))
                .as("leaving the audience does not stop it")
                .hasSize(1);
    }

    @Test
    void a_job_that_was_killed_goes_on_and_lets_everybody_in_once() throws Exception {
        var journey = live("null");
        var guests = world.segment("guests");
        database.jdbi().useHandle(handle -> handle.execute("""
                with made as (insert into contact (external_id, created_at, updated_at)
                              select 'g' || n, now(), now() from generate_series(1, 1203) n returning id)
                insert into membership select ?, id, now() from made
                """, guests));

        var job = done(ListEntryJob.submit(jobs, journey, guests, Deed.by("test")));

        assertThat(commits.get()).isGreaterThan(3);
        assertThat(job.result()).isEqualTo(Map.of("entered", 1203L));
        assertThat(job.total()).isEqualTo(1203);
        assertThat(results(job)).hasSize(1203).doesNotHaveDuplicates();
        int runs = database.jdbi()
                .withHandle(handle -> handle.select("select count(*) from run where entered_by = 'list'")
                        .mapTo(Integer.class)
                        .one());
        assertThat(runs).isEqualTo(1203);
    }

    @Test
    void where_limits_hold_or_in_a_pause_they_wait_in_line() throws Exception {
        var journey = live("null");
        world.contact("ada");
        var bob = world.contact("bob");
        world.joins(bob, staff);
        world.lifecycle.pause("invite", PausedWaits.run, null, Deed.by("test"));

        var job = done(ListEntryJob.submit(jobs, journey, List.of("external:ada", "external:bob"), Deed.by("test")));
        assertThat(job.result()).isEqualTo(Map.of("waiting", 1L, "excluded", 1L));
        world.pass(Duration.ofMinutes(1));
        assertThat(world.runs(journey)).isEmpty();
        world.lifecycle.resume("invite", null, Deed.by("test"));
        world.pass(Duration.ofMinutes(1));

        assertThat(world.onlyRun(journey).externalId()).isEqualTo("ada");
    }

    @Test
    void a_list_longer_than_the_limit_enters_bit_by_bit() throws Exception {
        var journey = live("{\"perHour\": 1}");
        world.contact("ada");
        world.contact("bob");

        var job = done(ListEntryJob.submit(jobs, journey, List.of("external:bob", "external:ada"), Deed.by("test")));

        assertThat(job.result()).isEqualTo(Map.of("waiting", 2L));
        world.pass(Duration.ofMinutes(1));
        assertThat(world.onlyRun(journey).externalId()).isEqualTo("bob");
        world.pass(Duration.ofMinutes(61));
        assertThat(world.runs(journey)).hasSize(2);
    }
}
