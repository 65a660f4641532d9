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

    record Type(String key, boolean allowUndeclared, int version, Instant updatedAt) {}

    record Attribute(
            String key,
            String type,
            @Nullable List<String> options,
            @Nullable String lookup) {

        Declaration declaration() {
            return new Declaration(ValueType.of(type).orElseThrow(), options == null ? List.of() : options, lookup);
        }
    }

    @SqlQuery("select key from profile_type order by key")
    List<String> keys();

    @SqlQuery("select * from profile_type where key = :key")
    Optional<Type> find(String key);

    @SqlQuery("select * from profile_type where key = :key for update")
    Optional<Type> lock(String key);

    @SqlUpdate("""
            update profile_type
            set allow_undeclared = :allowUndeclared, version = version + 1, updated_at = :at
            where key = :key
            """)
    void touch(String key, boolean allowUndeclared, Instant at);

    @SqlQuery("""
            select key, type, options, lookup from profile_attribute
            where profile_type = :profileType
            order by position
            """)
    List<Attribute> attributes(String profileType);

    @SqlUpdate("""
            insert into profile_attribute (profile_type, key, type, options, lookup, position)
            values (:profileType, :key, :type, :options, :lookup, :position)
            on conflict (profile_type, key) do update set options = excluded.options
            """)
    void put(
            String profileType,
            String key,
            String type,
            @Nullable List<String> options,
            @Nullable String lookup,
            int position);
}
