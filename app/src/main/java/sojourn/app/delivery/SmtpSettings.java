package sojourn.app.delivery;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.dropwizard.util.Duration;
import io.dropwizard.validation.MinDuration;
import io.dropwizard.validation.ValidationMethod;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Positive;
import java.io.IOException;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import org.jspecify.annotations.Nullable;

/** The mail server; {@code config.yml} explains each setting. */
public record SmtpSettings(
        @NotBlank String host,
        @Min(1) @Max(65535) int port,
        @Nullable String username,
        @Nullable String password,
        @NotNull Tls tls,
        @Nullable Path authorities,
        @NotNull @MinDuration(value = 1) Duration connectTimeout,
        @NotNull @MinDuration(value = 1) Duration timeout,
        @NotBlank String messageIdDomain,
        @Min(1) @Max(500) int connections,
        @Positive double ratePerSecond) {

    /** How the connection is kept from other eyes. */
    public enum Tls {
        /** Not at all; only for servers on the same machine. */
        NONE,
        /** When the server offers it; when not, password and mails go in clear text. */
        OPPORTUNISTIC,
        /** By STARTTLS, or no mail is sent. */
        STARTTLS,
        /** From the first byte. */
        TLS
    }

    @JsonIgnore
    @ValidationMethod(message = "password: needed with a username")
    public boolean isWithPasswordForUsername() {
        return username == null || password != null;
    }

    @JsonIgnore
    @ValidationMethod(message = "authorities: a file of certificates in PEM would fit")
    public boolean isWithReadableAuthorities() {
        try {
            return authorities == null || !Authorities.read(authorities).isEmpty();
        } catch (IOException | GeneralSecurityException unreadable) {
            return false;
        }
    }
}
