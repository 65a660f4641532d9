package sojourn.app.contacts;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;
import org.jspecify.annotations.Nullable;

@RegisterConstructorMapper(ProfileTypeDao.Attribute.class)
@RegisterConstructorMapper(ProfileTypeDao.Type.class)
interface ProfileTypeDao {

    record Type(
            short id,
            String key,
            @Nullable String name,
            boolean builtIn,
            boolean allowUndeclared,
            boolean recordChanges,
            int version,
            Instant updatedAt) {}

    record Attribute(
            String profileType,
            String key,
            String type,
            @Nullable List<String> options,
            @Nullable String lookup,
            boolean builtIn) {

        Declaration declaration() {
            return new Declaration(ValueType.of(type).orElseThrow(), options == null ? List.of() : options, lookup);
        }
    }

    @SqlQuery("select * from profile_type order by key")
    List<Type> all();

    @SqlQuery("select * from profile_type where key = any(:keys)")
    List<Type> findAll(String[] keys);

    @SqlQuery("select * from profile_type where key > :after order by key limit :limit")
    List<Type> page(String after, int limit);

    @SqlQuery("select * from profile_type where key = :key")
    Optional<Type> find(String key);

    @SqlQuery("select * from profile_type where key = :key for update")
    Optional<Type> lock(String key);

    /** False when the key is taken. */
    @SqlUpdate("""
            insert into profile_type (key, name, allow_undeclared, record_changes, updated_at)
            values (:key, :name, :allowUndeclared, :recordChanges, :at)
            on conflict (key) do nothing
            """)
    boolean add(String key, @Nullable String name, boolean allowUndeclared, boolean recordChanges, Instant at);

    @SqlUpdate("""
            update profile_type
            set name = :name, allow_undeclared = :allowUndeclared, record_changes = :recordChanges, version = version + 1,
                updated_at = :at
            where key = :key
            """)
    void touch(String key, @Nullable String name, boolean allowUndeclared, boolean recordChanges, Instant at);

    /** Its attributes go first. */
    @SqlUpdate("delete from profile_type where key = :key")
    void delete(String key);

    @SqlQuery("select * from profile_attribute order by profile_type, position")
    List<Attribute> attributes();

    @SqlQuery("select * from profile_attribute where profile_type = :profileType order by position")
    List<Attribute> attributes(String profileType);

    /** Attributes of any type that look this one up. */
    @SqlQuery("select * from profile_attribute where lookup = :profileType order by profile_type, position")
    List<Attribute> lookups(String profileType);

    @SqlUpdate("""
            insert into profile_attribute (profile_type, key, type, options, lookup, position)
            select :profileType, :key, :type, :options, :lookup, coalesce(max(position) + 1, 0)
            from profile_attribute where profile_type = :profileType
            on conflict (profile_type, key) do update set options = excluded.options
            """)
    void put(String profileType, String key, String type, @Nullable List<String> options, @Nullable String lookup);

    @SqlUpdate("delete from profile_attribute where profile_type = :profileType and key = :key")
    void remove(String profileType, String key);

    @SqlUpdate("delete from profile_attribute where profile_type = :profileType")
    void removeAll(String profileType);

    /** Whether a record of the type, or a contact, has a value of the attribute. */
    @SqlQuery("""
            select exists (select from contact where :profileType = 'contact' and attributes ?? :key)
                or exists (select from profile where type_id = (select id from profile_type where key = :profileType)
                           and attributes ?? :key)
            """)
    boolean hasValues(String profileType, String key);

    @SqlQuery("select exists (select from profile where type_id = :type)")
    boolean hasRecords(short type);
}
