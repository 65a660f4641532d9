package sojourn.app.insights;

import io.dropwizard.core.setup.Environment;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.segments.SegmentMaker;
import sojourn.app.segments.Segments;

/** The door of insights. */
public final class InsightsFeature {

    private final Jdbi jdbi;
    private final SegmentMaker segments;

    public InsightsFeature(Jdbi jdbi, SegmentMaker segments) {
        this.jdbi = jdbi;
        this.segments = segments;
    }

    /** Registers endpoints; before the application starts. */
    public void register(Environment environment) {
        var jersey = environment.jersey();
        jersey.register(new InsightsResource(jdbi, new SavedSegments(jdbi, segments)));
        jersey.register(new SegmentUsageResource(jdbi, new Segments()));
        jersey.register(new DefinitionsResource());
    }
}
