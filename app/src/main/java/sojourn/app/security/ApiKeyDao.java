package sojourn.app.security;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;
import org.jspecify.annotations.Nullable;

@RegisterConstructorMapper(ApiKey.class)
interface ApiKeyDao {

    @SqlQuery("""
            insert into api_key (name, role, hash, hint, created_at, created_by, expires_at)
            values (:name, :role, :hash, :hint, :now, :createdBy, :expiresAt)
            returning *
            """)
    ApiKey add(
            String name,
            String role,
            byte[] hash,
            String hint,
            Instant now,
            String createdBy,
            @Nullable Instant expiresAt);

    @SqlQuery("select * from api_key where id = :id")
    Optional<ApiKey> find(UUID id);

    @SqlQuery("select * from api_key where id = :id for update")
    Optional<ApiKey> lock(UUID id);

    @SqlQuery("""
            select * from api_key
            where cast(:after as uuid) is null or id < :after
            order by id desc
            limit :limit
            """)
    List<ApiKey> newestFirst(@Nullable UUID after, int limit);

    @SqlUpdate("update api_key set last_used_at = :now where id = :id and revoked_at is null")
    void used(UUID id, Instant now);

    @SqlUpdate("update api_key set revoked_at = coalesce(revoked_at, :now) where id = :id")
    void revoke(UUID id, Instant now);

    @SqlUpdate("update api_key set expires_at = least(expires_at, :at) where id = :id")
    void expireBy(UUID id, Instant at);
}
