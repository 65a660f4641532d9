package sojourn.app.contacts;

import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Records.Found;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemError;
import sojourn.app.platform.ProblemType;
import sojourn.app.platform.Transactions;

/** Links records by many-to-many relationships, and unlinks them. */
final class LinkEditor {

    /** Two records as a path names them, a UUID or {@code external:...}. */
    record Pair(@Nullable String from, @Nullable String to) {}

    /** How many links came and went; those that were there, or were not, count for nothing. */
    public record Written(int added, int removed) {}

    static final int MOST = 1000;

    private final Jdbi jdbi;
    private final Changes changes;
    private final InstantSource clock;

    LinkEditor(Jdbi jdbi, Changes changes, InstantSource clock) {
        this.jdbi = jdbi;
        this.changes = changes;
        this.clock = clock;
    }

    /** Adds and removes links; all of them, or none and everything that is wrong. */
    Written write(String relationship, List<Pair> add, List<Pair> remove) {
        if (add.size() + remove.size() > MOST) {
            throw new Problem(
                    ProblemType.TOO_LARGE,
                    "These are " + (add.size() + remove.size()) + " links; at most " + MOST + " would fit");
        }
        var written = Transactions.in(jdbi, handle -> {
            Erasure.holdOff(handle);
            DeclarationLock.share(handle);
            var found = manyToMany(handle, relationship);
            var errors = new ArrayList<ProblemError>();
            var pairs = Stream.concat(add.stream(), remove.stream()).toList();
            var from = find(handle, found.from(), pairs, Pair::from);
            var to = find(handle, found.to(), pairs, Pair::to);
            var added = links(found, "/add", add, from, to, errors);
            var removed = links(found, "/remove", remove, from, to, errors);
            refuseContradictions(added, removed, errors);
            if (!errors.isEmpty()) {
                throw Problem.invalid(errors);
            }
            return write(handle, found, added, removed);
        });
        changes.kick();
        return written;
    }

    private Written write(Handle handle, Relationship relationship, List<Link> add, List<Link> remove) {
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var rows = new LinkRows(handle);
        var removed = rows.remove(remove);
        var added = rows.add(add, now);
        var touched = new Touched();
        var relationships = Map.of(relationship.id(), relationship);
        touched.links(removed, relationships);
        touched.links(added, relationships);
        touched.leaveWord(handle, changes, now);
        return new Written(added.size(), removed.size());
    }

    private static Relationship manyToMany(Handle handle, String key) {
        var relationship = handle.attach(RelationshipDao.class)
                .find(key)
                .orElseThrow(() -> Problem.notFound("relationship", key))
                .relationship();
        if (relationship.attribute() != null) {
            throw new Problem(
                    ProblemType.WRONG_STATE,
                    "The links of " + key + " are those of the attribute " + relationship.attribute() + " of "
                            + relationship.from() + "; write that attribute instead");
        }
        return relationship;
    }

    private static Map<String, Found> find(
            Handle handle, String type, Collection<Pair> pairs, Function<Pair, @Nullable String> side) {
        var references = new HashSet<String>();
        for (var pair : pairs) {
            var reference = side.apply(pair);
            if (reference != null) {
                references.add(reference);
            }
        }
        return Records.referred(handle, type, references);
    }

    private static List<Link> links(
            Relationship relationship,
            String pointer,
            List<Pair> pairs,
            Map<String, Found> allFrom,
            Map<String, Found> allTo,
            List<ProblemError> errors) {
        var links = new ArrayList<Link>();
        for (var i = 0; i < pairs.size(); i++) {
            var place = pointer + "/" + i;
            var from = found(place + "/from", relationship.from(), pairs.get(i).from(), allFrom, errors);
            var to = found(place + "/to", relationship.to(), pairs.get(i).to(), allTo, errors);
            if (from != null && to != null) {
                links.add(new Link(relationship.id(), from.id(), to.id()));
            }
        }
        return links;
    }

    private static @Nullable Found found(
            String pointer,
            String type,
            @Nullable String reference,
            Map<String, Found> all,
            List<ProblemError> errors) {
        var found = reference == null ? null : all.get(reference);
        if (found == null) {
            errors.add(ProblemError.at(
                    pointer,
                    reference == null ? "required" : "unknown-record",
                    reference == null
                            ? "a UUID, or external: and an external id, is needed"
                            : "there is no such " + type + "; its UUID, or external: and its external id would fit"));
        }
        return found;
    }

    private static void refuseContradictions(List<Link> added, List<Link> removed, List<ProblemError> errors) {
        if (errors.isEmpty()) {
            var both = new HashSet<>(added);
            for (var i = 0; i < removed.size(); i++) {
                if (both.contains(removed.get(i))) {
                    errors.add(ProblemError.at("/remove/" + i, "duplicate", "this link is to be added, too"));
                }
            }
        }
    }
}
