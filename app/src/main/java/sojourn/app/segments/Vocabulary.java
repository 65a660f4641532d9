package sojourn.app.segments;

import static java.util.stream.Collectors.toMap;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.contacts.ProfileTypes;
import sojourn.app.interactions.InteractionType;
import sojourn.app.interactions.InteractionTypes;
import sojourn.app.segments.language.Catalog;
import sojourn.app.segments.language.Query;
import sojourn.app.segments.language.QueryException;
import sojourn.app.segments.language.SegmentLanguage;

/** What queries may name just now, and queries read by it. */
final class Vocabulary {

    private static final int MOST_UNDERSTOOD = 10_000;

    private final Jdbi jdbi;
    private volatile Words last = new Words(new Catalog(Map.of(), Map.of(), Set.of()), Map.of());

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
        var ids = types.values().stream().collect(toMap(InteractionType::key, InteractionType::id));
        var properties = types.values().stream().collect(toMap(InteractionType::key, InteractionType::properties));
        var words = new Words(new Catalog(ProfileTypes.contactAttributes(handle), properties, keys), ids);
        if (!words.sameAs(last)) {
            last = words;
        }
        return last;
    }

    /** What was read, with the queries that have been understood by it. */
    static final class Words {

        private final Catalog catalog;
        private final Map<String, Short> typeIds;
        private final Map<String, Query> understood = new ConcurrentHashMap<>();

        private Words(Catalog catalog, Map<String, Short> typeIds) {
            this.catalog = catalog;
            this.typeIds = Map.copyOf(typeIds);
        }

        Catalog catalog() {
            return catalog;
        }

        Map<String, Short> typeIds() {
            return typeIds;
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
            return new Words(catalog.withSegments(more), typeIds);
        }

        private boolean sameAs(Words other) {
            return catalog.equals(other.catalog) && typeIds.equals(other.typeIds);
        }
    }
}
