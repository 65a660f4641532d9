package sojourn.app.journeys;

import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import sojourn.app.contacts.Changes;
import sojourn.app.platform.Transactions;

/**
 * Takes committed changes of contacts and finds the runs that listen to them, in a snapshot younger than the change's
 * commit. A signal costs Temporal four events, so only runs get one whose version's exits or whose present tile ask for
 * such an interaction; goals are noted without waking anybody.
 */
final class ChangeMatcher {

    private final Jdbi jdbi;
    private final RunSteps steps;

    ChangeMatcher(Jdbi jdbi, RunSteps steps) {
        this.jdbi = jdbi;
        this.steps = steps;
    }

    /** Public for the row mapper. */
    public record Change(List<Long> contactIds, List<String> causes) {}

    /** Handles the oldest rows that nobody else has; says whether there may be more. */
    boolean takeSome() {
        return Transactions.in(jdbi, handle -> {
            var changes = handle.createQuery("""
                            delete from change
                            where seq in (select seq from change where consumer = 'runs' order by seq limit 50
                                          for update skip locked)
                            returning contact_ids, causes
                            """)
                    .map(ConstructorMapper.of(Change.class))
                    .list();
            for (var change : changes) {
                signal(handle, change);
                noteGoals(handle, change);
            }
            return !changes.isEmpty();
        });
    }

    private static void signal(Handle handle, Change change) {
        handle.createUpdate("""
                        insert into run_signal (run_id)
                        select r.id
                        from run r
                        join journey_version v on v.journey_id = r.journey_id and v.version = r.version
                        join contact c on c.id = r.contact_id
                        where r.contact_id = any(:contacts) and r.status = 'active'
                          and (r.listening && cast(:causes as text[]) or v.listens && cast(:causes as text[])
                               or :consent or (:profile and c.state <> 'active'))
                        """)
                .bindArray("contacts", Long.class, change.contactIds())
                .bindArray("causes", String.class, change.causes())
                .bind("consent", change.causes().contains(Changes.CONSENT))
                .bind("profile", change.causes().contains(Changes.PROFILE))
                .execute();
    }

    private void noteGoals(Handle handle, Change change) {
        var runs = handle.attach(RunDao.class);
        for (var run : runs.wantingGoal(change.contactIds(), change.causes())) {
            runs.lock(run).ifPresent(row -> steps.noteGoal(handle, row));
        }
    }
}
