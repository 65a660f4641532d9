package sojourn.app.interactions;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An interaction that has been checked, as it goes into the database.
 *
 * @param anonymousId whose it is as long as nobody knows the contact, which there is none of then; else null
 * @param contentHash says whether another with the same id is the same fact
 * @param properties as JSON, null when there are none
 * @param folded its text and option properties as queries compare them, as JSON, null when there are none
 * @param lookups the records that its properties name, as JSON, null when there are none
 */
record Fact(
        String id,
        UUID contentHash,
        long contactId,
        @Nullable String anonymousId,
        InteractionType type,
        Instant occurredAt,
        @Nullable String bindingKey,
        @Nullable String journey,
        @Nullable String tile,
        @Nullable String properties,
        @Nullable String folded,
        @Nullable String lookups) {

    boolean isAnonymous() {
        return anonymousId != null;
    }

    long micros() {
        return ChronoUnit.MICROS.between(Instant.EPOCH, occurredAt);
    }

    static @Nullable String[] texts(List<Fact> facts, Function<Fact, @Nullable String> field) {
        return facts.stream().map(field).toArray(String[]::new);
    }

    /** What the tables of facts have in common, as arrays by which to bind them. */
    static Map<String, Object> columns(List<Fact> facts) {
        return Map.of(
                "lookups", texts(facts, Fact::lookups),
                "micros", facts.stream().map(Fact::micros).toArray(Long[]::new),
                "types", facts.stream().map(fact -> fact.type().id()).toArray(Short[]::new),
                "hashes", facts.stream().map(Fact::contentHash).toArray(UUID[]::new),
                "ids", texts(facts, Fact::id),
                "journeys", texts(facts, Fact::journey),
                "tiles", texts(facts, Fact::tile),
                "bindingKeys", texts(facts, Fact::bindingKey),
                "properties", texts(facts, Fact::properties),
                "folded", texts(facts, Fact::folded));
    }
}
