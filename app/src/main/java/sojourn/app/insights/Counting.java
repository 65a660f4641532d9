package sojourn.app.insights;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collector;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;
import sojourn.app.insights.Figure.Source;
import sojourn.app.insights.JourneyFigures.Bounces;
import sojourn.app.insights.JourneyFigures.Goal;
import sojourn.app.insights.JourneyFigures.OfTile;
import sojourn.app.insights.JourneyFigures.Reasons;
import sojourn.app.insights.JourneyFigures.Sending;
import sojourn.app.insights.JourneyFigures.Times;
import sojourn.workflows.journeys.JourneyDocument;
import sojourn.workflows.journeys.Tile;

/**
 * Counts the figures of one journey: from {@link Sums}, or, where contacts came twice and are to be counted once, from the
 * rows that its runs left behind. The caller's transaction is repeatable read: all statements see one moment, which is why
 * the figures add up.
 */
final class Counting {

    private final Handle handle;
    private final JourneyRow journey;
    private final Range range;
    private final boolean contacts;

    /** Null when rows are counted. */
    private final @Nullable Sums sums;

    /** @param contacts whether distinct contacts are counted, not runs and visits */
    Counting(Handle handle, JourneyRow journey, Range range, boolean contacts) {
        this(handle, journey, range, contacts, !contacts || isOnceForAll(handle, journey) ? new Sums(range) : null);
    }

    private Counting(Handle handle, JourneyRow journey, Range range, boolean contacts, @Nullable Sums sums) {
        this.handle = handle;
        this.journey = journey;
        this.range = range;
        this.contacts = contacts;
        this.sums = sums;
    }

    /** Counts every row, whatever the sums say. */
    static Counting ofRows(Handle handle, JourneyRow journey, Range range, boolean contacts) {
        return new Counting(handle, journey, range, contacts, null);
    }

    /** Whether nobody came to the journey or to a tile of it twice, not even as two contacts that are one by now. */
    private static boolean isOnceForAll(Handle handle, JourneyRow journey) {
        return !handle.createQuery("""
                        select exists (select from figure_sum where journey_id = :journey and again and n > 0)
                            or exists (select from figure_delta where journey_id = :journey and again and n > 0)
                            or exists (select from contact m join run r on r.contact_id = m.id
                                       where m.merged_into is not null and r.journey_id = :journey)
                        """)
                .bind("journey", journey.number())
                .mapTo(Boolean.class)
                .one();
    }

    JourneyFigures journey() {
        var runs = runs();
        var entered = of(runs, Figure.ENTERED);
        var reached = of(runs, Figure.GOAL);
        return new JourneyFigures(
                waiting(),
                entered,
                of(runs, Figure.IN_PROGRESS),
                of(runs, Figure.COMPLETED),
                new Reasons(of(runs, Figure.STOPPED), stopReasons()),
                of(runs, Figure.FAILED),
                new Goal(reached, rate(reached, entered), worth()),
                tiles(null));
    }

    /** Null where no version says what its goal is worth. */
    private @Nullable BigDecimal worth() {
        var said = journey.versions().values().stream()
                .map(JourneyDocument::goal)
                .anyMatch(goal -> goal != null && goal.value() != null);
        return said
                ? range.bind(handle.createQuery("""
                                select coalesce(sum(r.goal_value), 0) from run r
                                where r.journey_id = :journey and r.goal_value is not null
                                """ + Range.of("r")))
                        .bind("journey", journey.number())
                        .mapTo(BigDecimal.class)
                        .one()
                : null;
    }

    /** Null where there is no line to wait in. */
    private @Nullable Long waiting() {
        return handle.createQuery("select count(" + (contacts ? "distinct w.contact_id" : "w.seq") + """
                        )
                        from entry_pace p left join entry_wait w on w.journey_id = p.journey_id
                        where p.journey_id = :journey
                        group by p.journey_id
                        """)
                .bind("journey", journey.number())
                .mapTo(Long.class)
                .findOne()
                .orElse(null);
    }

    /** All tiles of the documents, and those of older versions that have visits; or only one of them. */
    Map<String, OfTile> tiles(@Nullable String only) {
        var types = new LinkedHashMap<String, String>();
        journey.tiles(range.version()).forEach((id, tile) -> types.put(id, tile.type()));
        var branches = new HashMap<String, Map<String, Long>>();
        journey.tiles(range.version()).forEach((id, tile) -> zeros(tile).ifPresent(zero -> branches.put(id, zero)));
        if (only != null) {
            types.keySet().removeIf(id -> !id.equals(only));
        }
        var visits = visits(only);
        visits.forEach((id, row) -> types.putIfAbsent(id, row.type()));
        byTileAnd("branch", Figure.BRANCH, only)
                .forEach((id, counts) ->
                        branches.computeIfAbsent(id, _ -> new LinkedHashMap<>()).putAll(counts));
        var sending = sending();
        var blocked = byTileAnd("reason", Figure.BLOCKED, only);
        var facts = sums == null ? facts(only) : engagements(sums, only);

        var tiles = new LinkedHashMap<String, OfTile>();
        types.forEach((id, type) -> {
            var row = visits.getOrDefault(id, new VisitCounts(type, Map.of())).counts();
            tiles.put(
                    id,
                    new OfTile(
                            type,
                            of(row, Figure.INFLOW),
                            of(row, Figure.PROCESSING),
                            of(row, Figure.PROCESSED),
                            of(row, Figure.STOPPED_AT),
                            of(row, Figure.EXPIRED),
                            of(row, Figure.FAILED_AT),
                            sending.contains(id) ? sending(id, row, blocked, facts) : null,
                            branches.get(id),
                            null));
        });
        return tiles;
    }

    /** Clicks of one tile by link; those of erased contacts have lost theirs. */
    Map<String, Times> links(String tile) {
        var links = times(Figure.CLICKED, "link", tile);
        links.remove("");
        return links;
    }

    /** The tiles that send messages, in any version. */
    private Set<String> sending() {
        return Stream.concat(
                        journey.tiles(range.version()).entrySet().stream(),
                        journey.versions().values().stream()
                                .flatMap(document -> document.allTiles().entrySet().stream()))
                .filter(tile -> tile.getValue().sending() != null)
                .map(Map.Entry::getKey)
                .collect(Collectors.toSet());
    }

    private static Sending sending(
            String id,
            Map<Figure, Long> row,
            Map<String, Map<String, Long>> blocked,
            Map<Figure, Map<String, Times>> facts) {
        return new Sending(
                of(row, Figure.SENT),
                of(row, Figure.UNCONFIRMED),
                of(row, Figure.DELIVERED),
                new Reasons(of(row, Figure.BLOCKED), blocked.getOrDefault(id, Map.of())),
                new Bounces(of(row, Figure.HARD_BOUNCED), of(row, Figure.SOFT_BOUNCED), of(row, Figure.BLOCK_BOUNCED)),
                of(facts, Figure.UNSUBSCRIBED, id).unique(),
                of(facts, Figure.COMPLAINED, id).unique(),
                of(facts, Figure.OPENED, id),
                of(facts, Figure.CLICKED, id));
    }

    private static Optional<Map<String, Long>> zeros(Tile tile) {
        var zeros = new LinkedHashMap<String, Long>();
        JourneyRow.branches(tile).forEach(branch -> zeros.put(branch, 0L));
        return zeros.isEmpty() ? Optional.empty() : Optional.of(zeros);
    }

    private Map<Figure, Long> runs() {
        return bind(handle.createQuery("select " + columns(Source.RUN, "r") + from(Source.RUN)))
                .map((row, _) -> counts(row, Source.RUN))
                .one();
    }

    private Map<String, Long> stopReasons() {
        return bind(handle.createQuery("select r.reason, " + counted("r", "true") + from(Source.RUN) + " and "
                        + Figure.STOPPED.where() + " group by r.reason"))
                .map((row, _) -> Map.entry(String.valueOf(row.getString(1)), row.getLong(2)))
                .stream()
                .filter(reason -> reason.getValue() != 0)
                .collect(sorted());
    }

    private record VisitCounts(String type, Map<Figure, Long> counts) {}

    private Map<String, VisitCounts> visits(@Nullable String only) {
        return bind(
                        handle.createQuery("select v.tile, max(v.type) as type, " + columns(Source.VISIT, "v")
                                + from(Source.VISIT) + one("v.tile", only) + " group by v.tile"),
                        only)
                .map((row, _) -> Map.entry(
                        row.getString("tile"), new VisitCounts(row.getString("type"), counts(row, Source.VISIT))))
                .collect(sorted());
    }

    private Map<String, Map<String, Long>> byTileAnd(String column, Figure figure, @Nullable String only) {
        return bind(
                        handle.createQuery("select v.tile, v." + column + ", " + counted("v", "true")
                                + from(Source.VISIT) + " and " + figure.where() + one("v.tile", only)
                                + " group by 1, 2"),
                        only)
                .map((row, _) -> new Part(row.getString(1), String.valueOf(row.getString(2)), row.getLong(3)))
                .stream()
                .filter(part -> part.count() != 0)
                .collect(Collectors.groupingBy(
                        Part::tile,
                        Collectors.toMap(Part::of, Part::count, (one, other) -> one + other, TreeMap::new)));
    }

    private record Part(String tile, String of, long count) {}

    private Map<Figure, Map<String, Times>> facts(@Nullable String only) {
        return figures(Source.FACT).collect(Collectors.toMap(figure -> figure, figure -> times(figure, "tile", only)));
    }

    /** All kinds in one look over the sums. */
    private Map<Figure, Map<String, Times>> engagements(Sums of, @Nullable String only) {
        var facts = new EnumMap<Figure, Map<String, Times>>(Figure.class);
        bind(
                        handle.createQuery("select e.type, e.tile, sum(e.n), sum(e.times) from " + of.from(Source.FACT)
                                + " e where true" + one("e.tile", only) + " group by e.type, e.tile"),
                        only)
                .map((row, _) -> Map.entry(
                        Figure.of(row.getString(1), true).orElseThrow(),
                        Map.entry(row.getString(2), new Times(row.getLong(3), row.getLong(4)))))
                .forEach(each -> facts.computeIfAbsent(each.getKey(), _ -> new TreeMap<>())
                        .put(each.getValue().getKey(), each.getValue().getValue()));
        return facts;
    }

    /** A repeat concerns the same visit, which its run, tile and pass name. */
    private Map<String, Times> times(Figure figure, String by, @Nullable String only) {
        var unique = contacts ? "i.contact_id" : "(i.properties ->> 'run', i.tile, i.properties ->> 'pass')";
        var query = handle.createQuery("select coalesce(i.properties ->> '" + by + "', ''), count(distinct " + unique
                + "), count(*) from interaction i where i.type_id = any(array(select id from interaction_type where key = any(:types)))"
                + " and i.journey = :key" + Range.ofFact() + one("i.tile", only) + " group by 1");
        if (only != null) {
            query.bind("only", only);
        }
        return range.bind(query)
                .bindArray("types", String.class, figure.types())
                .bind("key", journey.key())
                .map((row, _) -> Map.entry(row.getString(1), new Times(row.getLong(2), row.getLong(3))))
                .collect(sorted());
    }

    private static String one(String column, @Nullable String only) {
        return only == null ? "" : " and " + column + " = :only";
    }

    private Query bind(Query query, @Nullable String only) {
        return only == null ? bind(query) : bind(query).bind("only", only);
    }

    private Query bind(Query query) {
        return (sums == null ? range.bind(query) : sums.bind(query)).bind("journey", journey.number());
    }

    /** FROM and the beginning of WHERE; the rows are {@code r} or {@code v}. */
    private String from(Source source) {
        var run = source == Source.RUN;
        var alias = run ? "r" : "v";
        return sums == null
                ? " from %s %s where %s.journey_id = :journey".formatted(run ? "run" : "tile_visit", alias, alias)
                        + Range.of(alias)
                : " from " + sums.from(source) + " " + alias + " where true";
    }

    /** One column for each figure of a source. */
    private String columns(Source source, String alias) {
        return figures(source)
                .map(figure -> counted(alias, figure.where()) + " as " + figure.name())
                .collect(Collectors.joining(", "));
    }

    private String counted(String alias, String where) {
        if (sums != null) {
            return "coalesce(sum(" + alias + ".n) filter (where " + where + "), 0)";
        }
        // Runs stay with the contact that was merged, and it counts as the one it was merged into.
        var distinct = "distinct coalesce((select m.merged_into from contact m where m.id = " + alias
                + ".contact_id and m.merged_into is not null), " + alias + ".contact_id)";
        return "count(" + (contacts ? distinct : "*") + ") filter (where " + where + ")";
    }

    private static Map<Figure, Long> counts(ResultSet row, Source source) throws SQLException {
        var counts = new EnumMap<Figure, Long>(Figure.class);
        for (var figure : figures(source).toList()) {
            counts.put(figure, row.getLong(figure.name()));
        }
        return counts;
    }

    private static Stream<Figure> figures(Source source) {
        return Arrays.stream(Figure.values()).filter(figure -> figure.source() == source);
    }

    private static long of(Map<Figure, Long> counts, Figure figure) {
        return counts.getOrDefault(figure, 0L);
    }

    private static Times of(Map<Figure, Map<String, Times>> facts, Figure figure, String tile) {
        return facts.getOrDefault(figure, Map.of()).getOrDefault(tile, Times.NEVER);
    }

    private static BigDecimal rate(long part, long whole) {
        return whole == 0
                ? BigDecimal.ZERO
                : BigDecimal.valueOf(part).divide(BigDecimal.valueOf(whole), 3, RoundingMode.HALF_UP);
    }

    private static <T> Collector<Map.Entry<String, T>, ?, Map<String, T>> sorted() {
        return Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue, (one, _) -> one, TreeMap::new);
    }
}
