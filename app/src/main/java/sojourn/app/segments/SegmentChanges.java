package sojourn.app.segments;

import java.time.Instant;
import java.util.Collection;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/** Leaves word in the change queue for segments only: rows of {@code change} that other consumers need not see. */
final class SegmentChanges {

    private static final String MEMBERSHIP = "segment/";

    private SegmentChanges() {}

    /** The cause that says that memberships of a segment changed: what builds on it must look again. */
    static String membershipOf(String segment) {
        return MEMBERSHIP + segment;
    }

    /** The segment of such a cause; null for any other cause. */
    static @Nullable String segmentOf(String cause) {
        return cause.startsWith(MEMBERSHIP) ? cause.substring(MEMBERSHIP.length()) : null;
    }

    /** Contacts that one segment must look at again, whatever the cause; not before some milliseconds have passed. */
    static void restricted(Handle handle, int segment, Collection<Long> contacts, Instant at, int delayMillis) {
        insert(handle, contacts, Set.of(), segment, at, delayMillis);
    }

    /** Contacts that joined or left a segment. */
    static void membership(Handle handle, String segment, Collection<Long> contacts, Instant at) {
        insert(handle, contacts, Set.of(membershipOf(segment)), null, at, 0);
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
