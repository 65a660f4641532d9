package sojourn.workflows.journeys;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.time.Instant;
import java.time.ZoneId;

/** A duration after a moment ({@code P3D}) or before it ({@code -P3D}). */
public record Offset(Span span, boolean before) {

    public static final Offset NONE = new Offset(Span.ZERO, false);

    /** Reads the ISO form; an {@link IllegalArgumentException} says what would fit. */
    @JsonCreator
    public static Offset parse(String text) {
        return text.startsWith("-")
                ? new Offset(Span.parse(text.substring(1)), true)
                : new Offset(Span.parse(text), false);
    }

    /** The instant so long after another, or before it; the calendar part counted in {@code zone}. */
    public Instant from(Instant moment, ZoneId zone) {
        return before ? span.before(moment, zone) : span.after(moment, zone);
    }

    /** As a person says it: {@code 3 days before}; nothing when zero. */
    public String inWords() {
        return span.isZero() ? "" : span.inWords() + (before ? " before" : " after");
    }

    @JsonValue
    @Override
    public String toString() {
        return (before ? "-" : "") + span;
    }
}
