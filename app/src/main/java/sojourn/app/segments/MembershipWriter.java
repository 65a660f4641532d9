package sojourn.app.segments;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import org.jdbi.v3.core.Handle;

/** Writes joiners and leavers: membership, past membership and outbox row together, in the caller's transaction. */
final class MembershipWriter {

    static final int CONTACTS_PER_ROW = 1000;

    /** Who really joined and left: those who were in or out already are not among them. */
    record Moved(List<Long> joined, List<Long> left) {}

    private MembershipWriter() {}

    /** Takes at most 1,000 contacts; the caller holds the segment's lock. */
    static Moved write(Handle handle, int segment, Collection<Long> join, Collection<Long> leave, Instant now) {
        return handle.createQuery("""
                        with joined as (
                            insert into membership (segment_id, contact_id, joined_at)
                            select :segment, contact, :now::timestamptz from unnest(:join) as contact order by contact
                            on conflict do nothing
                            returning contact_id),
                        gone as (
                            delete from membership where segment_id = :segment and contact_id = any(:leave)
                            returning contact_id, joined_at),
                        past as (
                            insert into past_membership (segment_id, contact_id, joined_at, left_at)
                            select :segment, contact_id, joined_at, :now::timestamptz from gone),
                        moved as (
                            select (select coalesce(array_agg(contact_id order by contact_id), '{}') from joined) as joined,
                                   (select coalesce(array_agg(contact_id order by contact_id), '{}') from gone) as gone),
                        outbox as (
                            insert into membership_change (segment_id, joined, left_, at)
                            select :segment, joined, gone, :now::timestamptz from moved
                            where cardinality(joined) + cardinality(gone) > 0)
                        select joined, gone from moved
                        """)
                .bind("segment", segment)
                .bind("join", join.toArray(Long[]::new))
                .bind("leave", leave.toArray(Long[]::new))
                .bind("now", now)
                .map((row, _) -> new Moved(List.of((Long[]) row.getArray(1).getArray()), List.of((Long[])
                        row.getArray(2).getArray())))
                .one();
    }
}
