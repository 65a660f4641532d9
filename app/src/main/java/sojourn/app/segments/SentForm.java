package sojourn.app.segments;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemError;
import sojourn.app.segments.language.Query;
import sojourn.app.segments.language.QueryException;
import sojourn.app.segments.language.SegmentLanguage;

/** A query as sent: its text, or its tree, which becomes the text that says the same. */
record SentForm(@Nullable String query, @Nullable Query tree) {

    /** A query understood, and its text as it is to be kept. */
    record Understood(String text, Query query) {}

    boolean isMissing() {
        return query == null && tree == null;
    }

    /** Null when it was refused, with everything that is wrong with it, or when there is none. */
    @Nullable
    Understood check(Vocabulary.Words words, List<ProblemError> problems) {
        if (query != null && tree != null) {
            problems.add(ProblemError.at(
                    "/tree", "unexpected", "Send a query as text or as a tree; either would fit, but not both"));
            return null;
        }
        try {
            if (tree != null) {
                var checked = SegmentLanguage.check(tree, words.catalog());
                return new Understood(SegmentLanguage.print(checked), checked);
            }
            return query == null ? null : new Understood(query, words.parse(query));
        } catch (QueryException refused) {
            problems.addAll(NewSegment.problems(refused));
            return null;
        }
    }

    /** The same where nothing else can be wrong; refuses a missing query too. */
    Understood require(Vocabulary.Words words) {
        var problems = new ArrayList<ProblemError>();
        if (isMissing()) {
            problems.add(missing());
        }
        var understood = check(words, problems);
        if (understood == null) {
            throw Problem.invalid(problems);
        }
        return understood;
    }

    static ProblemError missing() {
        return ProblemError.at("/query", "missing", "Say which query, e.g. 'PROFILE(contact)', or send its tree");
    }
}
