package sojourn.app.segments.language;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/** Says which contacts belong to a segment: a set expression over blocks. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Query.Profile.class, name = "profile"),
    @JsonSubTypes.Type(value = Query.Interactions.class, name = "interactions"),
    @JsonSubTypes.Type(value = Query.Members.class, name = "members"),
    @JsonSubTypes.Type(value = Query.Union.class, name = "union"),
    @JsonSubTypes.Type(value = Query.Intersect.class, name = "intersect"),
    @JsonSubTypes.Type(value = Query.Except.class, name = "except")
})
public sealed interface Query {

    /** {@code PROFILE(type)} and the chain of steps behind it, which ends at contacts. */
    record Profile(String type, List<Step> steps) implements Query {
        public Profile {
            steps = List.copyOf(steps);
        }
    }

    /**
     * {@code INTERACTION(type, ...)}, or {@code INTERACTION(ANY)} when no type is named. All filters must hold for an
     * interaction to be looked at, all havings for the contact to belong; no having means that there is one at all.
     */
    record Interactions(List<String> types, List<Condition> filters, List<Having> havings) implements Query {
        public Interactions {
            types = List.copyOf(types);
            filters = List.copyOf(filters);
            havings = List.copyOf(havings);
        }
    }

    /** {@code SEGMENT(key)}: the members of another segment. */
    record Members(String segment) implements Query {}

    /** In at least one of them. */
    record Union(List<Query> of) implements Query {
        public Union {
            of = severalOf(of);
        }
    }

    /** In all of them. */
    record Intersect(List<Query> of) implements Query {
        public Intersect {
            of = severalOf(of);
        }
    }

    /** In the first, but in none of the others. */
    record Except(Query from, List<Query> without) implements Query {
        public Except {
            without = List.copyOf(without);
            if (without.isEmpty()) {
                throw new IllegalArgumentException("EXCEPT needs something to leave out");
            }
        }
    }

    /** One link of the chain behind {@code PROFILE(type)}. */
    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
    @JsonSubTypes({
        @JsonSubTypes.Type(value = Step.Filter.class, name = "filter"),
        @JsonSubTypes.Type(value = Step.Traverse.class, name = "traverse")
    })
    sealed interface Step {
        /** Only the records for which it holds. */
        record Filter(Condition condition) implements Step {}

        /**
         * From the records at hand to those related to them; what follows is about these.
         *
         * @param reverse from the records looked up to those that look them up
         * @param to the profile type of the records that are reached
         */
        record Traverse(String relationship, boolean reverse, String to) implements Step {}
    }

    private static List<Query> severalOf(List<Query> parts) {
        if (parts.size() < 2) {
            throw new IllegalArgumentException("A set operator joins at least two queries");
        }
        return List.copyOf(parts);
    }
}
