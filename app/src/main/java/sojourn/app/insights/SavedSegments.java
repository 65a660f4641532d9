package sojourn.app.insights;

import java.util.ArrayList;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemError;
import sojourn.app.platform.ProblemType;
import sojourn.app.security.Deed;
import sojourn.app.segments.MadeFrom;
import sojourn.app.segments.SegmentAnswer;
import sojourn.app.segments.SegmentMaker;

/** Makes segments of figures: a query that goes on with the journey, or the contacts of this moment. */
final class SavedSegments {

    private static final String DYNAMIC = "dynamic";
    private static final String SNAPSHOT = "snapshot";

    private final Jdbi jdbi;
    private final SegmentMaker segments;

    SavedSegments(Jdbi jdbi, SegmentMaker segments) {
        this.jdbi = jdbi;
        this.segments = segments;
    }

    /** A figure to be saved, as sent. */
    record Wish(
            @Nullable String key,
            @Nullable String name,
            @Nullable String description,
            @Nullable String kind,
            @Nullable Metric metric) {}

    SegmentAnswer save(String reference, Wish wish, Deed deed) {
        var journey = jdbi.withHandle(handle -> JourneyRow.read(handle, reference));
        if (!journey.wasLive()) {
            throw new Problem(
                    ProblemType.NOT_LIVE, "'" + journey.key() + "' was never live, so it has no figures to save");
        }
        var selection = check(journey, wish);
        var label = new SegmentMaker.Label(wish.key(), wish.name(), wish.description());
        var origin = MadeFrom.figure(journey.key());
        return DYNAMIC.equals(wish.kind())
                ? segments.draft(label, SegmentQuery.of(selection), origin, deed)
                : segments.live(label, selection::contacts, origin, deed);
    }

    private static Selection check(JourneyRow journey, Wish wish) {
        var problems = new ArrayList<ProblemError>();
        if (!DYNAMIC.equals(wish.kind()) && !SNAPSHOT.equals(wish.kind())) {
            problems.add(ProblemError.at(
                    "/kind",
                    wish.kind() == null ? "missing" : "unknown-kind",
                    "'dynamic' (a query that goes on) or 'snapshot' (the contacts of now) would fit"));
        }
        if (wish.metric() == null) {
            problems.add(ProblemError.at("/metric", "missing", "Name the figure to save, like {\"of\": \"stopped\"}"));
            throw Problem.invalid(problems);
        }
        try {
            var selection = MetricCheck.check(journey, wish.metric(), "/metric");
            if (problems.isEmpty()) {
                return selection;
            }
        } catch (Problem ofMetric) {
            problems.addAll(ofMetric.errors());
        }
        throw Problem.invalid(problems);
    }
}
