package sojourn.app.contacts;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.ResultBearing;
import org.jdbi.v3.core.statement.SqlStatement;

/** Writes pairs of records, many with one statement, and says which of them were news. */
final class LinkRows {

    private static final Comparator<Link> ORDER = Comparator.comparingInt(Link::relationship)
            .thenComparingLong(Link::from)
            .thenComparingLong(Link::to);
    private static final String UNNEST = "unnest(:relationships, :from, :to) as pair (relationship_id, from_id, to_id)";

    private final Handle handle;

    LinkRows(Handle handle) {
        this.handle = handle;
    }

    /** Adds pairs; answers those that were not there. */
    List<Link> add(Collection<Link> links, Instant now) {
        if (links.isEmpty()) {
            return List.of();
        }
        var statement = handle.createQuery("""
                insert into link (relationship_id, from_id, to_id, since)
                select relationship_id, from_id, to_id, :now from %s
                on conflict do nothing
                returning relationship_id, from_id, to_id
                """.formatted(UNNEST));
        return read(bind(statement, links).bind("now", now));
    }

    /** Takes pairs away; answers those that were there. */
    List<Link> remove(Collection<Link> links) {
        if (links.isEmpty()) {
            return List.of();
        }
        var statement = handle.createQuery("""
                delete from link using %s
                where link.relationship_id = pair.relationship_id and link.from_id = pair.from_id
                  and link.to_id = pair.to_id
                returning link.relationship_id, link.from_id, link.to_id
                """.formatted(UNNEST));
        return read(bind(statement, links));
    }

    /** Takes every pair of a record away that has it on its first side, and answers them; of these relationships. */
    List<Link> removeFrom(Collection<Short> relationships, Collection<Long> ids) {
        return removeWhere("from_id", relationships, ids);
    }

    /** The same of pairs that have it on their second side. */
    List<Link> removeTo(Collection<Short> relationships, Collection<Long> ids) {
        return removeWhere("to_id", relationships, ids);
    }

    private List<Link> removeWhere(String side, Collection<Short> relationships, Collection<Long> ids) {
        if (relationships.isEmpty() || ids.isEmpty()) {
            return List.of();
        }
        return read(handle.createQuery("""
                        delete from link where relationship_id = any(:relationships) and %s = any(:ids)
                        returning relationship_id, from_id, to_id
                        """.formatted(side))
                .bind("relationships", relationships.toArray(Short[]::new))
                .bind("ids", ids.toArray(Long[]::new)));
    }

    private static <S extends SqlStatement<S>> S bind(S statement, Collection<Link> links) {
        // In one order for everybody, so that two who write the same pairs wait for each other instead of forever.
        var sorted = new ArrayList<>(links);
        sorted.sort(ORDER);
        return statement
                .bind("relationships", sorted.stream().map(Link::relationship).toArray(Short[]::new))
                .bind("from", sorted.stream().map(Link::from).toArray(Long[]::new))
                .bind("to", sorted.stream().map(Link::to).toArray(Long[]::new));
    }

    private static List<Link> read(ResultBearing rows) {
        return rows.map((row, _) -> new Link(row.getShort(1), row.getLong(2), row.getLong(3)))
                .list();
    }
}
