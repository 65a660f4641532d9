package sojourn.app.journeys;

import org.jdbi.v3.core.Handle;
import sojourn.app.contacts.Merges;

/** Whoever a merged contact was has entered the journeys that it entered, and does not enter them anew as the winner. Where it waited in line the winner waits, behind the others. */
final class EntryMerge implements Merges.Step {

    @Override
    public void merge(Handle handle, Merges.Merge merge) {
        handle.createUpdate("""
                        insert into journey_contact as known (journey_id, contact_id, last_run, entered_at, iteration)
                        select journey_id, :winner, last_run, entered_at, iteration
                        from journey_contact where contact_id = :loser order by journey_id
                        on conflict (journey_id, contact_id) do update set iteration = excluded.iteration
                        where known.iteration < excluded.iteration
                        """)
                .bind("winner", merge.winner())
                .bind("loser", merge.loser())
                .execute();
        handle.createUpdate("""
                        with gone as (delete from entry_wait where contact_id = :loser returning *)
                        insert into entry_wait (journey_id, contact_id, entered_by, since, trigger_id, trigger_at, binding)
                        select journey_id, :winner, entered_by, since, trigger_id, trigger_at, binding
                        from gone order by seq
                        on conflict do nothing
                        """)
                .bind("winner", merge.winner())
                .bind("loser", merge.loser())
                .execute();
    }
}
