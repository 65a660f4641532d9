package sojourn.app.journeys;

import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jdbi.v3.json.Json;
import org.jspecify.annotations.Nullable;
import sojourn.workflows.journeys.JourneyDocument;

/** Versions of journeys, read once a process: a version never changes, nor does the key of a segment it names. */
final class LiveVersions {

    private record Id(int journey, int version) {}

    private final Map<Id, LiveVersion> read = new ConcurrentHashMap<>();
    private final ZoneId organizationZone;

    LiveVersions(ZoneId organizationZone) {
        this.organizationZone = organizationZone;
    }

    LiveVersion get(Handle handle, int journey, int version) {
        var id = new Id(journey, version);
        var known = read.get(id);
        if (known == null) {
            known = read(handle, journey, version);
            read.put(id, known);
        }
        return known;
    }

    /** The live versions that a segment's joiners and leavers concern, of journeys that let contacts in just now. */
    List<LiveVersion> concernedBy(Handle handle, int segmentId) {
        return handle
                .select("""
                        select j.id, j.live_version
                        from journey j
                        join journey_version v on v.journey_id = j.id and v.version = j.live_version
                        where j.state = 'live' and ? = any(v.segments)
                        order by j.id
                        """, segmentId)
                .map((rows, context) -> new Id(rows.getInt(1), rows.getInt(2)))
                .list()
                .stream()
                .map(id -> get(handle, id.journey(), id.version()))
                .toList();
    }

    /** As it is in the caller's transaction, which may not come to pass. */
    LiveVersion read(Handle handle, int journey, int version) {
        var id = new Id(journey, version);
        var row = handle.select("""
                        select j.key, v.document, v.listens, v.goal
                        from journey_version v join journey j on j.id = v.journey_id
                        where v.journey_id = ? and v.version = ?
                        """, id.journey(), id.version())
                .map(ConstructorMapper.of(Row.class))
                .one();
        var keys = row.document().segmentKeys().toList();
        var segments = handle
                .createQuery("select key, id from segment where key = any(:keys)")
                .bindArray("keys", String.class, keys)
                .map((rows, context) -> Map.entry(rows.getString(1), rows.getInt(2)))
                .stream()
                .collect(Collectors.toUnmodifiableMap(Map.Entry::getKey, Map.Entry::getValue));
        return new LiveVersion(
                id.journey(),
                row.key(),
                id.version(),
                row.document(),
                row.document().zone(organizationZone),
                row.listens(),
                row.goal(),
                segments);
    }

    /** Public for the row mapper. */
    public record Row(
            String key,
            @Json JourneyDocument document,
            List<String> listens,
            @Nullable String goal) {}
}
