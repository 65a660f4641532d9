package sojourn.app.journeys;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sojourn.app.contacts.Changes;
import sojourn.app.contacts.Erasure;
import sojourn.app.journeys.Interventions.Action;
import sojourn.app.platform.JobKind;
import sojourn.app.platform.JobProblem;
import sojourn.app.platform.JobRun;
import sojourn.app.platform.Loop;
import sojourn.app.platform.Problem;
import sojourn.app.platform.Transactions;
import sojourn.app.security.Deed;

/**
 * Helps the runs on that were chosen when the job was accepted. A batch, what became of each run and the job's place are one
 * transaction: so a job that was killed goes on where it was, and no run is helped twice.
 */
final class RunsJob implements JobKind {

    private static final Logger log = LoggerFactory.getLogger(RunsJob.class);

    /** Small, since their locks are held until the last of them is done. */
    private static final int BATCH = 100;

    private static final String DONE = "done";
    private static final String SKIPPED = "skipped";
    private static final String FAILED = "failed";
    private static final String SAVEPOINT = "run";

    private final Action action;
    private final Jdbi jdbi;
    private final Interventions interventions;
    private final List<Loop> next;
    private final Changes changes;

    /** @param next who go on with what was done */
    RunsJob(Action action, Jdbi jdbi, Interventions interventions, List<Loop> next, Changes changes) {
        this.action = action;
        this.jdbi = jdbi;
        this.interventions = interventions;
        this.next = List.copyOf(next);
        this.changes = changes;
    }

    /** @param tile the one to move to; null for all else */
    record Input(Action action, @Nullable String tile, Deed deed) {}

    record Position(long done) {}

    /** A run that was chosen; public for the row mapper. */
    public record Chosen(long no, UUID runId, @Nullable Integer visit) {}

    private record Fate(
            String result, @Nullable String code, @Nullable String detail) {}

    static String name(Action action) {
        return "runs-" + action.slug();
    }

    static boolean isName(String kind) {
        return Arrays.stream(Action.values()).anyMatch(action -> name(action).equals(kind));
    }

    @Override
    public String name() {
        return name(action);
    }

    @Override
    public void run(JobRun run) {
        var input = run.input(Input.class);
        var position = run.position(Position.class).orElse(new Position(0));
        run.total(total(run.id()));
        while (!run.cancelled()) {
            var from = position;
            position = Transactions.in(jdbi, handle -> helpSome(handle, run, input, from));
            if (position.equals(from)) {
                return;
            }
            next.forEach(Loop::kick);
            changes.kick();
        }
    }

    private long total(UUID job) {
        return jdbi.withHandle(handle -> handle.select("select count(*) from run_intervention where job_id = ?", job)
                .mapTo(Long.class)
                .one());
    }

    private Position helpSome(Handle handle, JobRun run, Input input, Position from) {
        Erasure.holdOff(handle);
        var some = handle.select("""
                        select no, run_id, visit from run_intervention where job_id = ? and no > ? order by no limit ?
                        """, run.id(), from.done(), BATCH)
                .map(ConstructorMapper.of(Chosen.class))
                .list();
        if (some.isEmpty()) {
            return from;
        }
        var wish = new Interventions.Wish(input.action(), input.tile(), input.deed(), run.id());
        var counted = new HashMap<String, Long>();
        var problems = new ArrayList<JobProblem>();
        var results = handle.prepareBatch(
                "update run_intervention set result = ?, code = ?, detail = ? where job_id = ? and no = ?");
        for (var chosen : some) {
            var fate = help(handle, wish, chosen);
            counted.merge(fate.result(), 1L, Long::sum);
            if (fate.code() != null) {
                problems.add(new JobProblem(chosen.no(), fate.code(), String.valueOf(fate.detail())));
            }
            results.add(fate.result(), fate.code(), fate.detail(), run.id(), chosen.no());
        }
        results.execute();
        var reached = new Position(some.getLast().no());
        run.progress(handle, reached, reached.done(), counted, problems);
        return reached;
    }

    /** What a run that cannot be helped has begun is undone, and the others are helped. */
    private Fate help(Handle handle, Interventions.Wish wish, Chosen chosen) {
        handle.savepoint(SAVEPOINT);
        try {
            var done = interventions.apply(handle, chosen.runId(), wish, chosen.visit());
            handle.releaseSavepoint(SAVEPOINT);
            return done ? new Fate(DONE, null, null) : new Fate(SKIPPED, "wrong-state", "The run is ending already");
        } catch (Problem refused) {
            handle.rollbackToSavepoint(SAVEPOINT);
            return new Fate(SKIPPED, code(refused), refused.getMessage());
        } catch (JdbiException unavailable) {
            throw unavailable;
        } catch (RuntimeException failure) {
            handle.rollbackToSavepoint(SAVEPOINT);
            log.error("run {} could not be helped on by job {}", chosen.runId(), wish.job(), failure);
            return new Fate(FAILED, "internal", "Something went wrong on our side; the log says what");
        }
    }

    private static String code(Problem refused) {
        return refused.errors().isEmpty()
                ? refused.type().slug()
                : refused.errors().getFirst().code();
    }
}
