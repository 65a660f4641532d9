package sojourn.app.delivery;

import java.util.List;
import org.jdbi.v3.core.Handle;
import sojourn.app.contacts.Changes;
import sojourn.app.contacts.Merges;

/** Makes a merged contact's words on purposes those of the winner; where both have one, a withdrawal stands. */
final class ConsentMerge implements Merges.Step {

    private final Changes changes;

    ConsentMerge(Changes changes) {
        this.changes = changes;
    }

    @Override
    public void merge(Handle handle, Merges.Merge merge) {
        var moved = handle.createUpdate("""
                        insert into consent (contact_id, contact_point, purpose, state, source, at)
                        select :winner, contact_point, purpose, state, source, at
                        from consent where contact_id = :loser
                        order by contact_point, purpose
                        on conflict (contact_id, contact_point, purpose) do update
                        set state = excluded.state, source = excluded.source, at = excluded.at
                        where consent.state = 'in' and excluded.state = 'out'
                        """)
                .bind("winner", merge.winner())
                .bind("loser", merge.loser())
                .execute();
        handle.attach(ConsentDao.class).erase(merge.loser());
        if (moved > 0) {
            changes.record(handle, List.of(merge.winner()), List.of(Changes.CONSENT), merge.at());
        }
    }

    /** What was sent to a merged contact was sent to the winner; its address goes when that one is erased. */
    static void deliveries(Handle handle, Merges.Merge merge) {
        handle.execute("update delivery set contact_id = ? where contact_id = ?", merge.winner(), merge.loser());
    }
}
