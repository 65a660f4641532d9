package sojourn.app.contacts;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.List;
import sojourn.app.platform.Versioned;
import sojourn.app.platform.Versions;

/**
 * An owner group that scopes records.
 *
 * @param members names of keys and of people, in order; nobody is in two units
 */
public record BusinessUnit(
        String key,
        String name,
        List<String> members,
        @JsonIgnore int version,
        Instant createdAt,
        String createdBy,
        Instant updatedAt,
        String updatedBy)
        implements Versioned {

    public BusinessUnit {
        members = List.copyOf(members);
    }

    @Override
    public String etag() {
        return Versions.etag(version);
    }
}
