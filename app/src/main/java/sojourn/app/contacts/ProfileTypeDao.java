package sojourn.app.contacts;

import java.util.List;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jspecify.annotations.Nullable;

@RegisterConstructorMapper(ProfileTypeDao.Attribute.class)
interface ProfileTypeDao {

    record Attribute(
            String key,
            String type,
            @Nullable List<String> options,
            @Nullable String lookup) {

        Declaration declaration() {
            return new Declaration(ValueType.of(type).orElseThrow(), options == null ? List.of() : options, lookup);
        }
    }

    @SqlQuery("""
            select key, type, options, lookup from profile_attribute
            where profile_type = :profileType
            order by position
            """)
    List<Attribute> attributes(String profileType);
}
