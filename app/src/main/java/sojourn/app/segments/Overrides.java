package sojourn.app.segments;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Changes;
import sojourn.app.contacts.Contact;
import sojourn.app.contacts.Contacts;
import sojourn.app.contacts.Erasure;
import sojourn.app.platform.Columns;
import sojourn.app.platform.Cursor;
import sojourn.app.platform.Page;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemType;
import sojourn.app.platform.Transactions;
import sojourn.app.security.AuditLog;
import sojourn.app.security.Deed;

/** Keeps what people have decided about single contacts of dynamic segments; {@link Belonging} heeds it. */
final class Overrides {

    private static final String COLUMNS = "c.uuid, c.external_id, o.kind, o.reason, o.at, o.by_";

    private final Jdbi jdbi;
    private final Contacts contacts;
    private final Changes changes;
    private final InstantSource clock;

    Overrides(Jdbi jdbi, Contacts contacts, Changes changes, InstantSource clock) {
        this.jdbi = jdbi;
        this.contacts = contacts;
        this.changes = changes;
        this.clock = clock;
    }

    /** An override after it was written. */
    record Written(MemberOverride override, boolean created) {}

    private record Row(long contact, MemberOverride override) {}

    /** Makes the override, or changes it; a live segment follows at once. */
    Written put(String segment, String contact, OverrideKind kind, Deed deed) {
        var written = Transactions.in(jdbi, handle -> {
            Erasure.holdOff(handle);
            var found = dynamic(handle, segment);
            var id = contact(handle, contact);
            var now = clock.instant();
            var created = put(handle, found, id, kind, deed.reason(), deed.by(), now);
            var override = get(handle, found, id);
            note(handle, now, deed, "override-set", found, override.contactId(), Map.of("kind", kind.word()));
            return new Written(override, created);
        });
        changes.kick();
        return written;
    }

    /** The same in the caller's transaction, which holds erasures off; says whether there was none. */
    boolean put(
            Handle handle,
            Segment segment,
            long contact,
            OverrideKind kind,
            @Nullable String reason,
            String by,
            Instant now) {
        var created = handle.createQuery("""
                        insert into segment_override (segment_id, contact_id, kind, reason, at, by_)
                        values (:segment, :contact, :kind, :reason, :now::timestamptz, :by)
                        on conflict (segment_id, contact_id) do update
                        set kind = excluded.kind, reason = excluded.reason, at = excluded.at, by_ = excluded.by_
                        returning old.kind is null
                        """)
                .bind("segment", segment.id())
                .bind("contact", contact)
                .bind("kind", kind.word())
                .bind("reason", reason)
                .bind("now", now)
                .bind("by", by)
                .mapTo(Boolean.class)
                .one();
        lookAgain(handle, segment, contact);
        return created;
    }

    /** Leaves the contact to the query again. */
    void remove(String segment, String contact, Deed deed) {
        Transactions.use(jdbi, handle -> {
            Erasure.holdOff(handle);
            var found = dynamic(handle, segment);
            var id = contact(handle, contact);
            var removed = handle.execute(
                    "delete from segment_override where segment_id = ? and contact_id = ?", found.id(), id);
            if (removed == 0) {
                throw new Problem(ProblemType.NOT_FOUND, "Segment " + found.key() + " has no override of this contact");
            }
            var uuid = handle.select("select uuid from contact where id = ?", id)
                    .mapTo(UUID.class)
                    .one();
            note(handle, clock.instant(), deed, "override-removed", found, uuid, Map.of());
            lookAgain(handle, found, id);
        });
        changes.kick();
    }

    private static void note(
            Handle handle,
            Instant at,
            Deed deed,
            String action,
            Segment segment,
            UUID contact,
            Map<String, Object> details) {
        AuditLog.note(
                handle, at, deed, new AuditLog.Done(action, SegmentDeeds.SEGMENT, segment.key(), contact, details));
    }

    /** In the order in which contacts were made; only of one kind or one contact, where asked. */
    Page<MemberOverride> list(
            String segment, @Nullable OverrideKind kind, @Nullable String contact, @Nullable Cursor after, int limit) {
        return jdbi.withHandle(handle -> {
            var found = SegmentReadings.find(handle, segment);
            var rows = handle.createQuery("""
                            select o.contact_id, %s
                            from segment_override o
                            join contact c on c.id = o.contact_id
                            where o.segment_id = :segment and o.contact_id > :after
                              and (:kind::text is null or o.kind = :kind)
                              and (:contact::bigint is null or o.contact_id = :contact)
                            order by o.contact_id
                            limit :limit
                            """.formatted(COLUMNS))
                    .bind("segment", found.id())
                    .bind("after", after == null ? 0 : after.number(0))
                    .bind("kind", kind == null ? null : kind.word())
                    .bind("contact", contact == null ? null : (Long) contact(handle, contact))
                    .bind("limit", limit + 1)
                    .map((row, _) -> new Row(row.getLong(1), read(row)))
                    .list();
            return Page.of(rows, limit, row -> Cursor.of(row.contact())).map(Row::override);
        });
    }

    /** A step of erasure: the reason may be personal. */
    void erase(Handle handle, Contact contact) {
        handle.execute("delete from segment_override where contact_id = ?", contact.id());
    }

    private void lookAgain(Handle handle, Segment segment, long contact) {
        SegmentChanges.restricted(handle, segment.id(), List.of(contact), clock.instant(), 0);
    }

    private static Segment dynamic(Handle handle, String reference) {
        // Not locked, so that nobody waits for an evaluation that is about to end: the kind never changes.
        var segment = SegmentReadings.find(handle, reference);
        if (!segment.isDynamic()) {
            throw new Problem(
                    ProblemType.WRONG_STATE,
                    "The members of segment " + segment.key() + " are picked by hand; add or remove the contact with"
                            + " POST /v1/segments/" + segment.key() + "/members");
        }
        return segment;
    }

    private long contact(Handle handle, String reference) {
        return contacts.resolve(handle, reference).orElseThrow(() -> Contacts.unknown(reference));
    }

    private static MemberOverride get(Handle handle, Segment segment, long contact) {
        return handle.createQuery("""
                        select %s
                        from segment_override o
                        join contact c on c.id = o.contact_id
                        where o.segment_id = :segment and o.contact_id = :contact
                        """.formatted(COLUMNS))
                .bind("segment", segment.id())
                .bind("contact", contact)
                .map((row, _) -> read(row))
                .one();
    }

    private static MemberOverride read(ResultSet row) throws SQLException {
        return new MemberOverride(
                Columns.uuid(row, "uuid"),
                row.getString("external_id"),
                OverrideKind.of(row.getString("kind")).orElseThrow(),
                row.getString("reason"),
                Columns.instant(row, "at"),
                row.getString("by_"));
    }
}
