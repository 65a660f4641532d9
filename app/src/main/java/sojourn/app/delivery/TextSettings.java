package sojourn.app.delivery;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MinDuration;
import io.dropwizard.validation.ValidationMethod;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.net.URI;
import org.jspecify.annotations.Nullable;

/** Who takes texts; {@code config.yml} explains each setting. */
public record TextSettings(
        @NotNull By sender,
        @NotNull @Valid Twilio twilio,
        @NotNull @MinDuration(value = 1) Duration connectTimeout,
        @NotNull @MinDuration(value = 1) Duration timeout,
        @Min(1) @Max(500) int atOnce,
        @Positive double ratePerSecond) {

    /** Who takes them. */
    public enum By {
        /** Nobody: they wait. */
        NONE,
        /** The log, which brings them to nobody. */
        LOG,
        /** Twilio, or whoever offers the same API. */
        TWILIO
    }

    /** An account there; all but the address is needed only where it is used. */
    public record Twilio(
            @NotNull URI url,
            @Nullable String accountSid,
            @Nullable String authToken,
            @Nullable String from) {}

    @JsonIgnore
    @ValidationMethod(message = "twilio: accountSid, authToken and from are needed where it is the sender")
    public boolean isWithAccount() {
        return sender != By.TWILIO
                || (twilio.accountSid() != null && twilio.authToken() != null && twilio.from() != null);
    }
}
