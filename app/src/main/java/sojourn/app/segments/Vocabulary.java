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

    /**
     * The rows of declarations are few: a text of them is sooner made than they are read. Its hash is another one where any of
     * them is, but for one chance in 2<sup>64</sup>.
     */
    private static final String FINGERPRINT = """
            select hashtextextended(concat((select string_agg(key, ',' order by key) from segment), ';',
                              (select string_agg(t::text, ',' order by id) from interaction_type t), ';',
                              (select string_agg(p::text, ',' order by id) from profile_type p), ';',
                              (select string_agg(a::text, ',' order by profile_type, key) from profile_attribute a), ';',
                              (select string_agg(r::text, ',' order by id) from relationship r)), 0)
            """;

    private final Jdbi jdbi;
    private volatile Known last =
            new Known(0, new Words(new Catalog(Map.of(), Map.of(), Map.of(), Set.of()), Ids.NONE));

    /** What was read last, and of which rows. */
    private record Known(long fingerprint, Words words) {}

    Vocabulary(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** Reads on a connection of its own. */
    Words read() {
        return jdbi.withHandle(this::read);
    }

    /** What the caller's transaction sees: whoever declares something sees it before others do. */
    Words read(Handle handle) {
        var fingerprint = fingerprint(handle);
        var known = last;
        if (fingerprint == known.fingerprint()) {
            return known.words();
        }
        var words = readAll(handle);
        var kept = words.sameAs(known.words()) ? known.words() : words;
        // Else something was declared between the two looks, and these words are not those of the fingerprint.
        if (fingerprint(handle) == fingerprint) {
            last = new Known(fingerprint, kept);
        }
        return kept;
    }

    private static long fingerprint(Handle handle) {
        return handle.select(FINGERPRINT).mapTo(Long.class).one();
    }

    private static Words readAll(Handle handle) {
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
        return new Words(catalog, ids);
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
