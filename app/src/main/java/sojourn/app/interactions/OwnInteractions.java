package sojourn.app.interactions;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Changes;
import sojourn.app.contacts.Fold;
import sojourn.app.platform.Json;

/** Records what the product itself did to contacts, so that queries and journeys see it like any other interaction. */
public final class OwnInteractions {

    /**
     * One fact.
     *
     * @param id makes it be recorded once, however often it is tried
     * @param type key of a built-in type
     * @param properties text, numbers, booleans and instants by the names of {@link BuiltInProperties}, or of the type's own
     */
    public record Own(String id, long contactId, String type, Instant occurredAt, Map<String, Object> properties) {

        public Own {
            occurredAt = occurredAt.truncatedTo(ChronoUnit.MICROS);
            properties = Map.copyOf(properties);
        }
    }

    /** What the ids of such facts look like, and no id from outside does: {@code run/...} and {@code delivery/...}. */
    static final String ID = "^(run|delivery)/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/";

    private static final ObjectMapper JSON = Json.mapper();

    private final InteractionStore store;
    private final InstantSource clock;
    private volatile Map<String, InteractionType> types = Map.of();

    public OwnInteractions(Changes changes, InstantSource clock) {
        this.store = new InteractionStore(changes);
        this.clock = clock;
    }

    /**
     * Records facts and word of them in the caller's transaction; those whose ids are known are left alone. After the
     * commit the caller kicks {@link Changes}.
     */
    public void record(Handle handle, List<Own> facts) {
        var byId = new LinkedHashMap<String, Fact>();
        for (var own : facts) {
            byId.putIfAbsent(own.id(), fact(handle, own));
        }
        if (!byId.isEmpty()) {
            store.store(handle, List.copyOf(byId.values()), clock.instant().truncatedTo(ChronoUnit.MICROS));
        }
    }

    private Fact fact(Handle handle, Own own) {
        var folded = new LinkedHashMap<String, String>();
        own.properties().forEach((name, value) -> {
            if (value instanceof String text && !text.isEmpty()) {
                folded.put(name, Fold.text(text));
            }
        });
        return new Fact(
                own.id(),
                new ContentHash().of(own.id(), own.type(), own.contactId(), own.occurredAt(), own.properties()),
                own.contactId(),
                null,
                type(handle, own.type()),
                own.occurredAt(),
                null,
                text(own.properties().get("journey")),
                text(own.properties().get("tile")),
                json(own.properties()),
                json(folded),
                null);
    }

    /** Built-in types are never changed or taken away, so they are read once. */
    private InteractionType type(Handle handle, String key) {
        var type = types.get(key);
        if (type == null) {
            types = InteractionTypes.all(handle);
            type = types.get(key);
        }
        if (type == null || !type.builtIn()) {
            throw new IllegalArgumentException("no built-in interaction type " + key);
        }
        return type;
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }

    private static @Nullable String json(Map<String, ?> object) {
        if (object.isEmpty()) {
            return null;
        }
        try {
            return JSON.writeValueAsString(object);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
