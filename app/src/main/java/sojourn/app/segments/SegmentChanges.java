package sojourn.app.segments;

import java.time.Instant;
import java.util.Collection;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Leaves word in the change queue for segments only: rows of {@code change} that other consumers need not see. */
final class SegmentChanges {

    private SegmentChanges() {}

    /** Contacts that one segment must look at again, whatever the cause; not before some milliseconds have passed. */
    static void restricted(Handle handle, int segment, Collection<Long> contacts, Instant at, int delayMillis) {
        insert(handle, contacts, Set.of(), segment, at, delayMillis);
    }

    /** Contacts that joined or left a segment. */
    static void membership(Handle handle, String segment, Collection<Long> contacts, Instant at) {
        insert(handle, contacts, Set.of(new Cause.Membership(segment).word()), null, at, 0);
    }

    /** Contacts, found by a query whose one column is called "contact", to which changed records of a type are related. */
    static void related(Handle handle, Statement contacts, String type, Instant at) {
        Statement.of("""
                        insert into change (consumer, contact_ids, causes, at)
                        select 'segments', array_agg(contact order by contact), array[?::text], ?::timestamptz
                        from (select contact, (row_number() over (order by contact) - 1) / 1000 as part
                              from (""", new Cause.Related(type).word(), at)
                .add(contacts)
                .add(Statement.of(") as reached) as numbered group by part order by part"))
                .update(handle);
    }

    private static void insert(
            Handle handle,
            Collection<Long> contacts,
            Set<String> causes,
            @Nullable Integer segment,
            Instant at,
            int delayMillis) {
        if (contacts.isEmpty()) {
            return;
        }
        handle.createUpdate("""
                        insert into change (consumer, contact_ids, causes, segment_id, at, not_before)
                        select 'segments', array_agg(contact order by contact), :causes::text[], :segment::int, :at::timestamptz,
                               case when :delay > 0 then clock_timestamp() + :delay * interval '1 millisecond' end
                        from (select contact, (row_number() over (order by contact) - 1) / 1000 as part
                              from unnest(:contacts) as contact) as numbered
                        group by part
                        order by part
                        """)
                .bind("contacts", contacts.toArray(Long[]::new))
                .bind("causes", causes.toArray(String[]::new))
                .bind("segment", segment)
                .bind("at", at)
                .bind("delay", delayMillis)
                .execute();
    }
}
