package sojourn.app.platform;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.lifecycle.Managed;
import java.security.Principal;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs queued jobs, a few at a time, and those whose process has died. A lease of 20 seconds says that a job is in
 * hand; it is renewed as long as the job runs.
 */
final class JobRunner implements Managed {

    private static final Logger log = LoggerFactory.getLogger(JobRunner.class);
    private static final int AT_ONCE = 2;
    private static final int FAILURES_ALLOWED = 5;
    private static final Duration ENDED_JOBS_STAY = Duration.ofDays(30);

    private final Jdbi jdbi;
    private final JobDao jobs;
    private final ObjectMapper json;
    private final InstantSource clock;
    private final Map<String, JobKind> kinds = new ConcurrentHashMap<>();
    private final Set<JobRun> running = ConcurrentHashMap.newKeySet();
    private final List<Loop> loops;
    private volatile JobCancelling cancelling = (_, _, _, _) -> {};
    private volatile boolean stopping;

    JobRunner(Jdbi jdbi, ObjectMapper json, InstantSource clock) {
        this.jdbi = jdbi;
        this.jobs = jdbi.onDemand(JobDao.class);
        this.json = json;
        this.clock = clock;
        this.loops = new ArrayList<>(IntStream.range(0, AT_ONCE)
                .mapToObj(number -> new Loop("jobs-" + number, Duration.ofSeconds(2), this::runOne))
                .toList());
        loops.add(new Loop("job-leases", Duration.ofSeconds(2), this::renewLeases));
        loops.add(new Loop("job-cleanup", Duration.ofMinutes(1), this::cleanUp));
    }

    void register(JobKind kind) {
        kinds.put(kind.name(), kind);
    }

    void onCancelling(JobCancelling noting) {
        cancelling = noting;
    }

    void kick() {
        loops.forEach(Loop::kick);
    }

    @Override
    public void start() {
        stopping = false;
        loops.forEach(Loop::start);
    }

    /** Jobs stop after the batch they are in and go back to the queue. */
    @Override
    public void stop() throws InterruptedException {
        stopping = true;
        running.forEach(JobRun::cancel);
        for (var loop : loops) {
            loop.stop();
        }
    }

    private boolean runOne() {
        if (stopping || kinds.isEmpty()) {
            return false;
        }
        var claimed = jobs.claim(List.copyOf(kinds.keySet()), clock.instant());
        claimed.ifPresent(job -> run(new JobRun(jdbi, json, job)));
        return claimed.isPresent();
    }

    private void run(JobRun run) {
        var job = run.claimed();
        running.add(run);
        try {
            if (job.cancelling() || stopping) {
                run.cancel();
            }
            var kind = kinds.get(job.kind());
            if (kind != null && !run.cancelled()) {
                kind.run(run);
            }
            finish(run);
        } catch (JobRun.LeaseLost lost) {
            log.info("job {} is with another process now", job.id());
        } catch (Problem problem) {
            end(job, "failed", problems(problem));
        } catch (Throwable failure) {
            // Memory that ran out counts as well, or one job would stop all the others for good.
            retry(job, failure);
        } finally {
            running.remove(run);
        }
    }

    private void finish(JobRun run) {
        var job = run.claimed();
        if (!run.cancelled()) {
            end(job, "succeeded", List.of());
        } else if (jobs.renew(job.id(), job.attempt()).orElse(false)) {
            end(job, "cancelled", List.of());
        } else {
            jobs.release(job.id(), job.attempt(), 0, 0);
        }
    }

    private void retry(ClaimedJob job, Throwable failure) {
        var trace = TraceIds.next();
        if (failure instanceof InterruptedException) {
            jobs.release(job.id(), job.attempt(), 0, 0);
            Thread.currentThread().interrupt();
        } else if (failure instanceof JdbiException || job.failures() + 1 < FAILURES_ALLOWED) {
            log.warn("job {} failed and will be tried again, trace {}", job.id(), trace, failure);
            jobs.release(job.id(), job.attempt(), 1, 2 << Math.min(job.failures(), 6));
        } else {
            log.error("job {} failed for good, trace {}", job.id(), trace, failure);
            end(
                    job,
                    "failed",
                    List.of(new JobProblem(null, "internal", "Something went wrong on our side, trace " + trace)));
        }
    }

    private void end(ClaimedJob job, String state, List<JobProblem> problems) {
        log.info("job {} ({}) {}", job.id(), job.kind(), state);
        Transactions.use(jdbi, handle -> {
            var dao = handle.attach(JobDao.class);
            if (dao.end(job.id(), job.attempt(), state, clock.instant(), write(problems), problems.size())) {
                tell(handle, dao.find(job.id()).orElseThrow());
            }
        });
    }

    /** Lets the kind note the end of a job, which ends even where that fails for another reason than the database. */
    private void tell(Handle handle, Job ended) {
        var kind = kinds.get(ended.kind());
        if (kind == null) {
            return;
        }
        handle.savepoint("telling");
        try {
            var claimed = handle.attach(JobDao.class).asClaimed(ended.id());
            kind.ended(handle, new JobRun(jdbi, json, claimed), ended);
            handle.releaseSavepoint("telling");
        } catch (JdbiException database) {
            throw database;
        } catch (RuntimeException failure) {
            log.error("the end of job {} could not be noted", ended.id(), failure);
            handle.rollbackToSavepoint("telling");
        }
    }

    /** Ends a job that waits, and asks one that runs to stop; one that has ended stays as it is. */
    Job cancel(UUID id, Principal by) {
        return Transactions.in(jdbi, handle -> {
            var dao = handle.attach(JobDao.class);
            var now = clock.instant();
            var isFirst = dao.cancel(id, now);
            var job = dao.find(id).orElseThrow(() -> Problem.notFound("job", id));
            if (isFirst) {
                cancelling.note(handle, job, by, now);
                if (job.ended()) {
                    // One that waits for another try has done something before.
                    tell(handle, job);
                }
            }
            return job;
        });
    }

    private static List<JobProblem> problems(Problem problem) {
        if (problem.errors().isEmpty()) {
            return List.of(new JobProblem(null, problem.type().slug(), String.valueOf(problem.getMessage())));
        }
        return problem.errors().stream()
                .map(error -> new JobProblem(
                        error.line() == null ? null : error.line().longValue(), error.code(), error.detail()))
                .toList();
    }

    private boolean renewLeases() {
        for (var run : running) {
            var job = run.claimed();
            if (jobs.renew(job.id(), job.attempt()).orElse(true)) {
                run.cancel();
            }
        }
        return false;
    }

    private boolean cleanUp() {
        jobs.dropAbandoned();
        jobs.dropEndedBefore(clock.instant().minus(ENDED_JOBS_STAY));
        return false;
    }

    private String write(List<JobProblem> problems) {
        try {
            return json.writeValueAsString(problems);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
