package sojourn.app.interactions;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.json.Json;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import sojourn.app.contacts.Declaration;

@RegisterConstructorMapper(InteractionTypeDao.Row.class)
interface InteractionTypeDao {

    record Row(
            short id,
            String key,
            boolean builtIn,
            @Json Map<String, Declaration> properties,
            int version,
            Instant createdAt) {

        InteractionType type() {
            var all = new LinkedHashMap<>(properties);
            all.putAll(BuiltInProperties.all());
            return new InteractionType(id, key, builtIn, all);
        }
    }

    @SqlQuery("select * from interaction_type order by key")
    List<Row> all();

    @SqlQuery("select * from interaction_type where key > :after order by key limit :limit")
    List<Row> page(String after, int limit);

    @SqlQuery("select * from interaction_type where key = :key")
    Optional<Row> find(String key);

    @SqlQuery("select * from interaction_type where key = :key for update")
    Optional<Row> lock(String key);

    /** Empty when the key is taken. */
    @SqlQuery("""
            insert into interaction_type (key, properties) values (:key, :properties)
            on conflict (key) do nothing
            returning *
            """)
    Optional<Row> add(String key, @Json Map<String, Declaration> properties);

    @SqlQuery(
            "update interaction_type set properties = :properties, version = version + 1 where key = :key returning *")
    Row change(String key, @Json Map<String, Declaration> properties);
}
