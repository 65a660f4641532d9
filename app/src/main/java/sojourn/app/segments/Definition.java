package sojourn.app.segments;

import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What a person says about a segment, checked. */
public record Definition(
        String name,
        @Nullable String description,
        String timeZone,
        @Nullable String query,
        @Nullable String owner,
        String scope,
        List<String> tags,
        Segment.@Nullable External external) {

    public Definition {
        tags = List.copyOf(tags);
    }

    /** The same under another name, with members that come from nowhere else. */
    Definition like(String otherName) {
        return new Definition(otherName, description, timeZone, query, owner, scope, tags, null);
    }

    public @Nullable String externalSource() {
        return external == null ? null : external.source();
    }

    public @Nullable String externalUrl() {
        return external == null ? null : external.url();
    }

    /** Whether whoever is in by the other may not be in by this one, or the other way round. */
    boolean meansOthersThan(Definition other) {
        return !Objects.equals(query, other.query)
                || !timeZone.equals(other.timeZone)
                || !scope.equals(other.scope)
                || (scope.equals(Scopes.OWNER) && !Objects.equals(owner, other.owner));
    }
}
