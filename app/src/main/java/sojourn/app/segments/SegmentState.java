package sojourn.app.segments;

import com.fasterxml.jackson.annotation.JsonValue;
import java.util.Arrays;
import java.util.Optional;

/** Where a segment is in its life. */
public enum SegmentState {
    DRAFT("draft"),
    /** Its first evaluation is on its way. */
    GOING_LIVE("goingLive"),
    LIVE("live"),
    /** Its last membership stays readable. */
    STOPPED("stopped"),
    /** It could not go live, or cannot be evaluated any more; the cause says why. */
    ERROR("error");

    private final String word;

    SegmentState(String word) {
        this.word = word;
    }

    @JsonValue
    public String word() {
        return word;
    }

    static Optional<SegmentState> of(String word) {
        return Arrays.stream(values()).filter(state -> state.word.equals(word)).findFirst();
    }
}
