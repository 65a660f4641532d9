package sojourn.app.delivery;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MinDuration;
import io.dropwizard.validation.ValidationMethod;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import org.jspecify.annotations.Nullable;

/** Who takes push messages; {@code config.yml} explains each setting. */
public record PushSettings(
        @NotNull By sender,
        @NotBlank String tokenAttribute,
        @NotNull @Valid Firebase firebase,
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
        /** Firebase Cloud Messaging. */
        FIREBASE
    }

    /** A project there; {@code serviceAccount} is the file of its key, needed where Firebase is used. */
    public record Firebase(@NotNull URI url, @Nullable Path serviceAccount) {}

    @JsonIgnore
    @ValidationMethod(message = "firebase.serviceAccount: the file of a service account's key, in JSON, would fit")
    public boolean isWithReadableServiceAccount() {
        if (sender != By.FIREBASE) {
            return true;
        }
        try {
            return firebase.serviceAccount() != null
                    && !ServiceAccount.read(firebase.serviceAccount()).email().isEmpty();
        } catch (IOException | GeneralSecurityException unreadable) {
            return false;
        }
    }
}
