package sojourn.app.segments;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import org.jspecify.annotations.Nullable;

/** A segment as the API shows it: with its size and what its last full evaluation found. */
public record SegmentAnswer(
        @JsonUnwrapped Segment segment, long size, @Nullable Evaluation lastEvaluation) {}
