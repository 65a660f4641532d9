package sojourn.app.journeys;

import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.contacts.Changes;
import sojourn.app.platform.Columns;
import sojourn.app.platform.Transactions;

/**
 * Takes committed changes of contacts and finds the runs that listen to them, in a snapshot younger than the change's
 * commit. A signal costs Temporal four events, so only runs get one whose version's exits or whose present tile ask for
 * such an interaction; goals are noted without waking anybody. Interactions that let contacts in are found here too.
 */
final class ChangeMatcher {

    private static final int MOST_ROWS = 200;
    private static final int MOST_CONTACTS = 5000;

    private final Jdbi jdbi;
    private final RunSteps steps;
    private final EntryByTrigger entry;

    ChangeMatcher(Jdbi jdbi, RunSteps steps, EntryByTrigger entry) {
        this.jdbi = jdbi;
        this.steps = steps;
        this.entry = entry;
    }

    /**
     * What was taken.
     *
     * @param more whether there may be more
     * @param signalled whether any run is to be told
     * @param wrote whether a goal may have been noted or a contact let in
     */
    record Taken(boolean more, boolean signalled, boolean wrote) {
        static final Taken NOTHING = new Taken(false, false, false);
    }

    /** Handles the oldest rows that nobody else has. */
    Taken takeSome() {
        return Transactions.in(jdbi, handle -> {
            var taken = take(handle);
            if (taken.isEmpty()) {
                return Taken.NOTHING;
            }
            var signalled = signal(handle, taken) > 0;
            var noted = noteGoals(handle, taken);
            var entered = entry.enter(handle, taken);
            handle.createUpdate("delete from change where seq = any(:taken)")
                    .bindArray("taken", Long.class, taken)
                    .execute();
            return new Taken(true, signalled, noted || entered);
        });
    }

    /** One row, or several of few contacts. */
    private static List<Long> take(Handle handle) {
        return handle.createQuery("""
                        with waiting as (
                            select seq, cardinality(contact_ids) as contacts
                            from change where consumer = 'runs' order by seq limit :rows for update skip locked),
                        counted as (select seq, sum(contacts) over (order by seq) as contacts from waiting)
                        select seq from counted
                        where contacts <= :contacts or seq = (select min(seq) from waiting)
                        """)
                .bind("rows", MOST_ROWS)
                .bind("contacts", MOST_CONTACTS)
                .mapTo(Long.class)
                .list();
    }

    private static int signal(Handle handle, List<Long> taken) {
        return handle.createUpdate("""
                        insert into run_signal (run_id, because)
                        select r.id, string_agg(distinct told.cause, ', ' order by told.cause)
                        from change
                        cross join unnest(change.contact_ids) as changed (id)
                        cross join unnest(change.causes) as told (cause)
                        join run r on r.contact_id = changed.id
                        join journey_version v on v.journey_id = r.journey_id and v.version = r.version
                        join contact c on c.id = r.contact_id
                        where change.seq = any(:taken) and r.status = 'active'
                          and (told.cause = any(r.listening) or told.cause = any(v.listens) or told.cause = :consent
                               or (told.cause = :profile and c.state <> 'active'))
                        group by r.id
                        """)
                .bindArray("taken", Long.class, taken)
                .bind("consent", Changes.CONSENT)
                .bind("profile", Changes.PROFILE)
                .execute();
    }

    private boolean noteGoals(Handle handle, List<Long> taken) {
        var runs = new RunRows(handle);
        var wanting = wantingGoal(handle, taken);
        for (var run : wanting) {
            runs.lock(run).ifPresent(row -> steps.noteGoal(handle, row));
        }
        return !wanting.isEmpty();
    }

    /**
     * Runs, open or ended, that have not reached a goal that these rows of the change queue speak of; in the order in
     * which they are to be locked.
     */
    private static List<UUID> wantingGoal(Handle handle, List<Long> taken) {
        return handle.createQuery("""
                        select distinct r.id
                        from change
                        cross join unnest(change.contact_ids) as changed (id)
                        join run r on r.contact_id = changed.id
                        join journey_version v on v.journey_id = r.journey_id and v.version = r.version
                        where change.seq = any(:taken) and r.goal_at is null and v.goal = any(change.causes)
                        order by r.id
                        """)
                .bindArray("taken", Long.class, taken)
                .map((row, _) -> Columns.uuid(row, "id"))
                .list();
    }
}
