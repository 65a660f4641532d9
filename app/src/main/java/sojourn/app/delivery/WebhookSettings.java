package sojourn.app.delivery;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MinDuration;
import io.dropwizard.validation.ValidationMethod;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How webhooks are called; {@code config.yml} explains each setting. */
public record WebhookSettings(
        @Nullable String secret,
        @Nullable String allowedNetworks,
        @NotNull @MinDuration(value = 1) Duration connectTimeout,
        @NotNull @MinDuration(value = 1) Duration timeout,
        @Min(1) @Max(500) int atOnce,
        @Positive double ratePerSecond) {

    List<Network> networks() {
        return allowedNetworks == null ? List.of() : Network.list(allowedNetworks);
    }

    @JsonIgnore
    @ValidationMethod(message = "secret: whsec_ and at least 24 bytes in base64 would fit")
    public boolean isWithUsableSecret() {
        try {
            return secret == null
                    || !WebhookSignature.with(secret).of("", 0, "").isEmpty();
        } catch (IllegalArgumentException unusable) {
            return false;
        }
    }

    @JsonIgnore
    @ValidationMethod(message = "allowedNetworks: networks like 10.0.0.0/8 with spaces between would fit")
    public boolean isWithReadableNetworks() {
        try {
            return networks().stream().allMatch(network -> network.bits() >= 0);
        } catch (IllegalArgumentException unreadable) {
            return false;
        }
    }
}
