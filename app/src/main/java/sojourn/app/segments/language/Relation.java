package sojourn.app.segments.language;

import java.util.Optional;

/** A declared relationship, as queries may follow it: from the type that looks up to the type looked up, and back. */
public record Relation(String from, String to) {

    boolean touches(String type) {
        return from.equals(type) || to.equals(type);
    }

    /** Of a type with itself only the query can say which way is meant. */
    boolean isWithin() {
        return from.equals(to);
    }

    /** How it is followed from a type; empty when it does not touch that type. */
    Optional<Query.Step.Traverse> follow(String key, String type, boolean reverse) {
        if (isWithin() ? !from.equals(type) : !touches(type)) {
            return Optional.empty();
        }
        var back = isWithin() ? reverse : to.equals(type);
        return Optional.of(new Query.Step.Traverse(key, back, back ? from : to));
    }
}
