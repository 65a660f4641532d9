package sojourn.app.insights;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jdbi.v3.core.statement.Query;
import org.jdbi.v3.json.Json;
import sojourn.app.insights.JourneyFigures.Times;
import sojourn.app.segments.Segment;
import sojourn.workflows.journeys.JourneyDocument;

/**
 * What came of a segment in one journey that has it, or had it in any version, in its audience: the runs of contacts that
 * were members when they entered.
 *
 * @param runs how many
 * @param sent messages in these runs that were given to a provider
 * @param opens of these messages
 * @param clicks in them
 * @param conversions runs that reached the journey's goal
 */
record SegmentUsage(String journey, String name, long runs, long sent, Times opens, Times clicks, long conversions) {

    /** Each statement begins with these runs. */
    private static final String USED = """
            with used as (
                select r.id, r.contact_id, r.journey_id, r.goal_at
                from run r
                where r.journey_id = any(:journeys)
            """ + Range.of("r") + """
                  and exists (
                      select from (select joined_at, null::timestamptz as left_at from membership m
                                   where m.segment_id = :segment and m.contact_id = r.contact_id
                                   union all
                                   select joined_at, left_at from past_membership p
                                   where p.segment_id = :segment and p.contact_id = r.contact_id) as stay
                      where joined_at <= r.entered_at and (left_at is null or left_at > r.entered_at)))
            """;

    private record Journey(int id, String key, String name) {}

    private record Runs(long runs, long conversions) {}

    /** By journey, the one with most runs first; of runs that began in a range. */
    static List<SegmentUsage> read(Handle handle, Segment segment, Range range) {
        var journeys = journeys(handle, segment);
        var ids = journeys.stream().map(Journey::id).toArray(Integer[]::new);
        var runs = new HashMap<Integer, Runs>();
        bind(handle, USED + "select journey_id, count(*), count(goal_at) from used group by 1", segment, ids, range)
                .map((row, _) -> Map.entry(row.getInt(1), new Runs(row.getLong(2), row.getLong(3))))
                .forEach(entry -> runs.put(entry.getKey(), entry.getValue()));
        var sent = new HashMap<Integer, Long>();
        bind(
                        handle,
                        USED + "select v.journey_id, count(*) from used"
                                + " join tile_visit v on v.run_id = used.id and v.contact_id = used.contact_id"
                                + " where " + Figure.SENT.where() + " group by 1",
                        segment,
                        ids,
                        range)
                .map((row, _) -> Map.entry(row.getInt(1), row.getLong(2)))
                .forEach(entry -> sent.put(entry.getKey(), entry.getValue()));
        var opens = facts(handle, Figure.OPENED, segment, ids, range);
        var clicks = facts(handle, Figure.CLICKED, segment, ids, range);
        var usage = new ArrayList<SegmentUsage>();
        for (var journey : journeys) {
            var counted = runs.getOrDefault(journey.id(), new Runs(0, 0));
            usage.add(new SegmentUsage(
                    journey.key(),
                    journey.name(),
                    counted.runs(),
                    sent.getOrDefault(journey.id(), 0L),
                    opens.getOrDefault(journey.id(), Times.NEVER),
                    clicks.getOrDefault(journey.id(), Times.NEVER),
                    counted.conversions()));
        }
        usage.sort((one, other) -> Long.compare(other.runs(), one.runs()));
        return usage;
    }

    /** Unique are messages, which run, tile and pass name; as in the figures of a journey. */
    private static Map<Integer, Times> facts(
            Handle handle, Figure figure, Segment segment, Integer[] journeys, Range range) {
        var times = new HashMap<Integer, Times>();
        bind(handle, USED + """
                        select used.journey_id, count(distinct (used.id, i.tile, i.properties ->> 'pass')), count(*)
                        from used
                        join interaction i on i.contact_id = used.contact_id
                          and i.type_id = any(array(select id from interaction_type where key = any(:types)))
                          and i.properties ->> 'run' = used.id::text
                        group by 1
                        """, segment, journeys, range)
                .bindArray("types", String.class, figure.types())
                .map((row, _) -> Map.entry(row.getInt(1), new Times(row.getLong(2), row.getLong(3))))
                .forEach(entry -> times.put(entry.getKey(), entry.getValue()));
        return times;
    }

    private static Query bind(Handle handle, String sql, Segment segment, Integer[] journeys, Range range) {
        return range.bind(handle.createQuery(sql)).bind("journeys", journeys).bind("segment", segment.id());
    }

    /** Public for the row mapper. */
    public record Version(int id, String key, @Json JourneyDocument document) {}

    private static List<Journey> journeys(Handle handle, Segment segment) {
        var found = new HashMap<Integer, Journey>();
        handle.createQuery("""
                        select j.id, j.key, v.document
                        from journey j
                        join journey_version v on v.journey_id = j.id
                        where :segment = any(v.segments)
                        order by v.version
                        """)
                .bind("segment", segment.id())
                .map(ConstructorMapper.of(Version.class))
                .filter(version -> version.document().audienceSegments().contains(segment.key()))
                .forEach(version -> found.put(version.id(), new Journey(version.id(), version.key(), name(version))));
        return List.copyOf(found.values());
    }

    private static String name(Version version) {
        var name = version.document().name();
        return name == null ? version.key() : name;
    }
}
