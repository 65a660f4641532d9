package sojourn.app.segments;

import java.time.Instant;
import java.util.Optional;

/** Why a segment is evaluated in full. */
enum EvaluationKind {
    /** It goes live. */
    FIRST("first"),

    /** An edit becomes the segment. */
    DEFINITION("definition"),

    /** Whom the scope means has changed: the segment is what it was. */
    SCOPE("scope"),

    /** To audit what the changes and the clock have made of it. */
    FULL("full");

    private final String word;

    EvaluationKind(String word) {
        this.word = word;
    }

    /** As stored, and as the API says it. */
    String word() {
        return word;
    }

    /** What is due of a segment by now. */
    static Optional<EvaluationKind> due(Segment segment, Instant now) {
        if (!segment.isDynamic()) {
            return Optional.empty();
        }
        if (segment.state() == SegmentState.GOING_LIVE) {
            return Optional.of(FIRST);
        }
        if (!segment.isLive()) {
            return Optional.empty();
        }
        if (savedEdit(segment).isPresent()) {
            return Optional.of(DEFINITION);
        }
        if (segment.rescoped() > 0) {
            return Optional.of(SCOPE);
        }
        var next = segment.nextEvaluationAt();
        return next == null || !next.isAfter(now) ? Optional.of(FULL) : Optional.empty();
    }

    /** The edit that becomes a live segment with its next evaluation. */
    static Optional<Segment.Edit> savedEdit(Segment segment) {
        return Optional.ofNullable(segment.draft()).filter(edit -> segment.isLive() && edit.saving());
    }
}
