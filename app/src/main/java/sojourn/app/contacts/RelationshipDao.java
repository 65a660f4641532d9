package sojourn.app.contacts;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.mapper.Nested;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;
import org.jspecify.annotations.Nullable;

@RegisterConstructorMapper(Relationship.class)
@RegisterConstructorMapper(RelationshipDao.Row.class)
interface RelationshipDao {

    /** A relationship, and what only people ask about it. */
    record Row(@Nested Relationship relationship, boolean builtIn, Instant createdAt) {}

    @SqlQuery("""
            select id, key, from_type as "from", attribute, to_type as "to" from relationship order by id
            """)
    List<Relationship> all();

    @SqlQuery("""
            select id, key, from_type as "from", attribute, to_type as "to", built_in, created_at from relationship
            where key > :after
            order by key
            limit :limit
            """)
    List<Row> page(String after, int limit);

    @SqlQuery("""
            select id, key, from_type as "from", attribute, to_type as "to", built_in, created_at from relationship
            where key = :key
            """)
    Optional<Row> find(String key);

    /** Empty when the key is taken. */
    @SqlQuery("""
            insert into relationship (key, from_type, attribute, to_type, created_at)
            values (:key, :from, :attribute, :to, :at)
            on conflict (key) do nothing
            returning id, key, from_type as "from", attribute, to_type as "to", built_in, created_at
            """)
    Optional<Row> add(String key, String from, @Nullable String attribute, String to, Instant at);

    @SqlUpdate("delete from relationship where id = :id")
    void delete(short id);
}
