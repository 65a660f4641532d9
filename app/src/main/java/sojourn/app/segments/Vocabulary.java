package sojourn.app.segments;

import static java.util.stream.Collectors.toMap;

import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.contacts.ProfileTypes;
import sojourn.app.contacts.Relationship;
import sojourn.app.contacts.Relationships;
import sojourn.app.interactions.InteractionType;
import sojourn.app.interactions.InteractionTypes;
import sojourn.app.segments.language.Catalog;
import sojourn.app.segments.language.Query;
import sojourn.app.segments.language.QueryException;
import sojourn.app.segments.language.Relation;
import sojourn.app.segments.language.SegmentLanguage;

/** What queries may name just now, and queries read by it. */
final class Vocabulary {

    private static final int MOST_UNDERSTOOD = 10_000;

    private final Jdbi jdbi;
    private volatile Words last = new Words(new Catalog(Map.of(), Map.of(), Map.of(), Set.of()), Ids.NONE);

    Vocabulary(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** Reads on a connection of its own. */
    Words read() {
        return jdbi.withHandle(this::read);
    }

    Words read(Handle handle) {
        var keys = handle.attach(SegmentDao.class).keys();
        var types = InteractionTypes.all(handle);
        var properties = types.values().stream().collect(toMap(InteractionType::key, InteractionType::properties));
        var profileTypes = ProfileTypes.all(handle);
        var relationships = Relationships.all(handle);
        var catalog = new Catalog(
                mapped(profileTypes, ProfileTypes.Type::attributes),
                mapped(relationships, one -> new Relation(one.from(), one.to())),
                properties,
                keys);
        var ids = new Ids(
                mapped(types, InteractionType::id),
                mapped(profileTypes, ProfileTypes.Type::id),
                mapped(relationships, Relationship::id));
        var words = new Words(catalog, ids);
        // Whoever reads in a transaction of its own may see more than others do: each gets what it has read.
        var known = last;
        if (words.sameAs(known)) {
            return known;
        }
        last = words;
        return words;
    }

    private static <T, R> Map<String, R> mapped(Map<String, T> values, Function<T, R> part) {
        return values.entrySet().stream().collect(toMap(Map.Entry::getKey, entry -> part.apply(entry.getValue())));
    }

    /** The ids by which the database knows what is named, by key. */
    private record Ids(
            Map<String, Short> interactionTypes, Map<String, Short> profileTypes, Map<String, Short> relationships) {

        static final Ids NONE = new Ids(Map.of(), Map.of(), Map.of());
    }

    /** What was read, with the queries that have been understood by it. */
    static final class Words {

        private final Catalog catalog;
        private final Ids ids;
        private final Map<Short, String> profileTypes;
        private final Map<String, Query> understood = new ConcurrentHashMap<>();

        private Words(Catalog catalog, Ids ids) {
            this.catalog = catalog;
            this.ids = ids;
            this.profileTypes =
                    ids.profileTypes().entrySet().stream().collect(toMap(Map.Entry::getValue, Map.Entry::getKey));
        }

        Catalog catalog() {
            return catalog;
        }

        /** Of interaction types. */
        Map<String, Short> typeIds() {
            return ids.interactionTypes();
        }

        Map<String, Short> relationshipIds() {
            return ids.relationships();
        }

        Map<String, Short> profileTypeIds() {
            return ids.profileTypes();
        }

        short relationship(String key) {
            return Objects.requireNonNull(ids.relationships().get(key), key);
        }

        /** The key of a profile type; empty when it was removed. */
        Optional<String> profileType(short id) {
            return Optional.ofNullable(profileTypes.get(id));
        }

        /** Throws a {@link QueryException} with everything that is wrong. */
        Query parse(String text) {
            if (understood.size() > MOST_UNDERSTOOD) {
                understood.clear();
            }
            return understood.computeIfAbsent(text, query -> SegmentLanguage.parse(query, catalog));
        }

        Optional<Query> parseIfUnderstood(String text) {
            try {
                return Optional.of(parse(text));
            } catch (QueryException notUnderstood) {
                return Optional.empty();
            }
        }

        /** The same, with segments that are about to be. */
        Words withSegments(Set<String> more) {
            if (catalog.segmentKeys().containsAll(more)) {
                return this;
            }
            return new Words(catalog.withSegments(more), ids);
        }

        private boolean sameAs(Words other) {
            return catalog.equals(other.catalog) && ids.equals(other.ids);
        }
    }
}
