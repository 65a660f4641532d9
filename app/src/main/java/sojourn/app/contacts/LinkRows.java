package sojourn.app.contacts;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.result.ResultBearing;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Columns;

/** Writes pairs of records, many with one statement, and says which of them were news. */
final class LinkRows {

    /** A link as people see it. */
    public record Linked(
            @JsonIgnore long fromId, @JsonIgnore long toId, End from, End to, Instant since) {}

    /** One of the two records of a link. */
    public record End(UUID id, @Nullable String externalId) {}

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
                select relationship_id, from_id, to_id, :now::timestamptz from %s
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

    boolean any(Relationship relationship) {
        return handle.createQuery("select exists (select from link where relationship_id = :relationship)")
                .bind("relationship", relationship.id())
                .mapTo(Boolean.class)
                .one();
    }

    void removeAll(Relationship relationship) {
        handle.execute("delete from link where relationship_id = ?", relationship.id());
    }

    /** Makes the links of values that a lookup attribute has already: external ids, and where none is such, UUIDs. */
    void fill(Relationship relationship, Instant now) {
        if (relationship.attribute() == null) {
            return;
        }
        handle.createUpdate("""
                        with named as (select id, attributes ->> :attribute as name from %s
                                         and attributes ->> :attribute is not null),
                             target as materialized (select id, uuid::text as uuid, external_id from %s)
                        insert into link (relationship_id, from_id, to_id, since)
                        select :relationship::smallint, named.id, target.id, :now::timestamptz
                        from named join target on target.external_id = named.name
                        union all
                        select :relationship::smallint, named.id, target.id, :now::timestamptz
                        from named join target on target.uuid = lower(named.name)
                        where not exists (select from target other where other.external_id = named.name)
                        """.formatted(records(relationship.from(), ":from"), records(relationship.to(), ":to")))
                .bind("attribute", relationship.attribute())
                .bind("relationship", relationship.id())
                .bind("from", relationship.from())
                .bind("to", relationship.to())
                .bind("now", now)
                .execute();
    }

    private static String records(String type, String parameter) {
        return Records.in(type).replace(":type", parameter);
    }

    /**
     * Links in the order of their ids, after a pair of these.
     *
     * @param from the id of their first record; null for any
     * @param to the id of their second record; null for any
     */
    List<Linked> page(
            Relationship relationship,
            @Nullable Long from,
            @Nullable Long to,
            long afterFrom,
            long afterTo,
            int limit) {
        return handle.createQuery("""
                        select l.from_id, f.uuid, f.external_id, l.to_id, t.uuid, t.external_id, l.since
                        from link l join %s f on f.id = l.from_id join %s t on t.id = l.to_id
                        where l.relationship_id = :relationship
                          and (:from::bigint is null or l.from_id = :from)
                          and (:to::bigint is null or l.to_id = :to)
                          and (l.from_id, l.to_id) > (:afterFrom, :afterTo)
                        order by l.from_id, l.to_id
                        limit :limit
                        """.formatted(table(relationship.from()), table(relationship.to())))
                .bind("relationship", relationship.id())
                .bind("from", from)
                .bind("to", to)
                .bind("afterFrom", afterFrom)
                .bind("afterTo", afterTo)
                .bind("limit", limit)
                .map((row, _) -> new Linked(
                        row.getLong(1),
                        row.getLong(4),
                        new End(row.getObject(2, UUID.class), row.getString(3)),
                        new End(row.getObject(5, UUID.class), row.getString(6)),
                        Columns.instant(row, "since")))
                .list();
    }

    private static String table(String type) {
        return type.equals(ProfileTypes.CONTACT) ? "contact" : "profile";
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
