package sojourn.app.segments.language;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import sojourn.app.contacts.Declaration;

/**
 * What names stand for where a condition is written.
 *
 * @param known false where it could not be read what names there are: then every name passes
 * @param membership whether {@code SEGMENT(key)} is a condition here
 * @param aggregates whether aggregates over names stand here instead of the names themselves
 */
record Scope(Kind kind, Map<String, Declaration> names, boolean known, boolean membership, boolean aggregates) {

    enum Kind {
        CONTACT("attribute"),
        INTERACTION("property");

        private final String noun;

        Kind(String noun) {
            this.noun = noun;
        }

        String noun() {
            return noun;
        }
    }

    static Scope contact(Catalog catalog, boolean membership) {
        return new Scope(Kind.CONTACT, catalog.contactAttributes(), true, membership, false);
    }

    static Scope interaction(Catalog catalog, List<String> types) {
        var known = catalog.interactionTypes().keySet().containsAll(types);
        return new Scope(Kind.INTERACTION, catalog.common(types), known, false, false);
    }

    /** The same names, seen from HAVING. */
    Scope aggregated() {
        return new Scope(kind, names, known, false, true);
    }

    Optional<Declaration> find(String name) {
        return Optional.ofNullable(names.get(name));
    }
}
