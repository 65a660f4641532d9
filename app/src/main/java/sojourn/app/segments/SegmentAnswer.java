package sojourn.app.segments;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A segment as the API shows it: with its size and what its last full evaluation found.
 *
 * @param warnings why its members may not be whom its query means
 */
public record SegmentAnswer(
        @JsonUnwrapped Segment segment, long size, @Nullable Evaluation lastEvaluation, List<Warning> warnings) {

    /** What somebody should know who relies on a segment. */
    public record Warning(String code, String detail) {}

    public SegmentAnswer {
        warnings = List.copyOf(warnings);
    }
}
