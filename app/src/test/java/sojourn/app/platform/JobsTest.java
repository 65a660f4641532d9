package sojourn.app.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.Database;

class JobsTest {

    @RegisterExtension
    final Database database = new Database();

    private final List<JobRunner> runners = new ArrayList<>();
    private final List<UUID> ran = new CopyOnWriteArrayList<>();
    private final List<Job> ends = new CopyOnWriteArrayList<>();

    record At(long batch) {}

    record Wanted(int batches, int bad) {}

    @AfterEach
    void stop() throws InterruptedException {
        for (var runner : runners) {
            runner.stop();
        }
    }

    @Test
    void a_job_counts_what_it_does() throws Exception {
        var jobs = jobs(counting(batch -> {}));

        var id = jobs.submit("count", new Wanted(3, 1), null, "test").id();

        var ended = await(id, "succeeded");
        assertThat(ended.done()).isEqualTo(3);
        assertThat(ended.result()).containsExactlyInAnyOrderEntriesOf(Map.of("created", 30L, "rejected", 3L));
        assertThat(ended.problems()).hasSize(3).first().isEqualTo(new JobProblem(0L, "bad", "line 0 is bad"));
        assertThat(ended.problemsTotal()).isEqualTo(3);
        assertThat(ended.endedAt()).isNotNull();
    }

    @Test
    void a_job_that_failed_goes_on_from_its_last_batch() throws Exception {
        var tries = new AtomicInteger();
        var jobs = jobs(counting(batch -> {
            if (batch == 2 && tries.incrementAndGet() == 1) {
                throw new IllegalStateException("not yet");
            }
        }));

        var id = jobs.submit("count", new Wanted(4, 1), null, "test").id();

        assertThat(await(id, "succeeded").result()).containsEntry("created", 40L);
    }

    @Test
    void a_job_that_memory_runs_out_for_stops_no_other() throws Exception {
        var jobs = jobs(counting(batch -> {
            if (batch == 1) {
                throw new OutOfMemoryError("as a test wants it");
            }
        }));
        var greedy = new ArrayList<UUID>();
        for (var number = 0; number < 4; number++) {
            greedy.add(jobs.submit("count", new Wanted(2, 1), null, "test").id());
        }

        var modest = jobs.submit("count", new Wanted(1, 1), null, "test").id();

        assertThat(await(modest, "succeeded").done()).isEqualTo(1);
        for (var id : greedy) {
            assertThat(find(id).done()).isEqualTo(1);
        }
    }

    @Test
    void a_problem_ends_the_job() throws Exception {
        var jobs = jobs(counting(batch -> {
            throw Problem.invalid("/header", "unknown-column", "There is no field `nmae`");
        }));

        var id = jobs.submit("count", new Wanted(1, 1), null, "test").id();

        assertThat(await(id, "failed").problems())
                .containsExactly(new JobProblem(null, "unknown-column", "There is no field `nmae`"));
    }

    @Test
    void the_end_of_a_job_is_told_once_with_all_that_it_did() throws Exception {
        var jobs = jobs(counting(batch -> {
            if (batch == 2) {
                throw Problem.invalid("/row", "unreadable", "The rest cannot be read");
            }
        }));

        var failed = jobs.submit("count", new Wanted(4, 1), null, "test").id();
        await(failed, "failed");
        var done = jobs.submit("count", new Wanted(1, 1), null, "test").id();
        await(done, "succeeded");

        assertThat(ends)
                .extracting(
                        job -> job.id() + " " + job.state() + " " + job.result().get("created"))
                .containsExactly(failed + " failed 20", done + " succeeded 10");
    }

    @Test
    void whoever_dies_between_the_end_of_a_job_and_its_note_leaves_both_to_the_next_try() throws Exception {
        database.jdbi().useHandle(handle -> handle.execute("create table note (job uuid)"));
        var tries = new AtomicInteger();
        var jobs = jobs(new JobKind() {
            @Override
            public String name() {
                return "noted";
            }

            @Override
            public void run(JobRun run) {}

            @Override
            public void ended(Handle handle, JobRun run, Job job) {
                handle.execute("insert into note values (?)", job.id());
                if (tries.incrementAndGet() == 1) {
                    handle.execute("select pg_terminate_backend(pg_backend_pid())");
                }
            }
        });

        var id = jobs.submit("noted", Map.of(), null, "test").id();
        await(id, "succeeded");

        assertThat(tries).hasValue(2);
        assertThat(count("note")).isEqualTo(1);
    }

    @Test
    void another_process_takes_over_when_the_lease_has_run_out() throws Exception {
        var stuck = new CountDownLatch(1);
        var reached = new CountDownLatch(1);
        var first = jobs(counting(batch -> {
            if (batch == 1 && reached.getCount() > 0) {
                reached.countDown();
                stuck.await();
            }
        }));
        var id = first.submit("count", new Wanted(3, 1), null, "test").id();
        reached.await();

        var second = jobs(counting(batch -> {}));
        loseLease(id, "succeeded");
        stuck.countDown();

        var ended = await(id, "succeeded");
        assertThat(second).isNotNull();
        assertThat(ended.result()).containsEntry("created", 30L);
        assertThat(ended.done()).isEqualTo(3);
    }

    @Test
    void a_running_job_can_be_cancelled() throws Exception {
        var jobs = jobs(counting(batch -> Thread.sleep(20)));
        var id = jobs.submit("count", new Wanted(100_000, 1), null, "test").id();
        await(id, "running");

        database.jdbi()
                .useExtension(
                        JobDao.class,
                        dao -> dao.cancel(id, InstantSource.system().instant()));

        assertThat(await(id, "cancelled").done()).isLessThan(100_000);
    }

    @Test
    void an_upload_is_read_back_from_any_place() throws Exception {
        var body = new byte[UploadStream.CHUNK * 2 + 17];
        for (var index = 0; index < body.length; index++) {
            body[index] = (byte) (index % 251);
        }
        var jobs = new Jobs(database.jdbi(), Json.mapper(), InstantSource.system());

        var id = jobs.submit("import", Map.of(), new ByteArrayInputStream(body), "test")
                .id();

        for (var offset : new int[] {0, 5, UploadStream.CHUNK, UploadStream.CHUNK + 3, body.length}) {
            try (var upload = new UploadStream(database.jdbi(), id, offset)) {
                assertThat(upload.readAllBytes()).isEqualTo(Arrays.copyOfRange(body, offset, body.length));
            }
        }
    }

    @Test
    void an_upload_that_breaks_off_leaves_nothing() {
        var jobs = new Jobs(database.jdbi(), Json.mapper(), InstantSource.system());
        var broken =
                new SequenceInputStream(new ByteArrayInputStream(new byte[UploadStream.CHUNK + 1]), new InputStream() {
                    @Override
                    public int read() throws IOException {
                        throw new IOException("connection lost");
                    }

                    @Override
                    public int read(byte[] bytes, int offset, int length) throws IOException {
                        return read();
                    }
                });

        assertThatThrownBy(() -> jobs.submit("import", Map.of(), broken, "test"))
                .isInstanceOf(UncheckedIOException.class);

        assertThat(count("job")).isZero();
        assertThat(count("job_upload")).isZero();
    }

    @Test
    void only_the_first_thousand_problems_are_kept_and_all_are_counted() throws Exception {
        var jobs = jobs(counting(batch -> {}));

        var id = jobs.submit("count", new Wanted(3, 350), null, "test").id();

        var ended = await(id, "succeeded");
        assertThat(ended.problems()).hasSize(1_000);
        assertThat(ended.problemsTotal()).isEqualTo(1_050);
    }

    @Test
    void a_stopped_process_leaves_its_job_to_the_next() throws Exception {
        var jobs = jobs(counting(batch -> Thread.sleep(20)));
        var id = jobs.submit("count", new Wanted(50, 1), null, "test").id();
        await(id, "running");

        runners.getFirst().stop();
        assertThat(find(id).state()).isEqualTo("queued");
        jobs(counting(batch -> {}));

        assertThat(await(id, "succeeded").result()).containsEntry("created", 500L);
    }

    @Test
    void jobs_of_one_name_run_one_after_another_in_the_order_in_which_they_were_accepted() throws Exception {
        var now = new AtomicInteger();
        var most = new AtomicInteger();
        JobKind kind = noting(run -> {
            most.accumulateAndGet(now.incrementAndGet(), Math::max);
            Thread.sleep(5);
            now.decrementAndGet();
        });
        var jobs = jobs(kind);
        jobs(kind);

        var senders = IntStream.range(0, 3)
                .mapToObj(_ -> CompletableFuture.runAsync(() -> {
                    for (var number = 0; number < 8; number++) {
                        jobs.submit("note", null, "line", Map.of(), new ByteArrayInputStream(new byte[3]), "test");
                    }
                }))
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(senders).join();
        var last = jobs.submit("note", null, "line", Map.of(), null, "test").id();

        await(last, "succeeded");
        assertThat(most).hasValue(1);
        assertThat(ran).hasSize(25).isEqualTo(byTurn());
    }

    @Test
    void whoever_waits_for_another_try_is_not_passed_by_younger_ones() throws Exception {
        var tries = new AtomicInteger();
        var kind = noting(run -> {
            if (tries.incrementAndGet() == 1) {
                throw new IllegalStateException("not yet");
            }
        });
        var jobs = jobs(kind);
        jobs(kind);
        var first = serial(jobs);
        while (tries.get() == 0) {
            Thread.sleep(5);
        }
        await(first, "queued");
        var second = serial(jobs);

        var other = jobs.submit("note", null, "another line", Map.of(), null, "test");
        await(other.id(), "succeeded");
        assertThat(find(second).state()).isEqualTo("queued");

        await(second, "succeeded");
        assertThat(ran).containsSubsequence(first, second);
    }

    @Test
    void one_that_failed_or_was_cancelled_lets_the_next_go_on() throws Exception {
        var begun = new CountDownLatch(1);
        var go = new CountDownLatch(1);
        var jobs = jobs(noting(run -> {
            if (begun.getCount() > 0) {
                begun.countDown();
                go.await();
                throw Problem.invalid("", "unfit", "as a test wants it");
            }
        }));
        var failing = serial(jobs);
        begun.await();
        var waiting = serial(jobs);
        var third = serial(jobs);
        database.jdbi()
                .useExtension(
                        JobDao.class,
                        dao -> dao.cancel(waiting, InstantSource.system().instant()));

        go.countDown();

        await(failing, "failed");
        await(third, "succeeded");
        assertThat(find(waiting).state()).isEqualTo("cancelled");
        assertThat(find(waiting).startedAt()).isNull();
    }

    @Test
    void an_upload_that_is_still_coming_in_holds_nobody_up() throws Exception {
        var jobs = jobs(noting(run -> {}));
        var rest = new PipedOutputStream();
        var body = new PipedInputStream(rest);
        var slow = CompletableFuture.supplyAsync(() -> jobs.submit("note", null, "line", Map.of(), body, "test"));
        while (count("job") == 0) {
            Thread.sleep(10);
        }

        var quick = serial(jobs);
        await(quick, "succeeded");
        rest.close();

        await(slow.join().id(), "succeeded");
        assertThat(ran).containsExactly(quick, slow.join().id());
    }

    private UUID serial(Jobs jobs) {
        return jobs.submit("note", null, "line", Map.of(), null, "test").id();
    }

    private List<UUID> byTurn() {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("select id from job order by turn")
                        .mapTo(UUID.class)
                        .list());
    }

    @FunctionalInterface
    private interface Run {
        void run(JobRun run) throws Exception;
    }

    /** Notes which jobs have run. */
    private JobKind noting(Run body) {
        return new JobKind() {
            @Override
            public String name() {
                return "note";
            }

            @Override
            public void run(JobRun run) throws Exception {
                body.run(run);
                ran.add(run.id());
            }
        };
    }

    @FunctionalInterface
    private interface Before {
        void batch(long number) throws Exception;
    }

    /** Works in batches that each create ten things and reject one. */
    private JobKind counting(Before before) {
        return new JobKind() {
            @Override
            public String name() {
                return "count";
            }

            @Override
            public void ended(Handle handle, JobRun run, Job job) {
                ends.add(job);
            }

            @Override
            public void run(JobRun run) throws Exception {
                var batches = run.input(Wanted.class).batches();
                var bad = run.input(Wanted.class).bad();
                var start = run.position(At.class).map(At::batch).orElse(0L);
                for (var batch = start; batch < batches && !run.cancelled(); batch++) {
                    before.batch(batch);
                    var number = batch;
                    Transactions.use(
                            database.jdbi(),
                            handle -> run.progress(
                                    handle,
                                    new At(number + 1),
                                    number + 1,
                                    Map.of("created", 10L, "rejected", 1L),
                                    Collections.nCopies(
                                            bad, new JobProblem(number, "bad", "line " + number + " is bad"))));
                }
            }
        };
    }

    private Jobs jobs(JobKind kind) {
        var jobs = new Jobs(database.jdbi(), Json.mapper(), InstantSource.system());
        jobs.register(kind);
        jobs.runner().start();
        runners.add(jobs.runner());
        return jobs;
    }

    private void loseLease(UUID id, String until) throws InterruptedException {
        for (var attempt = 0; attempt < 500 && !find(id).state().equals(until); attempt++) {
            database.jdbi()
                    .useHandle(handle -> handle.execute(
                            "update job set leased_until = clock_timestamp() - interval '1 second' where attempt = 1"));
            Thread.sleep(20);
        }
    }

    private Job await(UUID id, String state) throws InterruptedException {
        var patience = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!find(id).state().equals(state)) {
            assertThat(System.nanoTime()).as("%s", find(id)).isLessThan(patience);
            Thread.sleep(10);
        }
        return find(id);
    }

    private Job find(UUID id) {
        return database.jdbi()
                .withExtension(JobDao.class, jobs -> jobs.find(id))
                .orElseThrow();
    }

    private int count(String table) {
        return database.jdbi()
                .withHandle(handle -> handle.select("select count(*) from " + table)
                        .mapTo(Integer.class)
                        .one());
    }
}
