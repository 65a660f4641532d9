package sojourn.app.segments;

import static java.util.stream.Collectors.toMap;

import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
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
    private final ProfileTypes profiles;
    private final InteractionTypes interactions;
    private volatile Words last = new Words(new Catalog(Map.of(), Map.of(), Set.of()), Map.of());

    Vocabulary(Jdbi jdbi, ProfileTypes profiles, InteractionTypes interactions) {
        this.jdbi = jdbi;
        this.profiles = profiles;
        this.interactions = interactions;
    }

    /** Reads on a connection of its own; never inside a transaction. */
    Words read() {
        var keys = jdbi.withExtension(SegmentDao.class, SegmentDao::keys);
        var types = interactions.all();
        var ids = types.values().stream().collect(toMap(InteractionType::key, InteractionType::id));
        var properties = types.values().stream().collect(toMap(InteractionType::key, InteractionType::properties));
        var words = new Words(new Catalog(profiles.contactAttributes(), properties, keys), ids);
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

        private boolean sameAs(Words other) {
            return catalog.equals(other.catalog) && typeIds.equals(other.typeIds);
        }
    }
}
