package sojourn.benchmarks;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.contacts.Declaration;
import sojourn.app.contacts.ProfileTypes;
import sojourn.app.contacts.Relationships;
import sojourn.app.interactions.InteractionTypes;
import sojourn.app.segments.language.Catalog;
import sojourn.app.segments.language.Query;
import sojourn.app.segments.language.QueryToSql;
import sojourn.app.segments.language.Relation;
import sojourn.app.segments.language.SegmentLanguage;
import sojourn.app.segments.language.Sql;
import sojourn.app.segments.language.SqlContext;

/** What the segments' benchmarks need of the language: queries read, compiled as the product compiles them, and counted. */
final class Segments {

    private static final String NOT_ERASED = "from contact c where c.state <> 'erased' and (";

    private Segments() {}

    /** A count and how long it took. */
    record Timed(long count, double millis) {}

    static Query parse(Handle handle, String query) {
        return SegmentLanguage.parse(query, catalog(handle));
    }

    /** The ids of a segment's contacts, at an instant. */
    static Sql ids(Handle handle, String query, Instant now) {
        return about(handle, query, now, "select c.id ");
    }

    static Sql count(Handle handle, String query, Instant now) {
        return about(handle, query, now, "select count(*) ");
    }

    private static Sql about(Handle handle, String query, Instant now, String what) {
        var ids = new HashMap<String, Short>();
        InteractionTypes.all(handle).forEach((key, type) -> ids.put(key, type.id()));
        var relationships = new HashMap<String, Short>();
        Relationships.all(handle).forEach((key, one) -> relationships.put(key, one.id()));
        var compiled = QueryToSql.compile(
                parse(handle, query),
                new SqlContext(
                        now, ZoneOffset.UTC, ids, relationships, Map.of("a", id(handle, "a"), "b", id(handle, "b"))));
        return new Sql(what + NOT_ERASED + compiled.text() + ")", compiled.values());
    }

    private static Catalog catalog(Handle handle) {
        var properties = new HashMap<String, Map<String, Declaration>>();
        InteractionTypes.all(handle).forEach((key, type) -> properties.put(key, type.properties()));
        var profileTypes = new HashMap<String, Map<String, Declaration>>();
        ProfileTypes.all(handle).forEach((key, type) -> profileTypes.put(key, type.attributes()));
        var relations = new HashMap<String, Relation>();
        Relationships.all(handle).forEach((key, one) -> relations.put(key, new Relation(one.from(), one.to())));
        return new Catalog(profileTypes, relations, properties, Set.of("a", "b"));
    }

    /** As the product runs it: planned with its values, with room to hash. */
    static Timed timed(Jdbi jdbi, Sql count) {
        return jdbi.inTransaction(handle -> {
            handle.execute("set local work_mem = '128MB'");
            handle.execute("set local plan_cache_mode = force_custom_plan");
            var query = handle.createQuery(count.text());
            for (var index = 0; index < count.values().size(); index++) {
                query.bind(index, count.values().get(index));
            }
            var began = System.nanoTime();
            var found = query.mapTo(Long.class).one();
            return new Timed(found, (System.nanoTime() - began) / 1e6);
        });
    }

    static int id(Handle handle, String key) {
        return handle.select("select id from segment where key = ?", key)
                .mapTo(Integer.class)
                .one();
    }

    static long contacts(Jdbi jdbi) {
        return jdbi.withHandle(handle ->
                handle.select("select count(*) from contact").mapTo(Long.class).one());
    }

    static List<Long> tookMillis(Jdbi jdbi, String key) {
        return jdbi.withHandle(handle -> handle.select(
                        "select took_ms from evaluation where segment_id = ? order by at", id(handle, key))
                .mapTo(Long.class)
                .list());
    }
}
