package sojourn.app.platform;

import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;
import org.jspecify.annotations.Nullable;

@RegisterConstructorMapper(StoredAnswer.class)
interface IdempotencyDao {

    /** True when this call is the one to do the work: the first, or the first after one whose process died. */
    @SqlUpdate("""
            insert into idempotent_request (caller, key, created_at, leased_until)
            values (:caller, :key, :now, clock_timestamp() + interval '1 minute')
            on conflict (caller, key) do update
            set created_at = excluded.created_at, leased_until = excluded.leased_until, request_hash = null
            where idempotent_request.status is null and idempotent_request.leased_until < clock_timestamp()
               or idempotent_request.created_at < :expired
            """)
    int begin(String caller, String key, Instant now, Instant expired);

    @SqlQuery("""
            select request_hash as hash, status, headers, body from idempotent_request
            where caller = :caller and key = :key and status is not null
            """)
    Optional<StoredAnswer> answer(String caller, String key);

    @SqlUpdate("""
            update idempotent_request set leased_until = clock_timestamp() + interval '1 minute'
            where caller = :caller and key = :key and status is null
            """)
    void renew(String caller, String key);

    @SqlUpdate("""
            update idempotent_request
            set request_hash = :hash, status = :status, headers = cast(:headers as jsonb), body = :body,
                leased_until = null, personal = :personal, contact = :contact
            where caller = :caller and key = :key
            """)
    void finish(
            String caller,
            String key,
            byte[] hash,
            int status,
            String headers,
            byte @Nullable [] body,
            boolean personal,
            @Nullable UUID contact);

    @SqlUpdate("delete from idempotent_request where caller = :caller and key = :key and status is null")
    void forget(String caller, String key);

    @SqlUpdate("delete from idempotent_request where personal and (contact is null or contact = :contact)")
    void erase(UUID contact);

    @SqlUpdate("delete from idempotent_request where created_at < :before")
    void dropBefore(Instant before);
}
