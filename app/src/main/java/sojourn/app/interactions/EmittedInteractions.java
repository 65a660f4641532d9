package sojourn.app.interactions;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Changes;
import sojourn.app.platform.ProblemError;

/**
 * Records interactions of declared types that other features say happened. What they carry may be personal, so with an
 * erasure they are treated like those from outside.
 */
public final class EmittedInteractions {

    /** What ids of such interactions begin with, and none from outside does. */
    public static final String ID = "emitted/";

    /** What those who emit say themselves of where it came from; nobody else's values would fit. */
    private static final Set<String> RESERVED = Set.copyOf(Reserved.OF_RUNS);

    private final InteractionStore store;
    private final InstantSource clock;

    EmittedInteractions(Changes changes, InstantSource clock) {
        this.store = new InteractionStore(changes);
        this.clock = clock;
    }

    /**
     * One interaction.
     *
     * @param id what comes behind {@link #ID}; makes it be recorded once, however often it is tried
     * @param origin where it came from: {@code journey}, {@code tile} and the like
     * @param properties values as the API has them
     */
    public record Emitted(
            String id,
            long contactId,
            String type,
            Instant occurredAt,
            Map<String, Object> origin,
            Map<String, Object> properties) {

        public Emitted {
            occurredAt = occurredAt.truncatedTo(ChronoUnit.MICROS);
            origin = Map.copyOf(origin);
            properties = Map.copyOf(properties);
        }
    }

    /** What does not fit a type, by pointers like {@code /properties/amount}; records that are looked up are not looked for. */
    public static List<ProblemError> check(InteractionType type, Map<String, Object> properties) {
        var errors = new ArrayList<ProblemError>();
        properties.keySet().stream()
                .filter(RESERVED::contains)
                .forEach(name -> errors.add(ProblemError.at(
                        "/properties/" + name, "reserved-property", "this is filled by the journey itself")));
        CheckedProperties.of(type, new LinkedHashMap<String, @Nullable Object>(properties), errors);
        return errors;
    }

    /**
     * Records it and word of it in the caller's transaction, which holds erasures off; after the commit the caller kicks {@link
     * Changes}.
     *
     * @return what does not fit; then nothing is recorded
     */
    public List<ProblemError> record(Handle handle, Emitted emitted) {
        var type = InteractionTypes.all(handle).get(emitted.type());
        if (type == null) {
            return List.of(ProblemError.at("/type", "unknown-type", "there is no such interaction type"));
        }
        var all = new LinkedHashMap<String, @Nullable Object>(emitted.properties());
        all.putAll(emitted.origin());
        var errors = new ArrayList<ProblemError>();
        var candidate = candidate(emitted, type, CheckedProperties.of(type, all, errors));
        var named = candidate.naming(InteractionLookups.find(handle, List.of(candidate)), errors);
        if (named != null && errors.isEmpty()) {
            store.store(
                    handle,
                    List.of(named.fact(emitted.contactId())),
                    clock.instant().truncatedTo(ChronoUnit.MICROS));
        }
        return errors;
    }

    private static Candidate candidate(Emitted emitted, InteractionType type, CheckedProperties properties) {
        var id = ID + emitted.id();
        var at = emitted.occurredAt();
        var sent = new Sent(0, null, id, type.key(), null, null, at, null, null, List.of());
        var hash = new ContentHash().of(id, type.key(), emitted.contactId(), at, properties.values());
        return new Candidate(sent, id, null, null, type, at, hash, properties);
    }
}
