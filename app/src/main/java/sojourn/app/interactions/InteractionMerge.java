package sojourn.app.interactions;

import java.util.List;
import org.jdbi.v3.core.Handle;
import sojourn.app.contacts.Changes;
import sojourn.app.contacts.Merges;

/**
 * Makes a merged contact's interactions those of the winner, with their ids and what they are remembered by, so that a repeat
 * is still one. Also those of its runs that end afterwards.
 */
final class InteractionMerge implements Merges.Step {

    private final Changes changes;

    InteractionMerge(Changes changes) {
        this.changes = changes;
    }

    @Override
    public void merge(Handle handle, Merges.Merge merge) {
        var types = handle.createQuery("""
                        with moved as (
                            update interaction set contact_id = :winner where contact_id = :loser returning type_id)
                        select key from interaction_type where id in (select type_id from moved)
                        """)
                .bind("winner", merge.winner())
                .bind("loser", merge.loser())
                .mapTo(String.class)
                .list();
        if (!types.isEmpty()) {
            changes.record(handle, List.of(merge.winner()), types, merge.at());
        }
    }
}
