package sojourn.app.segments;

import org.jspecify.annotations.Nullable;

/** What a person says about a segment, checked. */
public record Definition(
        String name,
        @Nullable String description,
        String timeZone,
        @Nullable String query,
        @Nullable String owner) {}
