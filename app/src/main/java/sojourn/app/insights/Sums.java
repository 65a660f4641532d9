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
import sojourn.app.insights.Figure.Source;

/**
 * The sums of runs, visits and engagements that triggers keep by the hour in which they began, and by the day, narrowed to a
 * range. Whole days are taken from the sums of days, what is left at either end from those of hours; what a range cuts of an
 * hour is counted from the rows themselves, so that a figure is exact whatever was asked.
 */
final class Sums {

    private final Range range;
    private final Map<String, Object> bound = new HashMap<>();
    private final List<Part> parts = new ArrayList<>();

    /** Where a part of the range is counted: its condition takes the column with the beginning. */
    private record Part(Place place, String condition) {}

    private enum Place {
        DAYS("figure_day", "day"),
        HOURS("figure_sum", "hour"),
        /** What is not folded into either yet. */
        NOTES("figure_delta", "hour"),
        ROWS("", "");

        private final String table;
        private final String began;

        Place(String table, String began) {
            this.table = table;
            this.began = began;
        }
    }

    Sums(Range range) {
        this.range = range;
        var all = new Interval(range.from(), range.to());
        var hours = all.whole(ChronoUnit.HOURS);
        var days = all.whole(ChronoUnit.DAYS);
        if (range.version() != null) {
            bound.put("version", range.version());
        }
        days.ifPresent(whole -> add(Place.DAYS, List.of(whole)));
        hours.ifPresent(whole -> add(Place.HOURS, days.map(whole::without).orElse(List.of(whole))));
        hours.ifPresent(whole -> add(Place.NOTES, List.of(whole)));
        add(Place.ROWS, hours.map(all::without).orElse(List.of(all)));
    }

    private void add(Place place, List<Interval> intervals) {
        if (!intervals.isEmpty()) {
            var any = intervals.stream().map(this::within).collect(Collectors.joining(" or "));
            parts.add(new Part(place, "(" + any + ")"));
        }
    }

    private String within(Interval interval) {
        var from = interval.from() == null ? "true" : "%1$s >= " + bind(interval.from());
        var to = interval.to() == null ? "true" : "%1$s < " + bind(interval.to());
        return from + " and " + to;
    }

    private String bind(Instant instant) {
        var name = "at" + bound.size();
        bound.put(name, instant);
        return ":" + name;
    }

    /** Something to select from; {@code n} of each row says for how many it stands. */
    String from(Source source) {
        return parts.stream()
                .map(part -> part.place() == Place.ROWS ? rows(source, part) : sums(source, part))
                .map(select -> range.version() == null ? select : select + " and version = :version")
                .collect(Collectors.joining(" union all ", "(", ")"));
    }

    private static String sums(Source source, Part part) {
        return """
                select tile, type, status, outcome, branch, reason, case when goal then 'epoch'::timestamptz end as goal_at, n, times
                from %s where journey_id = :journey and source = '%s' and
                """.formatted(part.place().table, name(source))
                + part.condition().formatted(part.place().began);
    }

    private static String name(Source source) {
        return source == Source.FACT ? "engagement" : source.name().toLowerCase(Locale.ROOT);
    }

    private static String rows(Source source, Part part) {
        return switch (source) {
            case RUN -> """
                select case when status = 'completed' then tile end as tile, null as type, status, outcome, null as branch,
                       reason, goal_at, 1 as n, null as times
                from run where journey_id = :journey and
                """ + part.condition().formatted("entered_at");
            case VISIT -> """
                select tile, type, status, outcome, branch, reason, null as goal_at, 1 as n, null as times
                from tile_visit where journey_id = :journey and
                """ + part.condition().formatted("entered_at");
            case FACT -> """
                select tile, what as type, null as status, null as outcome, null as branch, null as reason, null as goal_at,
                       1 as n, times
                from engagement where journey_id = :journey and
                """ + part.condition().formatted("began_at");
        };
    }

    /** What {@link #from} asks for. */
    <S extends SqlStatement<S>> S bind(S statement) {
        return statement.bindMap(bound);
    }
}
