package sojourn.app.segments.language;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Declaration;
import sojourn.app.contacts.ProfileTypes;

/**
 * What names stand for where a condition is written.
 *
 * @param followed by the names of attributes of records that are followed to, the types of these records
 * @param differing properties that some of the interaction types have, but not all of them alike
 * @param any whether it is any interaction whatever, of which only built-in properties are known
 * @param known false where it could not be read what names there are: then every name passes
 * @param membership whether {@code SEGMENT(key)} is a condition here
 * @param alias what may stand before a name, with a dot, and says nothing
 * @param aggregates whether aggregates over names stand here instead of the names themselves
 */
record Scope(
        Kind kind,
        Map<String, Declaration> names,
        Map<String, String> followed,
        Set<String> differing,
        boolean any,
        boolean known,
        boolean membership,
        boolean aggregates,
        @Nullable String alias) {

    enum Kind {
        CONTACT("attribute"),
        PROFILE("attribute"),
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
        return new Scope(
                Kind.CONTACT, catalog.contactAttributes(), Map.of(), Set.of(), false, true, membership, false, null);
    }

    /** Of records of a type; every name passes where the type could not be read. */
    static Scope profile(Catalog catalog, @Nullable String type) {
        if (ProfileTypes.CONTACT.equals(type)) {
            return contact(catalog, false);
        }
        var names = type == null ? null : catalog.profileTypes().get(type);
        return new Scope(
                Kind.PROFILE,
                names == null ? Map.of() : names,
                Map.of(),
                Set.of(),
                false,
                names != null,
                false,
                false,
                null);
    }

    static Scope interaction(Catalog catalog, List<String> types) {
        var known = catalog.interactionTypes().keySet().containsAll(types);
        var common = catalog.common(types);
        var differing = catalog.interactionTypes().entrySet().stream()
                .filter(type -> types.isEmpty() || types.contains(type.getKey()))
                .flatMap(type -> type.getValue().keySet().stream())
                .filter(name -> !common.containsKey(name))
                .collect(Collectors.toSet());
        var names = new LinkedHashMap<>(common);
        var followed = new HashMap<String, String>();
        for (var follow : catalog.follows(common)) {
            catalog.attributes(follow).forEach((attribute, declaration) -> {
                names.put(follow.property() + "." + attribute, declaration);
                followed.put(follow.property() + "." + attribute, follow.of());
            });
        }
        return new Scope(Kind.INTERACTION, names, followed, differing, types.isEmpty(), known, false, false, null);
    }

    /** The same names, seen from HAVING. */
    Scope aggregated() {
        return new Scope(kind, names, followed, differing, any, known, false, true, null);
    }

    /** The same with an alias. */
    Scope called(@Nullable String name) {
        return new Scope(kind, names, followed, differing, any, known, membership, aggregates, name);
    }

    /** A name without what may stand before it and says nothing: {@code attributes.}, or the alias. */
    String bare(String name) {
        for (var prefix : alias == null ? List.of(Keywords.PREFIX) : List.of(Keywords.PREFIX, alias + ".")) {
            if (name.startsWith(prefix)) {
                return name.substring(prefix.length());
            }
        }
        return name;
    }

    Optional<Declaration> find(String name) {
        return Optional.ofNullable(names.get(name));
    }

    Value.Field field(String name, Declaration declaration) {
        return new Value.Field(name, declaration.type(), followed.get(name));
    }

    /** What a name with a dot would lead to, did it begin with a property; attributes are followed by TRAVERSE. */
    Optional<String> lookup(String name) {
        return kind == Kind.INTERACTION || name.indexOf('.') < 0
                ? Optional.empty()
                : find(name.substring(0, name.indexOf('.'))).map(Declaration::lookup);
    }

    /** Whether it is a property, or is reached by one, that some of the types do not have alike. */
    boolean differs(String name) {
        var dot = name.indexOf('.');
        return differing.contains(dot < 0 ? name : name.substring(0, dot));
    }
}
