package sojourn.app.segments;

import static java.util.stream.Collectors.toMap;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Cursor;
import sojourn.app.platform.Page;
import sojourn.app.platform.Problem;

/** What the API shows of segments and their evaluations. */
final class SegmentReadings {

    private record EvaluationRow(UUID id, Evaluation evaluation) {}

    private SegmentReadings() {}

    /** The segment of a key or id. */
    static Segment find(Handle handle, String reference) {
        var segments = handle.attach(SegmentDao.class);
        return segments.find(reference)
                .or(() -> uuid(reference).flatMap(segments::findByUuid))
                .orElseThrow(() -> Problem.notFound("segment", reference));
    }

    private static Optional<UUID> uuid(String text) {
        try {
            return text.length() == 36 ? Optional.of(UUID.fromString(text)) : Optional.empty();
        } catch (IllegalArgumentException notAnId) {
            return Optional.empty();
        }
    }

    /** How many members each segment has now; those without any are left out. */
    static Map<Integer, Long> sizes(Handle handle, Integer[] segments) {
        return handle.createQuery("""
                        select segment_id, count(*) from membership where segment_id = any(:segments) group by segment_id
                        """)
                .bind("segments", segments)
                .map((row, _) -> Map.entry(row.getInt(1), row.getLong(2)))
                .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    static Map<Integer, Evaluation> lastEvaluations(Handle handle, Integer[] segments) {
        return handle.createQuery("""
                        select distinct on (segment_id) segment_id, at, took_ms, size, joined, left_, kind, drift
                        from evaluation
                        where segment_id = any(:segments)
                        order by segment_id, at desc, id desc
                        """)
                .bind("segments", segments)
                .map((row, _) -> Map.entry(row.getInt("segment_id"), evaluation(row)))
                .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    /** Newest first. */
    static Page<Evaluation> evaluations(Handle handle, int segment, @Nullable Cursor after, int limit) {
        var rows = handle.createQuery("""
                        select id, at, took_ms, size, joined, left_, kind, drift
                        from evaluation
                        where segment_id = :segment and (:at::timestamptz is null or (at, id) < (:at::timestamptz, :id::uuid))
                        order by at desc, id desc
                        limit :limit
                        """)
                .bind("segment", segment)
                .bind("at", after == null ? null : after.get(0))
                .bind("id", after == null ? null : after.get(1))
                .bind("limit", limit + 1)
                .map((row, _) -> new EvaluationRow(row.getObject("id", UUID.class), evaluation(row)))
                .list();
        return Page.of(rows, limit, row -> Cursor.of(row.evaluation().at(), row.id()))
                .map(EvaluationRow::evaluation);
    }

    private static Evaluation evaluation(ResultSet row) throws SQLException {
        return new Evaluation(
                row.getObject("at", OffsetDateTime.class).toInstant(),
                Duration.ofMillis(row.getLong("took_ms")),
                row.getLong("size"),
                row.getLong("joined"),
                row.getLong("left_"),
                row.getString("kind"),
                row.getLong("drift"));
    }
}
