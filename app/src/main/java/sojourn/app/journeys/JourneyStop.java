package sojourn.app.journeys;

import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.platform.Transactions;

/**
 * Ends the runs of journeys that are stopping, or whose end has come, in batches: runs whose workflow has not begun are
 * closed here, the others are asked to end. A journey without open runs is stopped, or completed.
 */
final class JourneyStop {

    private static final int BATCH = 500;
    private static final UUID FIRST = new UUID(0, 0);

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final RunSteps steps;

    /** By journey, the last run that was asked; only a place to go on from, and lost without harm. */
    private final Map<Integer, UUID> askedUpTo = new ConcurrentHashMap<>();

    JourneyStop(Jdbi jdbi, InstantSource clock, RunSteps steps) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.steps = steps;
    }

    /** What one batch came to. */
    record Batch(int closed, int asked, boolean stopped) {}

    /** Ends some runs of a journey that is ending; says how many, and whether it has ended now. */
    Batch endSome(int journey) {
        return Transactions.in(jdbi, handle -> {
            var reason = reason(handle, journey);
            var closed = closePending(handle, journey, reason);
            var asked = askActive(handle, journey, reason);
            var stopped = closed == 0 && asked == 0 && finish(handle, journey);
            return new Batch(closed, asked, stopped);
        });
    }

    private static String reason(Handle handle, int journey) {
        return handle.select("select state = 'completing' from journey where id = ?", journey)
                        .mapTo(Boolean.class)
                        .one()
                ? StopReason.JOURNEY_ENDED
                : StopReason.JOURNEY_STOPPED;
    }

    private int closePending(Handle handle, int journey, String reason) {
        var pending = handle.createQuery("""
                        select id from run where journey_id = :journey and status = 'pending'
                        order by id limit :limit for update skip locked
                        """)
                .bind("journey", journey)
                .bind("limit", BATCH)
                .mapTo(UUID.class)
                .list();
        var runs = new RunRows(handle);
        pending.forEach(id -> runs.lock(id).ifPresent(run -> steps.stop(handle, run, reason, List.of())));
        return pending.size();
    }

    /** Asks the next active runs in the order of their ids, so that those asked before are not gone through again. */
    private int askActive(Handle handle, int journey, String reason) {
        var after = askedUpTo.getOrDefault(journey, FIRST);
        var asked = askActive(handle, journey, after, reason);
        if (asked.isEmpty() && !after.equals(FIRST)) {
            // Once more from the beginning: some may have been locked when it was their turn.
            asked = askActive(handle, journey, FIRST, reason);
        }
        if (asked.isEmpty()) {
            askedUpTo.remove(journey);
        } else {
            askedUpTo.put(journey, asked.getLast());
        }
        return asked.size();
    }

    private List<UUID> askActive(Handle handle, int journey, UUID after, String reason) {
        return handle.createQuery("""
                        with asked as (
                            update run r set exit_requested = :reason, exit_at = :at
                            from (select id, contact_id from run
                                  where journey_id = :journey and status = 'active' and id > :after
                                    and exit_requested is null
                                  order by id limit :limit for update skip locked) several
                            where r.id = several.id and r.contact_id = several.contact_id
                            returning r.id),
                        told as (insert into run_signal (run_id, because) select id, :reason from asked)
                        select id from asked order by id
                        """)
                .bind("reason", reason)
                .bind("at", clock.instant().truncatedTo(ChronoUnit.MICROS))
                .bind("journey", journey)
                .bind("after", after)
                .bind("limit", BATCH)
                .mapTo(UUID.class)
                .list();
    }

    private boolean finish(Handle handle, int journey) {
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var ended = handle.createQuery("""
                        update journey
                        set state = case state when 'stopping' then 'stopped' else 'completed' end, ended_at = :now,
                            updated_at = :now, version = version + 1
                        where id = :journey and state in ('stopping', 'completing')
                          and not exists (select 1 from run
                                          where journey_id = journey.id and status in ('pending', 'active'))
                        returning state
                        """)
                .bind("now", now)
                .bind("journey", journey)
                .mapTo(String.class)
                .findOne();
        ended.ifPresent(state -> Milestones.note(handle, journey, Milestones.Kind.valueOf(state), now));
        return ended.isPresent();
    }

    /** Ends runs of some journey that is ending; says whether there is more to do at once. */
    boolean endSomeOfAny() {
        var stopping = jdbi.withHandle(
                handle -> handle.select("select id from journey where state in ('stopping', 'completing')")
                        .mapTo(Integer.class)
                        .list());
        var more = false;
        for (var journey : stopping) {
            var batch = endSome(journey);
            more |= batch.closed() + batch.asked() > 0;
        }
        return more;
    }
}
