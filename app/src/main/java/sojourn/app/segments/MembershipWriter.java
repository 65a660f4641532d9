package sojourn.app.segments;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Writes joiners and leavers: membership, past membership and outbox row together, in the caller's transaction. */
final class MembershipWriter {

    static final int CONTACTS_PER_ROW = 1000;

    /** Who is to join a segment and who is to leave it; nobody does both. */
    record Moves(int segment, Collection<Long> joining, Collection<Long> leaving) {}

    /** Who really joined and left: those who were in or out already are not among them. */
    record Moved(List<Long> joined, List<Long> left) {

        static final Moved NOBODY = new Moved(List.of(), List.of());
    }

    private MembershipWriter() {}

    /** Takes at most 1,000 contacts; the caller holds the segment's lock. */
    static Moved write(Handle handle, int segment, Collection<Long> join, Collection<Long> leave, Instant now) {
        return write(handle, List.of(new Moves(segment, join, leave)), now).stream()
                .findFirst()
                .orElse(Moved.NOBODY);
    }

    /**
     * The caller holds the locks of all these segments.
     *
     * @return the outbox rows, in the order of the segments, each of at most 1,000 joiners and as many leavers
     */
    static List<Moved> write(Handle handle, List<Moves> moves, Instant now) {
        var join = new Pairs();
        var leave = new Pairs();
        for (var each : moves) {
            join.add(each.segment(), each.joining());
            leave.add(each.segment(), each.leaving());
        }
        return handle.createQuery("""
                        with joined as (
                            insert into membership (segment_id, contact_id, joined_at)
                            select segment, contact, :now::timestamptz
                            from unnest(:joinedSegments, :joining) as pair (segment, contact)
                            order by segment, contact
                            on conflict do nothing
                            returning segment_id, contact_id),
                        gone as (
                            delete from membership m
                            using unnest(:leftSegments, :leaving) as pair (segment, contact)
                            where m.segment_id = segment and m.contact_id = contact
                            returning segment_id, contact_id, joined_at),
                        past as (
                            insert into past_membership (segment_id, contact_id, joined_at, left_at)
                            select segment_id, contact_id, joined_at, :now::timestamptz from gone),
                        moved as (
                            select segment_id, contact_id, true as joins from joined
                            union all
                            select segment_id, contact_id, false from gone),
                        parted as (
                            select *, (row_number() over (partition by segment_id, joins order by contact_id) - 1)
                                      / :contactsPerRow as part
                            from moved),
                        outbox as (
                            insert into membership_change (segment_id, joined, left_, at)
                            select segment_id,
                                   coalesce(array_agg(contact_id order by contact_id) filter (where joins), '{}'),
                                   coalesce(array_agg(contact_id order by contact_id) filter (where not joins), '{}'),
                                   :now::timestamptz
                            from parted
                            join unnest(:segments) with ordinality as written (segment, place) on segment = segment_id
                            group by place, segment_id, part
                            order by place, part
                            returning seq, joined, left_)
                        select joined, left_ from outbox order by seq
                        """)
                .bind("joinedSegments", join.segments.toArray(Integer[]::new))
                .bind("joining", join.contacts.toArray(Long[]::new))
                .bind("leftSegments", leave.segments.toArray(Integer[]::new))
                .bind("leaving", leave.contacts.toArray(Long[]::new))
                .bind("segments", moves.stream().map(Moves::segment).distinct().toArray(Integer[]::new))
                .bind("contactsPerRow", CONTACTS_PER_ROW)
                .bind("now", now)
                .map((row, _) -> new Moved(List.of((Long[]) row.getArray(1).getArray()), List.of((Long[])
                        row.getArray(2).getArray())))
                .list();
    }

    /** Columns of segments and contacts. */
    private static final class Pairs {

        private final List<Integer> segments = new ArrayList<>();
        private final List<Long> contacts = new ArrayList<>();

        void add(int segment, Collection<Long> some) {
            contacts.addAll(some);
            some.forEach(_ -> segments.add(segment));
        }
    }
}
