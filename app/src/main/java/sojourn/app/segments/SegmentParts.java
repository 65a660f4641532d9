package sojourn.app.segments;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.ImportConflicts;
import sojourn.app.platform.ImportedPart;
import sojourn.app.platform.ImportedPart.Outcome;
import sojourn.app.platform.Problem;
import sojourn.app.security.Caller;
import sojourn.app.security.Deed;
import sojourn.app.security.Role;
import sojourn.app.segments.NewSegment.Checked;
import sojourn.app.segments.TemplateText.Kind;
import sojourn.app.segments.TemplateText.Piece;
import sojourn.app.segments.language.Needs;
import sojourn.app.segments.language.UsedNames;

/** Segments as parts of what other features give out and take in. */
public final class SegmentParts {

    /** The reason of what was done. */
    private static final String IMPORTED = "imported";

    private final Vocabulary vocabulary;
    private final References references;
    private final SegmentEditor editor;
    private final Scopes scopes;
    private final ZoneId defaultZone;

    SegmentParts(
            Vocabulary vocabulary, References references, SegmentEditor editor, Scopes scopes, ZoneId defaultZone) {
        this.vocabulary = vocabulary;
        this.references = references;
        this.editor = editor;
        this.scopes = scopes;
        this.defaultZone = defaultZone;
    }

    /** The segments that a query, or a condition over contacts, names. */
    public static Set<String> named(@Nullable String text) {
        return pieces(text, Kind.SEGMENT_KEY);
    }

    /** What stands in quotes in a query or a condition. */
    public static Set<String> quoted(@Nullable String text) {
        return pieces(text, Kind.QUOTED).stream()
                .map(literal -> literal.replaceAll("^'|'$", "").replace("''", "'"))
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    private static Set<String> pieces(@Nullable String text, Kind kind) {
        return TemplateText.of(text == null ? "" : text).pieces().stream()
                .filter(piece -> piece.kind() == kind)
                .map(Piece::text)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    /** The text with other names of segments; all else stays as it was written. */
    public static String renamed(String text, Map<String, String> names) {
        return TemplateText.of(text)
                .map(piece -> piece.kind() == Kind.SEGMENT_KEY
                        ? new Piece(piece.kind(), names.getOrDefault(piece.text(), piece.text()))
                        : piece)
                .toString();
    }

    /** Those of these keys that there are, and all that they build on; each behind those that it builds on. */
    public List<NewSegment> export(Handle handle, Collection<String> keys) {
        var found = new LinkedHashMap<String, NewSegment>();
        var next = new ArrayList<>(keys);
        while (!next.isEmpty()) {
            next.removeIf(found::containsKey);
            var read = handle.attach(SegmentDao.class).findAll(next.toArray(String[]::new));
            next.clear();
            for (var segment : read) {
                found.put(segment.key(), NewSegment.like(segment));
                next.addAll(named(segment.query()));
            }
        }
        return sorted(List.copyOf(found.values()));
    }

    /** Each behind those that it builds on. */
    public static List<NewSegment> sorted(List<NewSegment> segments) {
        var byKey = new LinkedHashMap<String, NewSegment>();
        segments.forEach(segment -> byKey.putIfAbsent(String.valueOf(segment.key()), segment));
        var sorted = new LinkedHashSet<NewSegment>();
        segments.forEach(segment -> sort(segment, byKey, new LinkedHashSet<>(), sorted));
        return List.copyOf(sorted);
    }

    private static void sort(
            NewSegment segment, Map<String, NewSegment> byKey, Set<NewSegment> above, Set<NewSegment> sorted) {
        if (!sorted.contains(segment) && above.add(segment)) {
            named(segment.query()).stream()
                    .map(byKey::get)
                    .filter(Objects::nonNull)
                    .forEach(upstream -> sort(upstream, byKey, above, sorted));
            sorted.add(segment);
        }
    }

    /**
     * What a query needs of what is declared.
     *
     * @param interactionTypes that it names
     */
    public record Needed(UsedNames names, Set<String> interactionTypes) {}

    /** Empty when the query is not understood any more. */
    public Optional<Needed> needed(Handle handle, String query) {
        return vocabulary
                .read(handle)
                .parseIfUnderstood(query)
                .map(parsed -> new Needed(UsedNames.of(parsed), Needs.of(parsed).types()));
    }

    /**
     * Nobody else changes what segments are, makes one live or stops one, until the transaction ends. Whoever locks rows of
     * segments, messages or journeys too does so afterwards; what is declared is held before.
     */
    public static void hold(Handle handle) {
        Locks.definitions(handle);
    }

    /**
     * Makes the segment, or finds the same there, within the caller's transaction and behind {@link #hold}. What it builds on
     * is there already, or is one of {@code others}, which are about to be.
     */
    public ImportedPart put(
            Handle handle, NewSegment sent, Set<String> others, ImportConflicts conflicts, Caller caller) {
        var words = vocabulary.read(handle).withSegments(others);
        var there = handle.attach(SegmentDao.class).find(String.valueOf(sent.key()));
        if (there.isEmpty()) {
            refuseScopeUnlessAdmin(sent, caller);
            var checked = sent.check(words, defaultZone, scopes.check(handle, Scopes.ORGANIZATION));
            return ImportedPart.of(checked.key(), create(handle, words, checked, caller));
        }
        var known = there.get();
        var checked = check(handle, words, sent, known);
        var key = checked.key();
        if (isSame(known, checked)) {
            return ImportedPart.of(key, Outcome.kept);
        }
        return switch (conflicts) {
            case refuse -> throw ImportedPart.differs("segment", key);
            case replace -> {
                refuseOtherScopeUnlessAdmin(known, checked.definition(), caller);
                editor.overwrite(handle, words, checked, Deed.of(caller, IMPORTED));
                yield ImportedPart.of(key, Outcome.replaced);
            }
            case rename -> {
                var segments = handle.attach(SegmentDao.class);
                var other = ImportedPart.otherKey(
                        key,
                        free -> segments.find(free)
                                .map(twin -> isSame(twin, check(handle, words, sent, twin)))
                                .orElse(true));
                yield put(handle, sent.with(other, sent.query()), others, ImportConflicts.refuse, caller)
                        .sentAs(key);
            }
        };
    }

    /** A bundle that says nothing of the scope leaves it as it is: whom a segment may have is no part of what it asks. */
    private Checked check(Handle handle, Vocabulary.Words words, NewSegment sent, Segment known) {
        return sent.scopedLike(known).check(words, defaultZone, scopes.check(handle, Scopes.current(known)));
    }

    private static void refuseScopeUnlessAdmin(NewSegment sent, Caller caller) {
        if (sent.scope() != null && !sent.scope().equals(Scopes.ORGANIZATION) && !caller.is(Role.ADMIN)) {
            throw Problem.invalid("/scope", "admins-only", "Only admins limit segments to a business unit");
        }
    }

    private static void refuseOtherScopeUnlessAdmin(Segment known, Definition sent, Caller caller) {
        if (caller.is(Role.ADMIN)) {
            return;
        }
        var scope = Scopes.current(known);
        if (!scope.equals(sent.scope())) {
            throw Problem.invalid(
                    "/scope",
                    "admins-only",
                    "Only admins change the scope of a segment; it is " + scope + ", leave it so or out");
        }
        var owner = Scopes.currentOwner(known);
        if (scope.equals(Scopes.OWNER) && !Objects.equals(owner, sent.owner())) {
            throw Problem.invalid(
                    "/owner",
                    "admins-only",
                    "Only admins change the scope of a segment, which is the unit of its owner " + owner
                            + "; leave the owner as it is");
        }
    }

    private Outcome create(Handle handle, Vocabulary.Words words, Checked checked, Caller caller) {
        editor.create(handle, checked, MadeFrom.BUNDLE, Deed.of(caller, IMPORTED));
        references.refuseCycle(handle, words, checked);
        return Outcome.created;
    }

    /** By what it is, or by what the edit beside it will make it. */
    private static boolean isSame(Segment segment, Checked checked) {
        var edit = segment.draft();
        return segment.kind() == checked.kind()
                && (segment.definition().equals(checked.definition())
                        || (edit != null && edit.definition().equals(checked.definition())));
    }
}
