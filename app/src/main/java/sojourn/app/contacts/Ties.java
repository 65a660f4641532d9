package sojourn.app.contacts;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.TimeLimit;

/** What ties other records to one: the lookup attributes that name it, and its links. */
final class Ties {

    private final Handle handle;
    private final Touched touched;
    private final Instant now;

    Ties(Handle handle, Touched touched, Instant now) {
        this.handle = handle;
        this.touched = touched;
        this.now = now;
    }

    /** Takes a record, which is going to be deleted and is locked for that, out of every lookup and every link. */
    void cut(String type, Stored record) {
        DeclarationLock.share(handle);
        var relationships = relationships();
        name(type, record, null, relationships);
        var rows = new LinkRows(handle);
        var ids = List.of(record.id());
        touched.links(
                rows.removeFrom(
                        ids(relationships, relationship -> relationship.from().equals(type)), ids),
                relationships);
        touched.links(
                rows.removeTo(
                        ids(relationships, relationship -> relationship.to().equals(type)), ids),
                relationships);
    }

    /**
     * Hands every lookup that names a contact, and its links, to the one it is merged into. Links of its own lookups end:
     * what the winner lacked it has got with the attribute.
     */
    void hand(Contact loser, Contact winner) {
        var type = ProfileTypes.CONTACT;
        var relationships = relationships();
        name(type, loser, winner.name(), relationships);
        touched.renamed(type, loser.name(), winner.name());
        var rows = new LinkRows(handle);
        var ids = List.of(loser.id());
        var removed = new ArrayList<>(rows.removeTo(
                ids(relationships, relationship -> relationship.to().equals(type)), ids));
        removed.addAll(rows.removeFrom(
                ids(relationships, relationship -> relationship.from().equals(type)), ids));
        touched.links(removed, relationships);
        var handed = new LinkedHashSet<Link>();
        for (var link : removed) {
            var of = relationships.get(link.relationship());
            if (of != null
                    && (of.attribute() == null
                            || link.from() != loser.id()
                            || !of.from().equals(type))) {
                var from = of.from().equals(type) && link.from() == loser.id() ? winner.id() : link.from();
                var to = of.to().equals(type) && link.to() == loser.id() ? winner.id() : link.to();
                if (!of.from().equals(of.to()) || from != to) {
                    handed.add(new Link(link.relationship(), from, to));
                }
            }
        }
        touched.links(rows.add(handed, now), relationships);
    }

    /** Lets every lookup that names a record name it otherwise, since its external id has changed. */
    void rename(String type, Stored record, String name) {
        DeclarationLock.share(handle);
        name(type, record, name, relationships());
        touched.renamed(type, record.name(), name);
    }

    private void name(String type, Stored record, @Nullable String name, Map<Short, Relationship> relationships) {
        for (var lookup : handle.attach(ProfileTypeDao.class).lookups(type)) {
            var over = relationships.values().stream()
                    .filter(relationship -> relationship.from().equals(lookup.profileType())
                            && lookup.key().equals(relationship.attribute()))
                    .map(Relationship::id)
                    .findFirst();
            var named = over.isPresent()
                    ? name(lookup, record, name, over.get())
                    : TimeLimit.within(handle, advice(lookup), () -> name(lookup, record, name, null));
            named.forEach(id -> touched.record(lookup.profileType(), id));
        }
    }

    private static String advice(ProfileTypeDao.Attribute lookup) {
        return "no relationship goes over the lookup `" + lookup.key() + "` of " + lookup.profileType()
                + ", so all of its records are looked through; declare one with POST /v1/relationships and try again";
    }

    /** The ids of those that named it. Where no relationship goes over the lookup, all records are looked through. */
    private List<Long> name(
            ProfileTypeDao.Attribute lookup, Stored record, @Nullable String name, @Nullable Short relationship) {
        var linked = relationship == null
                ? ""
                : "and id in (select from_id from link where relationship_id = :relationship and to_id = :id)";
        var table = lookup.profileType().equals(ProfileTypes.CONTACT) ? "contact" : "profile";
        var update = """
                update %s set
                  attributes = case when :name::text is null then attributes - :attribute
                                    else jsonb_set(attributes, array[:attribute], to_jsonb(:name::text)) end,
                  version = version + 1, updated_at = :now
                where id in (select id from %s) and attributes ->> :attribute = :old %s
                returning id
                """.formatted(table, Records.in(lookup.profileType()), linked);
        return handle.createQuery(update)
                .bind("type", lookup.profileType())
                .bind("attribute", lookup.key())
                .bind("old", record.name())
                .bind("name", name)
                .bind("now", now)
                .bind("relationship", relationship)
                .bind("id", record.id())
                .mapTo(Long.class)
                .list();
    }

    private Map<Short, Relationship> relationships() {
        return Relationships.all(handle).values().stream()
                .collect(Collectors.toMap(Relationship::id, relationship -> relationship));
    }

    private static List<Short> ids(Map<Short, Relationship> relationships, Predicate<Relationship> wanted) {
        var ids = new ArrayList<Short>();
        relationships.values().stream().filter(wanted).forEach(relationship -> ids.add(relationship.id()));
        return ids;
    }
}
