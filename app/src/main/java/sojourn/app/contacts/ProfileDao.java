package sojourn.app.contacts;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;
import org.jspecify.annotations.Nullable;

@RegisterConstructorMapper(Profile.class)
interface ProfileDao {

    @SqlQuery("""
            select p.*, t.key as type from profile p join profile_type t on t.id = p.type_id
            where t.key = :type and (p.external_id = :externalId or p.uuid = :uuid)
            """)
    Optional<Profile> find(String type, @Nullable String externalId, @Nullable UUID uuid);

    /** Keeps others from changing it, though not from naming it in their lookups. */
    @SqlQuery("""
            select p.*, t.key as type from profile p join profile_type t on t.id = p.type_id
            where t.key = :type and (p.external_id = :externalId or p.uuid = :uuid)
            for no key update of p
            """)
    Optional<Profile> lock(String type, @Nullable String externalId, @Nullable UUID uuid);

    /** Waits for those who name it, and keeps others from it. */
    @SqlQuery("""
            select p.*, t.key as type from profile p join profile_type t on t.id = p.type_id
            where t.key = :type and (p.external_id = :externalId or p.uuid = :uuid)
            for update of p
            """)
    Optional<Profile> lockToDelete(String type, @Nullable String externalId, @Nullable UUID uuid);

    @SqlQuery("""
            select p.*, :type::text as type from profile p
            where p.type_id = :typeId and p.external_id = any(:externalIds)
            order by p.id
            for no key update
            """)
    List<Profile> lockAll(short typeId, String type, String[] externalIds);

    @SqlQuery("""
            select p.*, :type::text as type from profile p
            where p.type_id = :typeId and p.uuid = any(:uuids)
            order by p.id
            for no key update
            """)
    List<Profile> lockAll(short typeId, String type, UUID[] uuids);

    @SqlQuery("""
            select p.*, :type::text as type from profile p
            where p.id = any(:ids)
            order by p.id
            for no key update
            """)
    List<Profile> lockAll(String type, Long[] ids);

    /** {@code folded} is the text looked for as texts are compared; {@code hidden} are attributes it is not looked for in. */
    @SqlQuery("""
            select p.*, :type::text as type from profile p
            where p.type_id = :typeId
              and p.id > :after
              and (:externalId::text is null or p.external_id = :externalId)
              and (:q::text is null
                   or strpos(p.external_id, :q) > 0
                   or exists (select from jsonb_each_text(p.folded - :hidden::text[]) as text (key, value)
                              where strpos(value, :folded) > 0))
            order by p.id
            limit :limit
            """)
    List<Profile> page(
            short typeId,
            String type,
            long after,
            @Nullable String externalId,
            @Nullable String q,
            @Nullable String folded,
            String[] hidden,
            int limit);

    @SqlUpdate("delete from profile where id = :id")
    void delete(long id);
}
