package sojourn.app.security;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.customizer.BindMethods;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jspecify.annotations.Nullable;

@RegisterConstructorMapper(AuditEntry.class)
interface AuditDao {

    /** What to list; null means any. */
    record Filter(
            @Nullable String kind,
            @Nullable String thing,
            @Nullable String action,
            @Nullable String by,
            @Nullable UUID keyId,
            @Nullable UUID contactId,
            @Nullable Instant from,
            @Nullable Instant to) {}

    @SqlQuery("""
            select id, at, by, key_id, action, kind, thing, contact as contact_id, reason, details
            from audit_entry
            where (cast(:before as uuid) is null or id < :before)
              and (cast(:f.kind as text) is null or kind = :f.kind)
              and (cast(:f.thing as text) is null or thing = :f.thing)
              and (cast(:f.action as text) is null or action = :f.action)
              and (cast(:f.by as text) is null or by = :f.by)
              and (cast(:f.keyId as uuid) is null or key_id = :f.keyId)
              and (cast(:f.contactId as uuid) is null or contact = :f.contactId)
              and (cast(:f.from as timestamptz) is null or at >= :f.from)
              and (cast(:f.to as timestamptz) is null or at < :f.to)
            order by id desc
            limit :limit
            """)
    List<AuditEntry> newestFirst(@BindMethods("f") Filter filter, @Nullable UUID before, int limit);
}
