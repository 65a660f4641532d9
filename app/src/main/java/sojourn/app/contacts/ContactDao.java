package sojourn.app.contacts;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.sqlobject.config.RegisterRowMapper;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;
import org.jspecify.annotations.Nullable;

@RegisterRowMapper(ContactMapper.class)
interface ContactDao {

    @SqlQuery("select * from contact where id = :id")
    Optional<Contact> find(long id);

    @SqlQuery("select * from contact where id = any(:ids)")
    List<Contact> findAll(Long[] ids);

    /** What names a contact that was merged leads to the one it was merged into. */
    @SqlQuery("""
            select * from contact
            where id = any(array(
              select coalesce(merged_into, id) from contact where external_id = :externalId or uuid = :uuid
              union all
              select contact_id from contact_alias where external_id = :externalId))
            """)
    Optional<Contact> find(@Nullable String externalId, @Nullable UUID uuid);

    @SqlQuery("select * from contact where id = :id for update")
    Optional<Contact> lock(long id);

    @SqlQuery("select * from contact where external_id = any(:externalIds) order by id for update")
    List<Contact> lockAll(String[] externalIds);

    @SqlQuery("select * from contact where id = any(:ids) order by id for update")
    List<Contact> lockAll(Long[] ids);

    @SqlQuery("""
            select * from contact
            where state <> 'erased'
              and id > :after
              and (:externalId::text is null or external_id = :externalId
                   or id = (select contact_id from contact_alias where external_id = :externalId))
              and (:email::text is null or folded ->> 'email' = :email)
              and (:q::text is null
                   or strpos(folded ->> 'firstName', :q) > 0 or strpos(folded ->> 'lastName', :q) > 0
                   or strpos(folded ->> 'externalId', :q) > 0
                   or (:withContactPoints and strpos(folded ->> 'email', :q) > 0))
            order by id
            limit :limit
            """)
    List<Contact> page(
            long after,
            @Nullable String externalId,
            @Nullable String email,
            @Nullable String q,
            boolean withContactPoints,
            int limit);

    @SqlUpdate("""
            update contact set
              external_id = null, email = null, phone = null, first_name = null, last_name = null, locale = null,
              time_zone = null, address = '{}', latitude = null, longitude = null, owner = null, business_unit = null,
              state = 'erased', attributes = '{}', folded = '{}', merged_into = :mergedInto,
              version = version + 1, updated_at = :at
            where id = :id
            """)
    void erase(long id, @Nullable Long mergedInto, Instant at);
}
