package sojourn.app.interactions;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
}
