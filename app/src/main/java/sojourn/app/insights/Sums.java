package sojourn.app.insights;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;
import sojourn.app.insights.Figure.Source;

/**
 * The sums of runs, visits and engagements that triggers keep by the hour in which they began, narrowed to a range. What a
 * range cuts of an hour is counted from the rows themselves, so that a figure is exact whatever was asked.
 *
 * @param wholeFrom the first hour that lies in the range as a whole; null when the range has no beginning
 * @param wholeTo the end of the last one
 */
record Sums(
        Range range, @Nullable Instant wholeFrom, @Nullable Instant wholeTo) {

    private static final String OF_VERSION = " and version = :version";

    static Sums of(Range range) {
        var from = range.from() == null ? null : upToHour(range.from());
        var to = range.to() == null ? null : range.to().truncatedTo(ChronoUnit.HOURS);
        return from != null && to != null && from.isAfter(to)
                ? new Sums(range, range.to(), range.to())
                : new Sums(range, from, to);
    }

    private static Instant upToHour(Instant instant) {
        var hour = instant.truncatedTo(ChronoUnit.HOURS);
        return hour.equals(instant) ? hour : hour.plus(1, ChronoUnit.HOURS);
    }

    /** Something to select from; {@code n} of each row says for how many it stands. */
    String from(Source source) {
        var parts = new ArrayList<String>();
        for (var table : List.of("figure_sum", "figure_delta")) {
            parts.add("""
                    select tile, type, status, outcome, branch, reason, case when goal then hour end as goal_at, n, times
                    from %s where journey_id = :journey and source = '%s'
                    """.formatted(table, name(source))
                    + (range.version() == null ? "" : OF_VERSION)
                    + (wholeFrom == null ? "" : " and hour >= :wholeFrom")
                    + (wholeTo == null ? "" : " and hour < :wholeTo"));
        }
        var cut = cutHours(source == Source.FACT ? "began_at" : "entered_at");
        if (!cut.isEmpty()) {
            parts.add(rows(source) + (range.version() == null ? "" : OF_VERSION) + " and (" + cut + ")");
        }
        return "(" + String.join(" union all ", parts) + ")";
    }

    private static String name(Source source) {
        return source == Source.FACT ? "engagement" : source.name().toLowerCase(Locale.ROOT);
    }

    private static String rows(Source source) {
        return switch (source) {
            case RUN -> """
                select case when status = 'completed' then tile end, null, status, outcome, null, reason, goal_at, 1, null
                from run where journey_id = :journey
                """;
            case VISIT -> """
                select tile, type, status, outcome, branch, reason, null, 1, null
                from tile_visit where journey_id = :journey
                """;
            case FACT -> """
                select tile, what, null, null, null, null, null, 1, times
                from engagement where journey_id = :journey and times > 0
                """;
        };
    }

    private String cutHours(String began) {
        var cut = new ArrayList<String>();
        if (isFromCut()) {
            cut.add(began + " >= :from and " + began + " < :wholeFrom");
        }
        if (isToCut()) {
            cut.add(began + " >= :wholeTo and " + began + " < :to");
        }
        return cut.stream().map(each -> "(" + each + ")").collect(Collectors.joining(" or "));
    }

    private boolean isFromCut() {
        return range.from() != null && !range.from().equals(wholeFrom);
    }

    private boolean isToCut() {
        return range.to() != null && !range.to().equals(wholeTo);
    }

    /** What {@link #from} asks for. */
    <S extends SqlStatement<S>> S bind(S statement) {
        var bound = new HashMap<String, Object>();
        put(bound, "version", range.version());
        put(bound, "wholeFrom", wholeFrom);
        put(bound, "wholeTo", wholeTo);
        put(bound, "from", isFromCut() ? range.from() : null);
        put(bound, "to", isToCut() ? range.to() : null);
        return statement.bindMap(bound);
    }

    private static void put(Map<String, Object> bound, String name, @Nullable Object value) {
        if (value != null) {
            bound.put(name, value);
        }
    }
}
