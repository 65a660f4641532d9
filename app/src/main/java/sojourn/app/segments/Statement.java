package sojourn.app.segments;

import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.TimeLimit;
import sojourn.app.segments.language.Needs;
import sojourn.app.segments.language.Query;
import sojourn.app.segments.language.QueryToSql;
import sojourn.app.segments.language.Sql;
import sojourn.app.segments.language.SqlContext;

/** SQL text of ours around what a query compiles to, and the values of all its question marks in order. */
record Statement(String text, List<Object> values) {

    Statement {
        values = List.copyOf(values);
    }

    static Statement of(String text, Object... values) {
        return new Statement(text, List.of(values));
    }

    /** The query as a condition on {@code contact c}, in parentheses. */
    static Statement compile(Handle handle, Vocabulary.Words words, Query query, Instant now, ZoneId zone) {
        return condition(QueryToSql.compile(query, context(handle, words, query, now, zone)));
    }

    /** The same, where the statement names the few contacts whom it asks about. */
    static Statement compileForFew(Handle handle, Vocabulary.Words words, Query query, Instant now, ZoneId zone) {
        return condition(QueryToSql.compileForFew(query, context(handle, words, query, now, zone)));
    }

    /** A SELECT of the ids of the query's contacts by what it looks at alone, where there is one: {@link QueryToSql#ids}. */
    static Optional<Statement> ids(Handle handle, Vocabulary.Words words, Query query, Instant now, ZoneId zone) {
        return QueryToSql.ids(query, context(handle, words, query, now, zone))
                .map(sql -> new Statement(sql.text(), sql.values()));
    }

    private static Statement condition(Sql sql) {
        return new Statement("(" + sql.text() + ")", sql.values());
    }

    private static SqlContext context(Handle handle, Vocabulary.Words words, Query query, Instant now, ZoneId zone) {
        return new SqlContext(
                now,
                zone,
                words.typeIds(),
                words.profileTypeIds(),
                words.relationshipIds(),
                segmentIds(handle, Needs.of(query)));
    }

    private static Map<String, Integer> segmentIds(Handle handle, Needs needs) {
        var ids = new HashMap<String, Integer>();
        handle.createQuery("select key, id from segment where key = any(:keys)")
                .bind("keys", needs.segments().toArray(String[]::new))
                .map((row, _) -> Map.entry(row.getString(1), row.getInt(2)))
                .forEach(entry -> ids.put(entry.getKey(), entry.getValue()));
        return ids;
    }

    Statement add(Statement more) {
        var all = new ArrayList<>(values);
        all.addAll(more.values());
        return new Statement(text + more.text(), all);
    }

    org.jdbi.v3.core.statement.Query query(Handle handle) {
        var query = handle.createQuery(text);
        for (var index = 0; index < values.size(); index++) {
            query.bind(index, values.get(index));
        }
        return query;
    }

    int update(Handle handle) {
        var update = handle.createUpdate(text);
        for (var index = 0; index < values.size(); index++) {
            update.bind(index, values.get(index));
        }
        return update.execute();
    }

    /** Until the transaction ends: no statement longer than this, planned with its values and with room to hash. */
    static void limitTime(Handle handle, Duration limit) {
        handle.execute("set local statement_timeout = " + limit.toMillis());
        handle.execute("set local work_mem = '128MB'");
        handle.execute("set local plan_cache_mode = force_custom_plan");
    }

    static boolean tookTooLong(Throwable failure) {
        return TimeLimit.passed(failure);
    }

    /** PostgreSQL's own word for what went wrong; null when it was not PostgreSQL. */
    static @Nullable String sqlState(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLException sql) {
                return sql.getSQLState();
            }
        }
        return null;
    }
}
