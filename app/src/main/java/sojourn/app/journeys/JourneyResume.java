package sojourn.app.journeys;

import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.platform.Transactions;

/**
 * Ends pauses. Where waits have stood still, the deadlines of the journey's runs are moved first, in batches, while nothing
 * goes on yet; then the journey is live again and the runs that were held up are woken, all at once or not at all. Who
 * joined meanwhile is paged in, what happened meanwhile is looked through.
 */
final class JourneyResume {

    private static final int BATCH = 500;
    private static final UUID FIRST = new UUID(0, 0);

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final JourneyIterations iterations;

    JourneyResume(Jdbi jdbi, InstantSource clock, JourneyIterations iterations) {
        this.jdbi = jdbi;
        this.iterations = iterations;
        this.clock = clock;
    }

    /** Carries the end of some pause on; says whether there is more to do at once. */
    boolean resumeSomeOfAny() {
        return Transactions.in(jdbi, handle -> {
            var journey = handle.createQuery("""
                            select id from journey where state = 'paused' and resuming
                            order by paused_at limit 1 for update skip locked
                            """).mapTo(Integer.class).findOne();
            journey.ifPresent(id -> {
                if (!moveDeadlines(handle, id)) {
                    finish(handle, id);
                }
            });
            return journey.isPresent();
        });
    }

    /**
     * Moves the deadlines of the next runs; says whether there were any. What is a moment of the calendar does not move. A
     * deadline that is yet to be found out, since the run was moved to a version or came to its tile in the pause, is so much later too.
     */
    private boolean moveDeadlines(Handle handle, int journey) {
        return handle.createUpdate("""
                        with paused as (
                            select id, paused_at, resumed_at, coalesce(moved_to, :first) as moved_to from journey
                            where id = :journey and waits_hold),
                        waiting as (
                            select r.id, r.contact_id, r.visit, p.resumed_at - greatest(p.paused_at, v.entered_at) as pause
                            from paused p
                            join run r on r.journey_id = p.id and r.status = 'active' and r.id > p.moved_to
                            join tile_visit v on v.run_id = r.id and v.no = r.visit
                            where v.type in ('waitFor', 'ifThen') and v.entered_at < p.resumed_at
                            order by r.id limit :limit),
                        held as (
                            update tile_visit v
                            set held = coalesce(v.held, 0) + (extract(epoch from w.pause) * 1000000)::bigint
                            from waiting w where v.run_id = w.id and v.no = w.visit
                            returning v.run_id),
                        moved as (
                            update run r set until = r.until + w.pause
                            from waiting w where r.id = w.id and r.contact_id = w.contact_id and r.visit = w.visit
                            returning r.id)
                        update journey
                        set moved_to = (select max(id::text)::uuid from waiting),
                            resume_done = resume_done + (select count(*) from waiting)
                        where id = :journey and exists (select from waiting)
                        """)
                        .bind("journey", journey)
                        .bind("first", FIRST)
                        .bind("limit", BATCH)
                        .execute()
                > 0;
    }

    private void finish(Handle handle, int journey) {
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        // What an earlier go live or resume has not come to yet is still to be come to.
        handle.createUpdate("""
                        update journey
                        set state = case when starts_at > :now then 'goingLive' else 'live' end, resuming = false, moved_to = null, resumed_at = null,
                            paged_to = 0, paged_from = case when paged_to is null then paused_at else paged_from end,
                            missed_from = coalesce(missed_from, paused_at),
                            missed_until = cast(:now as timestamptz) + interval '1 minute', paused_at = null,
                            version = version + 1, updated_at = :now
                        where id = :journey
                        """).bind("now", now).bind("journey", journey).execute();
        Milestones.note(handle, journey, Milestones.Kind.resumed, now);
        // Before any run goes on: of the iteration before none does.
        iterations.beginDue(handle, now);
        handle.createUpdate("""
                        insert into run_signal (run_id, because)
                        select id, 'journey-resumed' from run
                        where journey_id = :journey and status = 'active' and instruction ->> 'waitingFor' = :paused
                        order by id
                        """)
                .bind("journey", journey)
                .bind("paused", RunLook.PAUSED)
                .execute();
    }
}
