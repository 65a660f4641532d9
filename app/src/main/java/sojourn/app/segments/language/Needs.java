package sojourn.app.segments.language;

import java.time.Instant;
import java.time.ZoneId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the answer to a query, or to a condition on a contact, depends on.
 *
 * @param attributes of the contact
 * @param types the interaction types asked for by name
 * @param anyType whether it asks for interactions of any type
 * @param segments whose members it asks for
 * @param blocks one for each part that looks at interactions within one window
 * @param profileReadsClock whether a condition on the contact compares with now or today, so that the answer may change
 *     although nothing has happened
 */
public record Needs(
        Set<String> attributes,
        Set<String> types,
        boolean anyType,
        Set<String> segments,
        List<Block> blocks,
        boolean profileReadsClock) {

    public Needs {
        attributes = Set.copyOf(attributes);
        types = Set.copyOf(types);
        segments = Set.copyOf(segments);
        blocks = List.copyOf(blocks);
    }

    /**
     * Interactions of some types (of any, when none is named) within a window (all time, when there is none).
     *
     * @param readsClock whether its filters compare with now or today: then {@link #moved} does not tell all
     */
    public record Block(List<String> types, @Nullable Window window, boolean readsClock) {

        public Window.Range range(Instant now, ZoneId zone) {
            return Window.range(window, now, zone);
        }

        /** Where the interactions of contacts lie whose answer may have changed by the clock alone. */
        public List<Window.Range> moved(Instant before, Instant now, ZoneId zone) {
            return Window.moved(window, before, now, zone);
        }
    }

    public static Needs of(Query query) {
        var gathering = new Gathering();
        gathering.query(query);
        return gathering.needs();
    }

    public static Needs of(Condition contactCondition) {
        var gathering = new Gathering();
        gathering.onContact(contactCondition);
        return gathering.needs();
    }

    private static final class Gathering {
        private final Set<String> attributes = new LinkedHashSet<>();
        private final Set<String> types = new LinkedHashSet<>();
        private final Set<String> segments = new LinkedHashSet<>();
        private final Set<Block> blocks = new LinkedHashSet<>();
        private boolean anyType;
        private boolean profileReadsClock;

        void query(Query query) {
            switch (query) {
                case Query.Profile(var _, var steps) -> steps.forEach(this::step);
                case Query.Interactions interactions -> interactions(interactions);
                case Query.Members(var segment) -> segments.add(segment);
                case Query.Union(var of) -> of.forEach(this::query);
                case Query.Intersect(var of) -> of.forEach(this::query);
                case Query.Except(var from, var without) -> {
                    query(from);
                    without.forEach(this::query);
                }
            }
        }

        private void step(Query.Step step) {
            switch (step) {
                case Query.Step.Filter(var condition) -> onContact(condition);
            }
        }

        void onContact(Condition condition) {
            TreeWalk.values(condition).forEach(value -> {
                if (value instanceof Value.Field(var name, var _)) {
                    attributes.add(name);
                }
                profileReadsClock |= isClock(value);
            });
            segments.addAll(TreeWalk.segments(condition));
        }

        private void interactions(Query.Interactions interactions) {
            anyType |= interactions.types().isEmpty();
            types.addAll(interactions.types());
            var readsClock =
                    interactions.filters().stream().flatMap(TreeWalk::values).anyMatch(Gathering::isClock);
            if (interactions.havings().isEmpty()) {
                blocks.add(new Block(interactions.types(), null, readsClock));
            }
            for (var having : interactions.havings()) {
                var comparesClock = TreeWalk.values(having).anyMatch(Gathering::isClock);
                blocks.add(new Block(interactions.types(), having.window(), readsClock || comparesClock));
            }
        }

        private static boolean isClock(Value value) {
            return value instanceof Value.Now || value instanceof Value.Today;
        }

        Needs needs() {
            return new Needs(attributes, types, anyType, segments, List.copyOf(blocks), profileReadsClock);
        }
    }
}
