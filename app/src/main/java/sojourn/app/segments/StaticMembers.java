package sojourn.app.segments;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.contacts.Changes;
import sojourn.app.contacts.Contacts;
import sojourn.app.contacts.Erasure;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemError;
import sojourn.app.platform.ProblemType;
import sojourn.app.platform.Transactions;
import sojourn.app.security.Deed;
import sojourn.app.segments.SegmentDeeds.How;

/** The members of static segments, who are picked by hand. */
public final class StaticMembers {

    static final int MOST_AT_ONCE = 10_000;

    private final Jdbi jdbi;
    private final Contacts contacts;
    private final Changes changes;
    private final MembershipChanges membershipChanges;
    private final Scopes scopes;
    private final InstantSource clock;

    StaticMembers(
            Jdbi jdbi,
            Contacts contacts,
            Changes changes,
            MembershipChanges membershipChanges,
            Scopes scopes,
            InstantSource clock) {
        this.jdbi = jdbi;
        this.contacts = contacts;
        this.changes = changes;
        this.membershipChanges = membershipChanges;
        this.scopes = scopes;
        this.clock = clock;
    }

    /** How many really joined and left, and how many members there are now. */
    public record Result(long joined, long left, long size) {}

    /** Adds and removes contacts named by UUID or {@code external:...}; changes nothing when any of them is unknown. */
    Result change(String key, List<String> add, List<String> remove, Deed deed) {
        if (add.size() + remove.size() > MOST_AT_ONCE) {
            throw new Problem(ProblemType.TOO_LARGE, "At most " + MOST_AT_ONCE + " contacts at once would fit");
        }
        var result = Transactions.in(jdbi, handle -> {
            var segment = SegmentEditor.lock(handle, key);
            requireByHand(segment);
            // Only now: whoever waits for a segment holds no erasure off.
            Erasure.holdOff(handle);
            var problems = new ArrayList<ProblemError>();
            var joining = resolve(handle, "/add", add, problems);
            var leaving = resolve(handle, "/remove", remove, problems);
            checkScope(handle, segment, add, joining, problems);
            if (!problems.isEmpty()) {
                throw Problem.invalid(problems);
            }
            var moved = change(handle, segment, joining, leaving);
            SegmentDeeds.membersChanged(handle, clock.instant(), deed, key, How.HAND, moved);
            return moved;
        });
        kick();
        return result;
    }

    /** The jobs that change the members of a segment are done in the order in which they were accepted. */
    static String serial(int segment) {
        return "segment-members/" + segment;
    }

    /** Refuses a segment whose members nobody picks by hand, and says what to do instead. */
    static void requireByHand(Segment segment) {
        requirePicked(segment);
        if (segment.external() != null) {
            throw new Problem(
                    ProblemType.WRONG_STATE,
                    "The members of segment " + segment.key() + " are sent by "
                            + segment.external().source() + ", with PUT or PATCH /v1/segments/" + segment.key()
                            + "/members/external; without its `external` it could be changed by hand");
        }
    }

    /** Refuses a segment whose members cannot be changed now. */
    static void requirePicked(Segment segment) {
        if (segment.isDynamic()) {
            throw new Problem(
                    ProblemType.WRONG_STATE,
                    "The members of segment " + segment.key() + " are found by its query; decide about single contacts"
                            + " with PUT /v1/segments/" + segment.key() + "/overrides/{contact}");
        }
        if (!segment.isLive()) {
            throw new Problem(
                    ProblemType.WRONG_STATE,
                    "Segment " + segment.key() + " is " + segment.state().word()
                            + " and keeps its last members; let it go live again first");
        }
    }

    /** Those of these contacts that may be members: not erased, and in the segment's scope. */
    Set<Long> addable(Handle handle, Segment segment, Collection<Long> wanted) {
        return Statement.of("select c.id from contact c where c.id = any(?) and c.state <> 'erased' and ", (Object)
                        wanted.toArray(Long[]::new))
                .add(scopes.of(handle, segment.scope(), segment.owner()).condition())
                .query(handle)
                .mapTo(Long.class)
                .set();
    }

    private void checkScope(
            Handle handle, Segment segment, List<String> names, List<Long> wanted, List<ProblemError> problems) {
        if (segment.scope().equals(Scopes.ORGANIZATION) || names.size() != wanted.size()) {
            return;
        }
        var addable = addable(handle, segment, wanted);
        for (var index = 0; index < wanted.size(); index++) {
            if (!addable.contains(wanted.get(index))) {
                problems.add(
                        ProblemError.at("/add/" + index, "out-of-scope", "The contact is not in the segment's scope"));
            }
        }
    }

    /** Adds and removes contacts in the caller's transaction; call {@link #kick} after its commit. */
    public Result change(Handle handle, Segment segment, Collection<Long> add, Collection<Long> remove) {
        var moved = move(handle, segment, add, remove);
        return new Result(moved.joined(), moved.left(), new Memberships().size(handle, segment.id()));
    }

    /** How many joined and left. */
    record Moved(long joined, long left) {}

    /** The same without counting those who are members then. */
    Moved move(Handle handle, Segment segment, Collection<Long> add, Collection<Long> remove) {
        Locks.exclusive(handle, segment.id());
        var now = clock.instant();
        var contradicting = new HashSet<>(add);
        contradicting.retainAll(remove);
        if (!contradicting.isEmpty()) {
            throw new Problem(ProblemType.CONFLICT, "A contact cannot be added and removed at once");
        }
        long joined = 0;
        long left = 0;
        for (var part : parts(add)) {
            var moved = MembershipWriter.write(handle, segment.id(), part, List.of(), now);
            SegmentChanges.membership(handle, segment.key(), moved.joined(), now);
            if (!segment.scope().equals(Scopes.ORGANIZATION)) {
                // Should one of them be leaving the scope just now, whoever follows that change did not know it as a
                // member.
                SegmentChanges.restricted(handle, segment.id(), moved.joined(), now, 0);
            }
            joined += moved.joined().size();
        }
        for (var part : parts(remove)) {
            var moved = MembershipWriter.write(handle, segment.id(), List.of(), part, now);
            SegmentChanges.membership(handle, segment.key(), moved.left(), now);
            left += moved.left().size();
        }
        return new Moved(joined, left);
    }

    /** After the commit: wakes those who react to joiners and leavers. */
    public void kick() {
        changes.kick();
        membershipChanges.kick();
    }

    private List<Long> resolve(Handle handle, String pointer, List<String> references, List<ProblemError> problems) {
        var found = contacts.resolveAll(handle, references);
        var ids = new ArrayList<Long>();
        for (var index = 0; index < references.size(); index++) {
            var id = found.get(references.get(index));
            if (id == null) {
                problems.add(ProblemError.at(
                        pointer + "/" + index, "unknown-contact", Contacts.notThere(references.get(index))));
            } else {
                ids.add(id);
            }
        }
        return ids;
    }

    private static List<List<Long>> parts(Collection<Long> contacts) {
        var sorted = List.copyOf(new TreeSet<>(contacts));
        var parts = new ArrayList<List<Long>>();
        for (var from = 0; from < sorted.size(); from += MembershipWriter.CONTACTS_PER_ROW) {
            parts.add(sorted.subList(from, Math.min(from + MembershipWriter.CONTACTS_PER_ROW, sorted.size())));
        }
        return parts;
    }
}
