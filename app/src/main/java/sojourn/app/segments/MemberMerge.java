package sojourn.app.segments;

import java.util.List;
import org.jdbi.v3.core.Handle;
import sojourn.app.contacts.Merges;

/**
 * Puts the winner of a merge where the merged contact was put by hand: into static segments, as far as their scope lets it,
 * into results for them, and under overrides where it has none itself. What queries find follows by itself.
 */
final class MemberMerge {

    private static final int RETRY_MILLIS = 200;

    private final StaticMembers members;

    MemberMerge(StaticMembers members) {
        this.members = members;
    }

    /**
     * Puts the winner where the loser is a member. Waits for no segment, since nobody's contact can be written while two are
     * merged: where members are being changed just now, word is left and whoever takes it does it then.
     */
    void members(Handle handle, Merges.Merge merge) {
        for (var id : picked(handle, merge.loser())) {
            // As when members are changed by hand: the record first, then its members.
            var segment = handle.attach(SegmentDao.class).lockIfFree(id);
            if (segment.isPresent()) {
                var winner = members.addable(handle, segment.get(), List.of(merge.winner()));
                members.change(handle, segment.get(), winner, List.of(merge.loser()));
            } else {
                SegmentChanges.restricted(handle, id, List.of(merge.loser()), merge.at(), RETRY_MILLIS);
            }
        }
    }

    /** What nobody writes once the contact is merged. */
    void decisions(Handle handle, Merges.Merge merge) {
        for (var segment : overridden(handle, merge)) {
            SegmentChanges.restricted(handle, segment, List.of(merge.winner()), merge.at(), 0);
        }
        move(handle, merge, "member_query_contact", "query_id");
        move(handle, merge, "member_sync_contact", "job_id");
    }

    private static List<Integer> picked(Handle handle, long contact) {
        return handle.select("""
                        select s.id from segment s join membership m on m.segment_id = s.id
                        where s.kind = 'static' and m.contact_id = ? order by s.id
                        """, contact).mapTo(Integer.class).list();
    }

    /** The segments that have another override of the winner now. */
    private static List<Integer> overridden(Handle handle, Merges.Merge merge) {
        return handle.createQuery("""
                        with gone as (delete from segment_override where contact_id = :loser returning *)
                        insert into segment_override (segment_id, contact_id, kind, reason, at, by_)
                        select segment_id, :winner, kind, reason, at, by_ from gone order by segment_id
                        on conflict do nothing
                        returning segment_id
                        """)
                .bind("winner", merge.winner())
                .bind("loser", merge.loser())
                .mapTo(Integer.class)
                .list();
    }

    private static void move(Handle handle, Merges.Merge merge, String table, String key) {
        handle.createUpdate("""
                        with gone as (delete from %1$s where contact_id = :loser returning %2$s)
                        insert into %1$s (%2$s, contact_id) select %2$s, :winner from gone order by %2$s
                        on conflict do nothing
                        """.formatted(table, key))
                .bind("winner", merge.winner())
                .bind("loser", merge.loser())
                .execute();
    }
}
