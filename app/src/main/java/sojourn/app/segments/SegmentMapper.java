package sojourn.app.segments;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.UUID;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Columns;
import sojourn.app.platform.Json;

/** Reads a row of {@code segment}. */
public final class SegmentMapper implements RowMapper<Segment> {

    private static final ObjectMapper JSON = Json.mapper();

    @Override
    public Segment map(ResultSet row, StatementContext context) throws SQLException {
        return new Segment(
                row.getInt("id"),
                row.getObject("uuid", UUID.class),
                row.getString("key"),
                row.getString("name"),
                row.getString("description"),
                SegmentKind.of(row.getString("kind")).orElseThrow(),
                ZoneId.of(row.getString("time_zone")),
                row.getString("query"),
                SegmentState.of(row.getString("state")).orElseThrow(),
                row.getString("cause"),
                edit(row.getString("draft")),
                row.getString("owner"),
                row.getString("scope"),
                Columns.texts(row, "tags"),
                external(row.getString("external_source"), row.getString("external_url")),
                every(row.getString("evaluate_every")),
                instant(row, "created_at"),
                row.getString("created_by"),
                instant(row, "updated_at"),
                row.getString("updated_by"),
                maybe(row, "first_live_at"),
                row.getObject("first_live_at") == null ? null : row.getString("first_live_by"),
                maybe(row, "stopped_at"),
                maybe(row, "next_evaluation_at"),
                row.getInt("rescoped"),
                row.getInt("version"));
    }

    static String json(Segment.Edit edit) {
        try {
            return JSON.writeValueAsString(edit);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static Segment.@Nullable External external(@Nullable String source, @Nullable String url) {
        return source == null ? null : new Segment.External(source, url);
    }

    private static Segment.@Nullable Edit edit(@Nullable String json) throws SQLException {
        try {
            return json == null ? null : JSON.readValue(json, Segment.Edit.class);
        } catch (JsonProcessingException unreadable) {
            throw new SQLException("a segment's draft cannot be read", unreadable);
        }
    }

    private static @Nullable Duration every(@Nullable String text) {
        return text == null ? null : Duration.parse(text);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static @Nullable Instant maybe(ResultSet row, String column) throws SQLException {
        var value = row.getObject(column, OffsetDateTime.class);
        return value == null ? null : value.toInstant();
    }
}
