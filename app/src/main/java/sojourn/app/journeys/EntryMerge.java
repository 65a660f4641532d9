package sojourn.app.journeys;

import org.jdbi.v3.core.Handle;
import sojourn.app.contacts.Merges;

/** Whoever a merged contact was has entered the journeys that it entered, and does not enter them anew as the winner. */
final class EntryMerge implements Merges.Step {

    @Override
    public void merge(Handle handle, Merges.Merge merge) {
        handle.createUpdate("""
                        insert into journey_contact (journey_id, contact_id, last_run, entered_at)
                        select journey_id, :winner, last_run, entered_at
                        from journey_contact where contact_id = :loser order by journey_id
                        on conflict do nothing
                        """)
                .bind("winner", merge.winner())
                .bind("loser", merge.loser())
                .execute();
    }
}
