package sojourn.app.segments;

import static java.util.stream.Collectors.toMap;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Cursor;
import sojourn.app.platform.Page;

/** What the API shows of segments and their evaluations. */
final class SegmentReadings {

    private record EvaluationRow(UUID id, Evaluation evaluation) {}

    private SegmentReadings() {}

    static SegmentAnswer answer(Handle handle, Segment segment) {
        return answers(handle, List.of(segment)).getFirst();
    }

    static List<SegmentAnswer> answers(Handle handle, List<Segment> segments) {
        var ids = segments.stream().map(Segment::id).toArray(Integer[]::new);
        var sizes = sizes(handle, ids);
        var evaluations = lastEvaluations(handle, ids);
        return segments.stream()
                .map(segment ->
                        new SegmentAnswer(segment, sizes.getOrDefault(segment.id(), 0L), evaluations.get(segment.id())))
                .toList();
    }

    private static Map<Integer, Long> sizes(Handle handle, Integer[] segments) {
        return handle.createQuery("""
                        select segment_id, count(*) from membership where segment_id = any(:segments) group by segment_id
                        """)
                .bind("segments", segments)
                .map((row, _) -> Map.entry(row.getInt(1), row.getLong(2)))
                .collect(toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static Map<Integer, Evaluation> lastEvaluations(Handle handle, Integer[] segments) {
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
