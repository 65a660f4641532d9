package sojourn.app.segments;

import org.jspecify.annotations.Nullable;

/**
 * What a segment was made from, for the audit log.
 *
 * @param from e.g. {@code copy}; null when somebody wrote it
 * @param of the key of the segment, template or journey; null where there is none
 */
public record MadeFrom(@Nullable String from, @Nullable String of) {

    static final MadeFrom WRITTEN = new MadeFrom(null, null);
    static final MadeFrom TEXT = new MadeFrom("text", null);
    static final MadeFrom BUNDLE = new MadeFrom("bundle", null);

    static MadeFrom copy(String segment) {
        return new MadeFrom("copy", segment);
    }

    static MadeFrom template(String template) {
        return new MadeFrom("template", template);
    }

    /** A figure of a journey's insights. */
    public static MadeFrom figure(String journey) {
        return new MadeFrom("figure", journey);
    }
}
