package sojourn.app.contacts;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.json.Json;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.PersonalAnswer;
import sojourn.app.platform.Versioned;
import sojourn.app.platform.Versions;

/**
 * A record of any type but contact: an account, a lead, whatever was declared.
 *
 * @param id the short key inside the house; {@code uuid} is the one that leaves it, as {@code id}
 * @param type the key of its profile type
 * @param attributes as those of a contact; a lookup holds the external id of what it names, or its UUID when it has none
 */
public record Profile(
        @JsonIgnore long id,
        @JsonProperty("id") UUID uuid,
        String type,
        @Nullable String externalId,
        @Json Map<String, Object> attributes,
        @JsonIgnore int version,
        Instant createdAt,
        Instant updatedAt)
        implements Stored, Versioned, PersonalAnswer {

    /** Attributes that viewers do not see. */
    static final Set<String> CONTACT_POINTS = Set.of("email", "phone");

    @Override
    public String etag() {
        return Versions.etag(version);
    }

    /** A lead tells about a person, and any other record may. */
    @Override
    public @Nullable UUID contactId() {
        return null;
    }

    /** As shown to those who may not see contact points. */
    Profile withoutContactPoints() {
        var shown = new HashMap<>(attributes);
        shown.keySet().removeAll(CONTACT_POINTS);
        return new Profile(id, uuid, type, externalId, shown, version, createdAt, updatedAt);
    }
}
