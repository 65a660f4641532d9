package sojourn.app.contacts;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.PersonalAnswer;

/**
 * A person.
 *
 * @param id the short key inside the house; {@code uuid} is the one that leaves it, as {@code id}
 * @param state active, inactive or erased
 * @param attributes custom values as sent: text, numbers, booleans, dates as 2026-11-01, timestamps in UTC, lists of options
 */
public record Contact(
        @JsonIgnore long id,
        @JsonProperty("id") UUID uuid,
        @Nullable String externalId,
        @Nullable String email,
        @Nullable String phone,
        @Nullable String firstName,
        @Nullable String lastName,
        @Nullable String locale,
        @Nullable String timeZone,
        Address address,
        @Nullable Double latitude,
        @Nullable Double longitude,
        @Nullable String owner,
        @Nullable String businessUnit,
        String state,
        Map<String, Object> attributes,
        @JsonIgnore int version,
        Instant createdAt,
        Instant updatedAt)
        implements Stored, PersonalAnswer {

    public static final String ACTIVE = "active";
    public static final String INACTIVE = "inactive";
    public static final String ERASED = "erased";

    @Override
    public UUID contactId() {
        return uuid;
    }

    /** As shown to those who may not see contact points. */
    Contact withoutContactPoints() {
        return new Contact(
                id,
                uuid,
                externalId,
                null,
                null,
                firstName,
                lastName,
                locale,
                timeZone,
                address,
                latitude,
                longitude,
                owner,
                businessUnit,
                state,
                attributes,
                version,
                createdAt,
                updatedAt);
    }
}
