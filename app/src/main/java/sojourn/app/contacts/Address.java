package sojourn.app.contacts;

import com.fasterxml.jackson.annotation.JsonInclude;
import org.jspecify.annotations.Nullable;

/** Where a contact lives; {@code country} is an ISO 3166-1 alpha-2 code. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Address(
        @Nullable String city,
        @Nullable String region,
        @Nullable String postalCode,
        @Nullable String country) {

    public static final Address NONE = new Address(null, null, null, null);
}
