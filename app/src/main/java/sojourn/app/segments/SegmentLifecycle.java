package sojourn.app.segments;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemType;
import sojourn.app.platform.Transactions;
import sojourn.app.security.Deed;

/** The life-cycle verbs. A verb that has been done already changes nothing. */
final class SegmentLifecycle {

    private final Jdbi jdbi;
    private final Vocabulary vocabulary;
    private final References references;
    private final InstantSource clock;
    private final SegmentUses uses;
    private final SegmentQuota quota;

    SegmentLifecycle(
            Jdbi jdbi,
            Vocabulary vocabulary,
            References references,
            SegmentUses uses,
            SegmentQuota quota,
            InstantSource clock) {
        this.jdbi = jdbi;
        this.vocabulary = vocabulary;
        this.references = references;
        this.uses = uses;
        this.quota = quota;
        this.clock = clock;
    }

    /** A segment after a verb, and whether the verb did something. */
    record Outcome(Segment segment, boolean changed) {}

    /** A dynamic segment is live when its first evaluation is stored, a static one at once. */
    Outcome goLive(String key, @Nullable String ifMatch, Deed by) {
        return Transactions.in(jdbi, handle -> {
            Locks.definitions(handle);
            var words = vocabulary.read(handle);
            var segment = SegmentEditor.lock(handle, key, ifMatch);
            return switch (segment.state()) {
                case LIVE -> new Outcome(segment, false);
                case GOING_LIVE -> new Outcome(segment, true);
                case DRAFT, STOPPED, ERROR -> {
                    if (segment.draft() != null) {
                        throw new Problem(
                                ProblemType.WRONG_STATE,
                                "Segment " + key + " has an edit that is not saved; save or discard it first");
                    }
                    SegmentDeeds.note(handle, clock.instant(), by, "live", key, Map.of());
                    var query = segment.query();
                    if (query == null) {
                        // While it was not live nobody saw to it that its members stay in its scope.
                        Scopes.lookAgain(handle, segment.id(), clock.instant());
                        yield new Outcome(set(handle, segment, SegmentState.LIVE, by), true);
                    }
                    references.requireLive(handle, words, key, query);
                    quota.require(handle, 1);
                    yield new Outcome(set(handle, segment, SegmentState.GOING_LIVE, by), true);
                }
            };
        });
    }

    /**
     * Ends evaluation and leaves the last membership as it is, and the edit beside it; a segment in use only by force.
     */
    Outcome stop(String key, boolean force, @Nullable String ifMatch, Deed by) {
        return Transactions.in(jdbi, handle -> {
            // Nobody goes live meanwhile with what builds on it.
            Locks.definitions(handle);
            var words = vocabulary.read(handle);
            var segment = SegmentEditor.lock(handle, key, ifMatch);
            return switch (segment.state()) {
                case STOPPED -> new Outcome(segment, false);
                case DRAFT -> throw new Problem(ProblemType.WRONG_STATE, "Segment " + key + " has not gone live");
                case GOING_LIVE, LIVE, ERROR -> {
                    refuseWhenUsed(handle, words, key, force, "stopped");
                    SegmentDeeds.note(handle, clock.instant(), by, "stopped", key, Map.of("force", force));
                    yield new Outcome(set(handle, segment, SegmentState.STOPPED, by), true);
                }
            };
        });
    }

    /** Makes a full evaluation due. */
    Segment evaluate(String key, @Nullable String ifMatch, Deed by) {
        return Transactions.in(jdbi, handle -> {
            var segment = SegmentEditor.lock(handle, key, ifMatch);
            if (!segment.isDynamic()) {
                throw new Problem(
                        ProblemType.WRONG_STATE, "Segment " + key + " is static; there is nothing to evaluate");
            }
            if (!segment.isLive() && segment.state() != SegmentState.GOING_LIVE) {
                throw new Problem(
                        ProblemType.NOT_LIVE,
                        "Segment " + key + " is " + segment.state().word());
            }
            SegmentDeeds.note(handle, clock.instant(), by, "evaluated", key, Map.of());
            return handle.attach(SegmentDao.class).makeDue(segment.id(), clock.instant());
        });
    }

    /** The same for an operator who asks for it where the segment is evaluated; nothing when it is live no more. */
    void evaluateIfLive(String key) {
        Transactions.use(jdbi, handle -> {
            var segments = handle.attach(SegmentDao.class);
            segments.lock(key)
                    .filter(Segment::isEvaluated)
                    .ifPresent(segment -> segments.makeDue(segment.id(), clock.instant()));
        });
    }

    /** Makes a full evaluation of all live dynamic segments due; says how many there are. */
    int evaluateAll(Deed by) {
        return Transactions.in(jdbi, handle -> {
            var segments = handle.attach(SegmentDao.class).makeAllDue(clock.instant());
            SegmentDeeds.evaluatedAll(handle, clock.instant(), by, segments);
            return segments;
        });
    }

    void delete(String key, boolean force, @Nullable String ifMatch, Deed by) {
        Transactions.use(jdbi, handle -> {
            Locks.definitions(handle);
            var words = vocabulary.read(handle);
            var segment = SegmentEditor.lock(handle, key, ifMatch);
            if (segment.isDynamic() && (segment.isLive() || segment.state() == SegmentState.GOING_LIVE)) {
                throw new Problem(ProblemType.WRONG_STATE, "Segment " + key + " is live; stop it first");
            }
            refuseWhenUsed(handle, words, key, force, "deleted");
            Locks.exclusive(handle, segment.id());
            for (var table : List.of("membership", "past_membership", "evaluation", "change", "membership_change")) {
                handle.execute("delete from " + table + " where segment_id = ?", segment.id());
            }
            var segments = handle.attach(SegmentDao.class);
            segments.delete(segment.id());
            SegmentDeeds.note(handle, clock.instant(), by, "deleted", key, Map.of("force", force));
            // Who builds on it has lost its meaning: the next evaluation says so, at once.
            segments.mentioning("segment").stream()
                    .filter(other -> References.of(words, other.query()).contains(key))
                    .forEach(other -> segments.makeDue(other.id(), clock.instant()));
        });
    }

    private Segment set(Handle handle, Segment segment, SegmentState state, Deed by) {
        return handle.attach(SegmentDao.class).setState(segment.id(), state.word(), by.by(), clock.instant());
    }

    private void refuseWhenUsed(Handle handle, Vocabulary.Words words, String key, boolean force, String verb) {
        if (force) {
            return;
        }
        var users = uses.of(handle, words, key);
        if (!users.isEmpty()) {
            throw new Problem(
                    ProblemType.IN_USE,
                    "Segment " + key + " is used by " + SegmentUses.named(users)
                            + (verb.equals("deleted") ? "; add ?force=true" : "; say {\"force\": true}")
                            + " if it is to be " + verb + " all the same");
        }
    }
}
