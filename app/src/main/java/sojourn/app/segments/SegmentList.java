package sojourn.app.segments;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Cursor;
import sojourn.app.platform.Page;
import sojourn.app.platform.Problem;

/** Segments, filtered and in the order asked for. */
final class SegmentList {

    /** What a list may be sorted by; a minus before the word turns it round. */
    enum Sort {
        KEY("key", "key", "text"),
        NAME("name", "name", "text"),
        UPDATED_AT("updatedAt", "updated_at", "timestamptz"),
        SIZE("size", "(select count(*) from membership m where m.segment_id = s.id)", "bigint");

        private final String word;
        private final String expression;
        private final String type;

        Sort(String word, String expression, String type) {
            this.word = word;
            this.expression = expression;
            this.type = type;
        }

        static Optional<Sort> of(String word) {
            return Arrays.stream(values())
                    .filter(sort -> sort.word.equals(word))
                    .findFirst();
        }
    }

    /** Which segments; null means any. */
    record Filter(
            @Nullable String q,
            @Nullable String state,
            @Nullable String kind,
            @Nullable String tag,
            @Nullable String owner) {

        Filter {
            if (state != null && SegmentState.of(state).isEmpty()) {
                var states = Arrays.stream(SegmentState.values())
                        .map(SegmentState::word)
                        .toList();
                throw Problem.invalid(
                        "/state",
                        "unknown-state",
                        "There is no state '" + state + "'; one of " + states + " would fit");
            }
            if (kind != null && SegmentKind.of(kind).isEmpty()) {
                throw Problem.invalid("/kind", "unknown-kind", "There is no kind '" + kind + "'");
            }
        }
    }

    private record Row(Segment segment, String sorted) {}

    private SegmentList() {}

    static Page<Segment> read(Handle handle, Filter filter, @Nullable String order, @Nullable Cursor after, int limit) {
        var descending = order != null && order.startsWith("-");
        var sort = order == null ? Sort.KEY : sort(descending ? order.substring(1) : order);
        var rows = rows(handle, filter, sort, descending, after, limit);
        return Page.of(
                        rows,
                        limit,
                        row -> Cursor.of(sort.word, row.sorted(), row.segment().key()))
                .map(Row::segment);
    }

    private static List<Row> rows(
            Handle handle, Filter filter, Sort sort, boolean descending, @Nullable Cursor after, int limit) {
        if (after != null) {
            check(after, sort);
        }
        var mapper = new SegmentMapper();
        return handle.createQuery(
                        """
                        select * from (
                            select s.*, %1$s as sorted
                            from segment s
                            where (:state::text is null or state = :state)
                              and (:kind::text is null or kind = :kind)
                              and (:tag::text is null or tags @> array[:tag::text])
                              and (:owner::text is null or owner = :owner)
                              and (:q::text is null or strpos(lower(key || ' ' || name), lower(:q)) > 0)) as listed
                        where :afterKey::text is null or (sorted, key) %2$s (:afterValue::%3$s, :afterKey::text)
                        order by sorted %4$s, key %4$s
                        limit :limit
                        """.formatted(sort.expression, descending ? "<" : ">", sort.type, descending ? "desc" : "asc"))
                .bind("state", filter.state())
                .bind("kind", filter.kind())
                .bind("tag", filter.tag())
                .bind("owner", filter.owner())
                .bind("q", filter.q())
                .bind("afterValue", after == null ? null : after.get(1))
                .bind("afterKey", after == null ? null : after.get(2))
                .bind("limit", limit + 1)
                .map((row, context) -> new Row(mapper.map(row, context), row.getString("sorted")))
                .list();
    }

    /** A cursor of this order, with a value that the database can read. */
    private static void check(Cursor after, Sort sort) {
        if (!after.get(0).equals(sort.word)) {
            throw Problem.invalid(
                    "/cursor", "unknown-cursor", "This cursor was made for another order; start without one");
        }
        switch (sort) {
            case KEY, NAME -> {}
            case SIZE -> after.number(1);
            case UPDATED_AT -> {
                if (!after.get(1).matches("[0-9:. +-]{19,40}")) {
                    throw Problem.invalid(
                            "/cursor", "unknown-cursor", "This cursor was not made by this list; start without one");
                }
            }
        }
    }

    private static Sort sort(String word) {
        return Sort.of(word)
                .orElseThrow(() -> Problem.invalid(
                        "/sort",
                        "unknown-sort",
                        "sort is '" + word + "'; key, name, updatedAt or size would fit, with a minus before it for"
                                + " the other direction"));
    }
}
