package sojourn.app.segments;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Page;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemError;
import sojourn.app.security.Caller;
import sojourn.app.segments.language.Needs;
import sojourn.app.segments.language.Query;

/**
 * A query that is not saved, and what is to be shown of its contacts.
 *
 * @param timeZone in which it counts days; the organization's when null
 * @param contact whom to explain it for; only where it is explained
 * @param attributes to show of each contact; only where contacts are shown
 * @param limit how many contacts to show; only where contacts are shown
 * @param tree the query in its other form, instead of {@code query}
 */
record SentQuery(
        @Nullable String query,
        @Nullable String timeZone,
        @Nullable String contact,
        @Nullable List<String> attributes,
        @Nullable Integer limit,
        @Nullable Query tree) {

    /** What can be read of it; everything that is wrong is said at once. */
    record Checked(Asked asked, ChosenAttributes attributes, int limit) {}

    Checked check(Vocabulary.Words words, ZoneId organizationZone, Caller caller) {
        var problems = new ArrayList<ProblemError>();
        var zone = NewSegment.zone(timeZone, organizationZone, problems);
        var chosen = ChosenAttributes.check(attributes, words, caller, problems);
        var size = limit(limit, problems);
        var sent = new SentForm(query, tree);
        if (sent.isMissing()) {
            problems.add(SentForm.missing());
        }
        var understood = sent.check(words, problems);
        if (understood != null) {
            // Viewers see no contact points, so that they may not find out about them by asking either.
            ChosenAttributes.requireSeen(Needs.names(understood.query()), caller);
        }
        if (understood == null || !problems.isEmpty()) {
            throw Problem.invalid(problems);
        }
        return new Checked(Asked.of(understood.text(), zone), chosen, size);
    }

    /** The limit asked for, or a problem more. */
    static int limit(@Nullable Integer asked, List<ProblemError> problems) {
        try {
            return Page.limit(asked);
        } catch (Problem outOfRange) {
            problems.addAll(outOfRange.errors());
            return Page.DEFAULT_LIMIT;
        }
    }
}
