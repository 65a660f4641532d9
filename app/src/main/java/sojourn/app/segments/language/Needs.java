package sojourn.app.segments.language;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What the answer to a query, or to a condition on a contact, depends on.
 *
 * @param attributes of the contact, and of records related to it
 * @param types the interaction types asked for by name
 * @param anyType whether it asks for interactions of any type
 * @param segments whose members it asks for
 * @param blocks one for each part that looks at interactions within one window
 * @param follows which interactions are followed to the records that they name
 * @param paths to related records, hop by hop away from the contact
 * @param profileReadsClock whether a condition on the contact compares with now or today, so that the answer may change
 *     although nothing has happened
 * @param readsTime whether a condition anywhere compares with now itself, so that this may happen at any moment; without
 *     it, time alone changes answers by windows and at midnight
 */
public record Needs(
        Set<String> attributes,
        Set<String> types,
        boolean anyType,
        Set<String> segments,
        List<Block> blocks,
        Set<Following> follows,
        Set<List<Hop>> paths,
        boolean profileReadsClock,
        boolean readsTime) {

    public Needs {
        attributes = Set.copyOf(attributes);
        types = Set.copyOf(types);
        segments = Set.copyOf(segments);
        blocks = List.copyOf(blocks);
        follows = Set.copyOf(follows);
        paths = Set.copyOf(paths);
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

    /** Interactions of some types (of any, when none is named) of which a property is followed. */
    public record Following(List<String> types, Follow follow) {

        public Following {
            types = List.copyOf(types);
        }

        public boolean isOf(String type) {
            return types.isEmpty() || types.contains(type);
        }

        /** Whether it leads to records of a profile type. */
        public boolean leadsTo(String profileType) {
            return follow.named().isEmpty() && follow.of().equals(profileType);
        }
    }

    /**
     * Whether a path leads on from what a contact is related to, to whatever else is related to that: to all colleagues,
     * or all members of a list.
     */
    public boolean fansOut() {
        return paths.stream().anyMatch(path -> path.stream().skip(1).anyMatch(hop -> !hop.forward()));
    }

    /** Whether time may change the answer where no window says so: at midnight, or at any moment. */
    public boolean readsClock() {
        return profileReadsClock || blocks.stream().anyMatch(Block::readsClock);
    }

    /** Every name that a query asks for, of contacts, interactions, and the records that either leads to. */
    public static Set<String> names(Query query) {
        return TreeWalk.values(query)
                .flatMap(value -> value instanceof Value.Field field
                        ? Stream.of(field.bare().name())
                        : Stream.empty())
                .collect(Collectors.toSet());
    }

    /** Every hop of every path. */
    public Stream<Hop> hops() {
        return paths.stream().flatMap(List::stream);
    }

    /** Of the contact, and nothing else. */
    public static Needs ofAttributes(Collection<String> names) {
        return new Needs(Set.copyOf(names), Set.of(), false, Set.of(), List.of(), Set.of(), Set.of(), false, false);
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
        private final Set<Following> follows = new LinkedHashSet<>();
        private final Set<List<Hop>> paths = new LinkedHashSet<>();
        private boolean anyType;
        private boolean profileReadsClock;
        private boolean readsTime;

        void query(Query query) {
            switch (query) {
                case Query.Profile profile -> profile(Chain.of(profile));
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

        private void profile(Chain chain) {
            chain.contact().filters().forEach(this::onContact);
            for (var place : chain.related()) {
                place.filters().forEach(this::attributes);
                profileReadsClock |= place.filters().stream().anyMatch(TreeWalk::readsClock);
                readsTime |= place.filters().stream().anyMatch(TreeWalk::readsTime);
            }
            if (!chain.related().isEmpty()) {
                paths.add(chain.hops());
            }
        }

        void onContact(Condition condition) {
            attributes(condition);
            profileReadsClock |= TreeWalk.readsClock(condition);
            readsTime |= TreeWalk.readsTime(condition);
            segments.addAll(TreeWalk.segments(condition));
        }

        private void attributes(Condition condition) {
            TreeWalk.values(condition).forEach(value -> {
                if (value instanceof Value.Field(var name, var _, var _)) {
                    attributes.add(name);
                }
            });
        }

        private void interactions(Query.Interactions interactions) {
            anyType |= interactions.types().isEmpty();
            types.addAll(interactions.types());
            Follow.in(TreeWalk.children(interactions))
                    .forEach(follow -> follows.add(new Following(interactions.types(), follow)));
            var readsClock = interactions.filters().stream().anyMatch(TreeWalk::readsClock);
            readsTime |= interactions.filters().stream().anyMatch(TreeWalk::readsTime)
                    || interactions.havings().stream().anyMatch(TreeWalk::readsTime);
            if (interactions.havings().isEmpty()) {
                blocks.add(new Block(interactions.types(), null, readsClock));
            }
            for (var having : interactions.havings()) {
                blocks.add(new Block(interactions.types(), having.window(), readsClock || TreeWalk.readsClock(having)));
            }
        }

        Needs needs() {
            return new Needs(
                    attributes,
                    types,
                    anyType,
                    segments,
                    List.copyOf(blocks),
                    follows,
                    paths,
                    profileReadsClock,
                    readsTime);
        }
    }
}
