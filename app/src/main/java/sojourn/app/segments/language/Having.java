package sojourn.app.segments.language;

import org.jspecify.annotations.Nullable;

/** What must hold for a contact's filtered interactions taken together, over all time or within a window. */
public record Having(
        Value left,
        Comparison operator,
        Value right,
        @Nullable Window window) {}
