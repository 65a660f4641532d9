package sojourn.app.segments;

import java.time.InstantSource;
import java.time.ZoneId;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemType;
import sojourn.app.platform.Transactions;
import sojourn.app.platform.Versions;
import sojourn.app.security.Deed;
import sojourn.app.segments.NewSegment.Checked;

/** Writes what people say segments are; what a query means for members is left to evaluation. */
final class SegmentEditor {

    private final Jdbi jdbi;
    private final Vocabulary vocabulary;
    private final References references;
    private final Scopes scopes;
    private final ZoneId defaultZone;
    private final InstantSource clock;

    SegmentEditor(
            Jdbi jdbi,
            Vocabulary vocabulary,
            References references,
            Scopes scopes,
            ZoneId defaultZone,
            InstantSource clock) {
        this.jdbi = jdbi;
        this.vocabulary = vocabulary;
        this.references = references;
        this.scopes = scopes;
        this.defaultZone = defaultZone;
        this.clock = clock;
    }

    /** A static segment is live at once, and empty. */
    Segment create(NewSegment sent, Deed by) {
        return create(sent, MadeFrom.WRITTEN, by);
    }

    Segment create(NewSegment sent, MadeFrom origin, Deed by) {
        var checked = check(sent);
        return Transactions.in(jdbi, handle -> createWithoutCircle(handle, checked, origin, by));
    }

    /** In the caller's transaction, which has locked nothing yet. */
    Segment createWithoutCircle(Handle handle, Checked checked, MadeFrom origin, Deed by) {
        Locks.definitions(handle);
        references.refuseCycle(handle, vocabulary.read(handle), checked);
        return create(handle, checked, origin, by);
    }

    /** Reads on a connection of its own; never inside a transaction. */
    Checked check(NewSegment sent) {
        var words = vocabulary.read();
        return jdbi.withHandle(handle -> sent.check(words, defaultZone, scopes.check(handle, Scopes.ORGANIZATION)));
    }

    Segment create(Handle handle, Checked checked, MadeFrom origin, Deed by) {
        holdScope(handle, checked.definition());
        var state = checked.kind() == SegmentKind.STATIC ? SegmentState.LIVE : SegmentState.DRAFT;
        var made = handle.attach(SegmentDao.class)
                .add(checked.key(), checked.kind().word(), checked.definition(), state.word(), by.by(), clock.instant())
                .orElseThrow(() -> taken(checked.key()));
        SegmentDeeds.created(handle, clock.instant(), by, made, origin);
        return made;
    }

    /** Replaces the definition; that of the edit where there is one, which a live dynamic segment must have. */
    Segment replace(String key, NewSegment sent, @Nullable String ifMatch, Deed by) {
        var words = vocabulary.read();
        var known = jdbi.withExtension(SegmentDao.class, segments -> segments.find(key))
                .orElseThrow(() -> Problem.notFound("segment", key));
        var complete = sent.completedBy(known);
        var checked = jdbi.withHandle(
                handle -> complete.check(words, defaultZone, scopes.check(handle, Scopes.current(known))));
        return Transactions.in(jdbi, handle -> {
            Locks.definitions(handle);
            var segment = lock(handle, key);
            Versions.require(ifMatch, segment.version());
            refuseWhatCannotBe(handle, words, segment, checked);
            var replaced = hasEdits(segment)
                    ? replaceEdit(handle, segment, checked, by)
                    : replaceRecord(handle, segment, checked, by);
            SegmentDeeds.edited(handle, clock.instant(), by, segment, replaced);
            return replaced;
        });
    }

    /** Writes an import over what there is, within the caller's transaction, as {@link #replace} would; makes the edit. */
    void overwrite(Handle handle, Vocabulary.Words words, Checked checked, Deed by) {
        var segment = lock(handle, checked.key());
        refuseWhatCannotBe(handle, words, segment, checked);
        if (hasEdits(segment)) {
            refuseWhileSaving(segment);
            setDraft(handle, segment, Segment.Edit.of(checked.definition()), false, by);
        } else {
            replaceRecord(handle, segment, checked, by);
        }
        SegmentDeeds.edited(handle, clock.instant(), by, segment, lock(handle, checked.key()));
    }

    /** Whether it is changed beside itself: live and dynamic, or stopped or in error with an edit that was there before. */
    private static boolean hasEdits(Segment segment) {
        return segment.draft() != null || (segment.isLive() && segment.isDynamic());
    }

    private void refuseWhatCannotBe(Handle handle, Vocabulary.Words words, Segment segment, Checked checked) {
        refuseChangesOfWhatIsFixed(segment, checked);
        references.refuseCycle(handle, words, checked);
        holdScope(handle, checked.definition());
        if (segment.state() == SegmentState.GOING_LIVE) {
            throw new Problem(
                    ProblemType.WRONG_STATE,
                    "Segment " + segment.key() + " is going live; wait until it is live, or stop it");
        }
    }

    private Segment replaceRecord(Handle handle, Segment segment, Checked checked, Deed by) {
        if (!segment.isDynamic() && checked.definition().meansOthersThan(segment.definition())) {
            Scopes.lookAgain(handle, segment.id(), clock.instant());
        }
        return handle.attach(SegmentDao.class)
                .update(segment.id(), checked.key(), checked.definition(), by.by(), clock.instant())
                .orElseThrow(() -> taken(checked.key()));
    }

    private Segment replaceEdit(Handle handle, Segment segment, Checked checked, Deed by) {
        if (segment.draft() == null) {
            throw new Problem(
                    ProblemType.WRONG_STATE,
                    "Segment " + segment.key() + " is live; begin an edit with POST /v1/segments/" + segment.key()
                            + "/edit, change it, then save it");
        }
        refuseWhileSaving(segment);
        return setDraft(handle, segment, Segment.Edit.of(checked.definition()), false, by);
    }

    /** Puts an edit beside a live dynamic segment, or finds the one that is there. */
    Segment edit(String key, @Nullable String ifMatch, Deed by) {
        return Transactions.in(jdbi, handle -> {
            var segment = lock(handle, key, ifMatch);
            if (segment.draft() != null) {
                return segment;
            }
            if (!segment.isLive() || segment.query() == null) {
                throw new Problem(
                        ProblemType.WRONG_STATE,
                        "Only a live dynamic segment has an edit beside it; segment " + key + " is "
                                + segment.kind().word() + " and "
                                + segment.state().word() + ": change it with PUT");
            }
            SegmentDeeds.note(handle, clock.instant(), by, "edit-begun", key, Map.of());
            return setDraft(handle, segment, Segment.Edit.of(segment.definition()), false, by);
        });
    }

    /**
     * Checks the edit and lets it become the segment: at once, or with a full evaluation when membership of a live one
     * depends on it.
     */
    Segment save(String key, @Nullable String ifMatch, Deed by) {
        return Transactions.in(jdbi, handle -> {
            Locks.definitions(handle);
            var words = vocabulary.read(handle);
            var segment = lock(handle, key, ifMatch);
            var edit = segment.draft();
            if (edit == null) {
                throw new Problem(ProblemType.WRONG_STATE, "Segment " + key + " has no edit that could be saved");
            }
            if (EvaluationKind.savedEdit(segment).isPresent()) {
                return segment;
            }
            SegmentDeeds.note(handle, clock.instant(), by, "saved", key, Map.of());
            var definition = edit.definition();
            holdScope(handle, definition);
            if (segment.isLive()) {
                references.requireLive(handle, words, key, edit.query());
            } else {
                references.requireUnderstood(words, edit.query());
            }
            if (!segment.isLive() || !definition.meansOthersThan(segment.definition())) {
                var updated = replaceRecord(handle, segment, new Checked(key, segment.kind(), definition), by);
                return setDraft(handle, updated, null, false, by);
            }
            return setDraft(handle, segment, edit.saving(true, null), true, by);
        });
    }

    Segment discard(String key, @Nullable String ifMatch, Deed by) {
        return Transactions.in(jdbi, handle -> {
            var segment = lock(handle, key, ifMatch);
            if (segment.draft() == null) {
                return segment;
            }
            refuseWhileSaving(segment);
            SegmentDeeds.note(handle, clock.instant(), by, "discarded", key, Map.of());
            return setDraft(handle, segment, null, false, by);
        });
    }

    private Segment setDraft(Handle handle, Segment segment, Segment.@Nullable Edit edit, boolean evaluate, Deed by) {
        return handle.attach(SegmentDao.class)
                .setDraft(
                        segment.id(),
                        edit == null ? null : SegmentMapper.json(edit),
                        evaluate,
                        by.by(),
                        clock.instant());
    }

    static Segment lock(Handle handle, String key, @Nullable String ifMatch) {
        var segment = lock(handle, key);
        Versions.heed(ifMatch, segment.version());
        return segment;
    }

    static Segment lock(Handle handle, String key) {
        return handle.attach(SegmentDao.class).lock(key).orElseThrow(() -> Problem.notFound("segment", key));
    }

    private static void refuseWhileSaving(Segment segment) {
        if (EvaluationKind.savedEdit(segment).isPresent()) {
            throw new Problem(
                    ProblemType.WRONG_STATE,
                    "The edit of segment " + segment.key() + " is being saved; wait until it is");
        }
    }

    private static void refuseChangesOfWhatIsFixed(Segment segment, Checked checked) {
        if (!checked.key().equals(segment.key()) && segment.firstLiveAt() != null) {
            throw Problem.invalid("/key", "fixed", "The key of a segment that has been live stays " + segment.key());
        }
        if (checked.kind() != segment.kind()) {
            throw Problem.invalid(
                    "/kind",
                    "fixed",
                    "The kind was fixed at creation: " + segment.kind().word());
        }
    }

    /** What was checked a moment ago stays so until the transaction ends. */
    private void holdScope(Handle handle, Definition definition) {
        if (!scopes.hold(handle, definition.scope())) {
            throw Problem.invalid(
                    "/scope", "unknown-scope", "Business unit " + definition.scope() + " was deleted just now");
        }
    }

    private static Problem taken(String key) {
        return new Problem(ProblemType.KEY_TAKEN, "There is a segment " + key + " already");
    }
}
