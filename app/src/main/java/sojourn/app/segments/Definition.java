package sojourn.app.segments;

import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a person says about a segment, checked.
 *
 * @param evaluateEvery how often it is evaluated in full; null for the installation's setting
 */
public record Definition(
        String name,
        @Nullable String description,
        String timeZone,
        @Nullable String query,
        @Nullable String owner,
        String scope,
        List<String> tags,
        Segment.@Nullable External external,
        @Nullable Duration evaluateEvery) {

    public Definition {
        tags = List.copyOf(tags);
    }

    /** The same under another name, with members that come from nowhere else. */
    Definition like(String otherName) {
        return new Definition(otherName, description, timeZone, query, owner, scope, tags, null, evaluateEvery);
    }

    public @Nullable String externalSource() {
        return external == null ? null : external.source();
    }

    public @Nullable String externalUrl() {
        return external == null ? null : external.url();
    }

    /** As stored. */
    public @Nullable String evaluateEveryText() {
        return evaluateEvery == null ? null : evaluateEvery.toString();
    }

    /** Whether whoever is in by the other may not be in by this one, or the other way round. */
    boolean meansOthersThan(Definition other) {
        return !Objects.equals(query, other.query)
                || !timeZone.equals(other.timeZone)
                || !scope.equals(other.scope)
                || (scope.equals(Scopes.OWNER) && !Objects.equals(owner, other.owner));
    }
}
