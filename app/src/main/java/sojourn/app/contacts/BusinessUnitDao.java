package sojourn.app.contacts;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;
import org.jspecify.annotations.Nullable;

@RegisterConstructorMapper(BusinessUnit.class)
@RegisterConstructorMapper(BusinessUnitDao.Member.class)
interface BusinessUnitDao {

    String UNIT = """
            select *, array(select member from business_unit_member where business_unit = key order by member) as members
            from business_unit
            """;

    /** Who is in which unit. */
    record Member(String member, String businessUnit) {}

    @SqlQuery("select key from business_unit")
    Set<String> keys();

    @SqlQuery(UNIT + " where key = :key")
    Optional<BusinessUnit> find(String key);

    @SqlQuery("select version from business_unit where key = :key for update")
    Optional<Integer> lock(String key);

    @SqlQuery(UNIT + """
            where key > coalesce(:after, '')
              and (:q::text is null or strpos(lower(key || ' ' || name), lower(:q)) > 0)
            order by key
            limit :limit
            """)
    List<BusinessUnit> list(@Nullable String after, @Nullable String q, int limit);

    @SqlUpdate("""
            insert into business_unit (key, name, created_at, created_by, updated_at, updated_by)
            values (:key, :name, :now, :by, :now, :by)
            on conflict (key) do update
            set name = excluded.name, version = business_unit.version + 1, updated_at = excluded.updated_at,
                updated_by = excluded.updated_by
            """)
    void put(String key, String name, String by, Instant now);

    @SqlQuery("select member, business_unit from business_unit_member where member = any(:members)")
    List<Member> memberships(String[] members);

    @SqlUpdate("delete from business_unit_member where business_unit = :unit and member = any(:members)")
    void removeMembers(String unit, String[] members);

    @SqlUpdate("insert into business_unit_member (member, business_unit) select unnest(:members), :unit")
    void addMembers(String unit, String[] members);

    /** Keeps a unit from being deleted until the transaction ends; empty when it is gone. */
    @SqlQuery("select key from business_unit where key = :key for key share")
    Optional<String> hold(String key);

    @SqlQuery("select exists (select from contact where business_unit = :key)")
    boolean hasContacts(String key);

    @SqlUpdate("delete from business_unit where key = :key")
    void delete(String key);
}
