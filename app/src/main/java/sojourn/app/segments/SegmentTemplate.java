package sojourn.app.segments;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Versioned;
import sojourn.app.platform.Versions;

/**
 * A query with places to fill, to make segments of.
 *
 * @param query its parameters stand in braces
 * @param shipped whether it came with the program, so that nobody can delete it
 * @param missing what its standard values name that is not declared here, e.g. {@code interaction type Purchase}
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record SegmentTemplate(
        String key,
        String name,
        @Nullable String description,
        String category,
        String query,
        List<TemplateParameter> parameters,
        boolean shipped,
        List<String> missing,
        @Nullable Instant createdAt,
        @Nullable String createdBy)
        implements Versioned {

    public SegmentTemplate {
        parameters = List.copyOf(parameters);
        missing = List.copyOf(missing);
    }

    SegmentTemplate missing(List<String> words) {
        return new SegmentTemplate(
                key, name, description, category, query, parameters, shipped, words, createdAt, createdBy);
    }

    @Override
    public String etag() {
        return Versions.etag(hashCode());
    }
}
