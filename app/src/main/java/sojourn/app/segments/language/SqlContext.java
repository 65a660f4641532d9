package sojourn.app.segments.language;

import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a query is compiled with: the moment at which it is asked, to the microsecond as instants are stored, the zone in
 * which it counts days, and the ids by which the database knows types and segments.
 */
public record SqlContext(
        Instant now,
        ZoneId zone,
        Map<String, Short> interactionTypes,
        Map<String, Short> profileTypes,
        Map<String, Short> relationships,
        Map<String, Integer> segments) {

    public SqlContext {
        now = now.truncatedTo(ChronoUnit.MICROS);
        interactionTypes = Map.copyOf(interactionTypes);
        profileTypes = Map.copyOf(profileTypes);
        relationships = Map.copyOf(relationships);
        segments = Map.copyOf(segments);
    }

    short interactionType(String key) {
        return found(interactionTypes.get(key), "interaction type", key);
    }

    short profileType(String key) {
        return found(profileTypes.get(key), "profile type", key);
    }

    short relationship(String key) {
        return found(relationships.get(key), "relationship", key);
    }

    int segment(String key) {
        return found(segments.get(key), "segment", key);
    }

    private static <T> T found(@Nullable T id, String kind, String key) {
        if (id == null) {
            throw new IllegalArgumentException("There is no " + kind + " `" + key + "` any more");
        }
        return id;
    }
}
