package sojourn.app.segments;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemError;
import sojourn.app.segments.NewSegment.Checked;
import sojourn.app.segments.language.Needs;
import sojourn.app.segments.language.QueryException;

/** Which segment builds on which. */
final class References {

    private static final Pattern LINE_END = Pattern.compile("\r\n|\r|\n");

    /** The segments that a query names. */
    static Set<String> of(Vocabulary.Words words, @Nullable String query) {
        return query == null
                ? Set.of()
                : words.parseIfUnderstood(query)
                        .map(parsed -> Needs.of(parsed).segments())
                        .orElse(Set.of());
    }

    /** Refuses a definition by which the segment would build on itself, saying by which path. */
    void refuseCycle(Handle handle, Vocabulary.Words words, Checked checked) {
        var path = new ArrayList<String>();
        path.add(checked.key());
        // Who named the key while there was no such segment names this one from now on.
        var known = words.withSegments(Set.of(checked.key()));
        for (var named : of(known, checked.definition().query())) {
            if (leadsTo(handle, known, checked.key(), named, path, new LinkedHashSet<>())) {
                throw Problem.invalid(
                        List.of(cycle(String.valueOf(checked.definition().query()), named, path)));
            }
        }
    }

    private static ProblemError cycle(String query, String named, List<String> path) {
        return where(query, named, "cycle", "The segment would build on itself: " + String.join(" -> ", path));
    }

    /** A problem with the segment that the query names, where it names it. */
    private static ProblemError where(String query, String named, String code, String detail) {
        var before = new StringBuilder();
        for (var piece : TemplateText.of(query).pieces()) {
            if (piece.kind() == TemplateText.Kind.SEGMENT_KEY && piece.text().equals(named)) {
                var lines = LINE_END.split(before, -1);
                var last = lines[lines.length - 1];
                var column = 1 + last.codePointCount(0, last.length());
                return new ProblemError("/query", code, detail, lines.length, column);
            }
            before.append(piece.text());
        }
        return ProblemError.at("/query", code, detail);
    }

    private boolean leadsTo(
            Handle handle, Vocabulary.Words words, String goal, String from, List<String> path, Set<String> seen) {
        path.add(from);
        if (from.equals(goal)) {
            return true;
        }
        if (seen.add(from)) {
            var segment = handle.attach(SegmentDao.class).find(from);
            var named = segment.stream()
                    .flatMap(found -> queries(found).stream())
                    .flatMap(query -> of(words, query).stream())
                    .distinct()
                    .toList();
            for (var next : named) {
                if (leadsTo(handle, words, goal, next, path, seen)) {
                    return true;
                }
            }
        }
        path.removeLast();
        return false;
    }

    /** Refuses a query that is not understood any more. */
    void requireUnderstood(Vocabulary.Words words, String query) {
        try {
            words.parse(query);
        } catch (QueryException refused) {
            throw Problem.invalid(NewSegment.problems(refused));
        }
    }

    /** Refuses a query that is not understood any more, or that names segments that are not live. */
    void requireLive(Handle handle, Vocabulary.Words words, String key, String query) {
        requireUnderstood(words, query);
        var problems = new ArrayList<ProblemError>();
        for (var named : of(words, query)) {
            var live = handle.attach(SegmentDao.class).find(named).filter(Segment::isLive);
            if (live.isEmpty()) {
                problems.add(where(
                        query,
                        named,
                        "segment-not-live",
                        "SEGMENT(" + named + ") is not live; let it go live before " + key));
            }
        }
        if (!problems.isEmpty()) {
            throw Problem.invalid(problems);
        }
    }

    /** The query of a segment, and of the edit beside it. */
    static List<String> queries(Segment segment) {
        var draft = segment.draft();
        return Stream.of(segment.query(), draft == null ? null : draft.query())
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull)
                .toList();
    }
}
