package sojourn.app.segments;

import java.util.Collection;
import java.util.HashSet;
import java.util.Objects;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import sojourn.app.segments.language.Needs;
import sojourn.app.segments.language.Needs.Following;

/** Finds the contacts whose interactions name records that changed, where a segment asks about these records. */
final class FollowingContacts {

    private FollowingContacts() {}

    /** By which interactions evaluated segments, and edits that wait to be saved, come to records of a type. */
    static Set<Following> to(Handle handle, Vocabulary.Words words, String type) {
        var following = new HashSet<Following>();
        if (!areNamed(words, type)) {
            return following;
        }
        for (var segment : handle.attach(SegmentDao.class).mentioning("interaction")) {
            for (var query : References.queries(segment)) {
                words.parseIfUnderstood(query).stream()
                        .flatMap(parsed -> Needs.of(parsed).follows().stream())
                        .filter(follows -> follows.leadsTo(type))
                        .forEach(following::add);
            }
        }
        return following;
    }

    /** Whether interactions name records of this type at all: hardly any do, and then no query need be read. */
    private static boolean areNamed(Vocabulary.Words words, String type) {
        return words.catalog().interactionTypes().values().stream()
                .flatMap(properties -> properties.values().stream())
                .anyMatch(declaration -> type.equals(declaration.lookup()));
    }

    /**
     * The contacts with an interaction that names one of these records, as a query with the column {@code contact}.
     *
     * @param names of records that are gone
     */
    static Statement contacts(
            Vocabulary.Words words, Following following, Collection<Long> records, Collection<String> names) {
        var types = following.types().stream()
                .map(words.typeIds()::get)
                .filter(Objects::nonNull)
                .toArray(Short[]::new);
        return Statement.of(
                """
                select distinct i.contact_id as contact
                from (select external_id as name from profile where id = any(?) and external_id is not null
                      union
                      select unnest(?::text[])) as named
                join interaction i on i.lookups @> jsonb_build_object(?::text, named.name) and i.type_id = any(?)""",
                records.toArray(Long[]::new),
                names.toArray(String[]::new),
                following.follow().property(),
                types.length > 0 ? types : words.typeIds().values().toArray(Short[]::new));
    }
}
