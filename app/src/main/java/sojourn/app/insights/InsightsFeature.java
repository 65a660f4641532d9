package sojourn.app.insights;

import io.dropwizard.core.setup.Environment;
import java.time.Duration;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.platform.Loop;
import sojourn.app.segments.SegmentMaker;
import sojourn.app.segments.Segments;

/** The door of insights. */
public final class InsightsFeature {

    private static final Duration FOLDING = Duration.ofSeconds(1);

    private final Jdbi jdbi;
    private final SegmentMaker segments;

    public InsightsFeature(Jdbi jdbi, SegmentMaker segments) {
        this.jdbi = jdbi;
        this.segments = segments;
    }

    /** Registers endpoints and what keeps sums small; before the application starts. */
    public void register(Environment environment) {
        var jersey = environment.jersey();
        jersey.register(new InsightsResource(jdbi, new SavedSegments(jdbi, segments)));
        jersey.register(new SegmentUsageResource(jdbi, new Segments()));
        jersey.register(new DefinitionsResource());
        environment.lifecycle().manage(new Loop("figures", FOLDING, new Folding(jdbi)::foldSome));
    }
}
