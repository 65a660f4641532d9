package sojourn.app.tasks;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Changes;
import sojourn.app.contacts.Erasure;
import sojourn.app.interactions.EmittedInteractions;
import sojourn.app.interactions.EmittedInteractions.Emitted;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemType;
import sojourn.app.platform.Transactions;
import sojourn.app.security.AuditLog;
import sojourn.app.security.Deed;

/** Makes tasks and ends them; a completed one is an interaction of its contact. */
public final class Tasks {

    private static final String COMPLETED = "TaskCompleted";

    private final Jdbi jdbi;
    private final Changes changes;
    private final EmittedInteractions interactions;
    private final InstantSource clock;

    Tasks(Jdbi jdbi, Changes changes, EmittedInteractions interactions, InstantSource clock) {
        this.jdbi = jdbi;
        this.changes = changes;
        this.interactions = interactions;
        this.clock = clock;
    }

    /**
     * A task that is to be made.
     *
     * @param due until when, null when there is no hurry
     * @param visit with the run it makes that there is one only
     */
    public record NewTask(
            long contactId,
            Task.Kind kind,
            @Nullable String owner,
            @Nullable String team,
            String subject,
            @Nullable String text,
            @Nullable Instant due,
            String journey,
            int version,
            String tile,
            int pass,
            UUID run,
            int visit) {}

    /** In the caller's transaction, which holds erasures off. */
    public void add(Handle handle, NewTask task, Instant now) {
        handle.attach(TaskDao.class).add(task, now);
    }

    /** Completes an open task; one that is completed stays as it is. */
    Task complete(UUID id, @Nullable String outcome, Deed deed) {
        var completed = end(id, Task.State.completed, outcome, deed);
        changes.kick();
        return completed;
    }

    /** Calls an open task off; one that is called off stays as it is. */
    Task cancel(UUID id, Deed deed) {
        return end(id, Task.State.cancelled, null, deed);
    }

    private Task end(UUID id, Task.State state, @Nullable String outcome, Deed deed) {
        return Transactions.in(jdbi, handle -> {
            Erasure.holdOff(handle);
            var tasks = handle.attach(TaskDao.class);
            long contact = tasks.lock(id).orElseThrow(() -> Problem.notFound("task", id));
            var task = tasks.find(id).orElseThrow();
            if (task.state() == state) {
                return task;
            }
            if (task.state() != Task.State.open) {
                throw new Problem(
                        ProblemType.WRONG_STATE, "The task is " + task.state() + "; only an open one would fit");
            }
            var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
            tasks.end(id, state, outcome, deed.by(), now);
            var details = Map.<String, Object>of("journey", task.journey(), "tile", task.tile(), "run", task.run());
            AuditLog.note(
                    handle,
                    now,
                    deed,
                    new AuditLog.Done(state.name(), "task", id.toString(), task.contactId(), details));
            if (state == Task.State.completed) {
                record(handle, task, contact, outcome, now);
            }
            return tasks.find(id).orElseThrow();
        });
    }

    private void record(Handle handle, Task task, long contact, @Nullable String outcome, Instant now) {
        var origin = Map.<String, Object>of(
                "journey", task.journey(),
                "version", task.version(),
                "tile", task.tile(),
                "pass", task.pass(),
                "run", task.run().toString());
        var properties = new HashMap<String, Object>();
        properties.put("task", task.id().toString());
        if (outcome != null) {
            properties.put("outcome", outcome);
        }
        var errors = interactions.record(
                handle, new Emitted("task/" + task.id(), contact, COMPLETED, now, origin, properties));
        if (!errors.isEmpty()) {
            throw Problem.invalid(errors);
        }
    }
}
