package sojourn.app.delivery;

import jakarta.mail.AuthenticationFailedException;
import jakarta.mail.MessagingException;
import java.security.cert.CertificateException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sojourn.app.delivery.Sender.UnavailableException;

/**
 * Why there is no connection to the mail server, in words for whoever runs this: a line in the log whenever it is
 * another reason, and one when it is over. Answers of servers quote addresses, so none is quoted.
 */
final class SmtpTrouble {

    private static final Logger log = LoggerFactory.getLogger(SmtpTrouble.class);

    /** @param refusedLogin when that is what is wrong, by the clock of {@link System#nanoTime} */
    private record Reason(String words, @Nullable Long refusedLogin) {}

    private final SmtpSettings settings;
    private final Duration afterRefusedLogin;
    private final AtomicReference<@Nullable Reason> last = new AtomicReference<>();

    SmtpTrouble(SmtpSettings settings, Duration afterRefusedLogin) {
        this.settings = settings;
        this.afterRefusedLogin = afterRefusedLogin;
    }

    /** Whoever has just been refused the login waits, and so do all others. */
    void requireTrialAllowed() throws UnavailableException {
        var reason = last.get();
        if (reason != null
                && reason.refusedLogin() != null
                && System.nanoTime() - reason.refusedLogin() < afterRefusedLogin.toNanos()) {
            throw unavailable(reason);
        }
    }

    /** @param transport that did not get its connection */
    UnavailableException of(MessagingException failure, WatchedTransport transport) {
        var login = failure instanceof AuthenticationFailedException;
        var reason = new Reason(words(failure, transport), login ? System.nanoTime() : null);
        var before = last.getAndSet(reason);
        if (before == null || !before.words().equals(reason.words())) {
            log.warn("no mail goes out: the mail server cannot be used: {}", reason.words());
        }
        return unavailable(reason);
    }

    void isOver() {
        if (last.getAndSet(null) != null) {
            log.info("the mail server can be used again");
        }
    }

    private static UnavailableException unavailable(Reason reason) {
        return new UnavailableException("The mail server cannot be used: " + reason.words());
    }

    private String words(MessagingException failure, WatchedTransport transport) {
        if (failure instanceof AuthenticationFailedException) {
            var code = transport.getLastReturnCode();
            return code >= 400
                    ? "it refuses the login of smtp.username with answer " + code
                    : "it offers no way to log in that is known here";
        }
        if (settings.tls() == SmtpSettings.Tls.STARTTLS && transport.wasGreetedWithoutStartTls()) {
            return "smtp.tls asks for STARTTLS, which it does not offer";
        }
        var certificate = cause(failure, CertificateException.class);
        if (certificate != null) {
            return "its certificate is not trusted: " + certificate.getMessage();
        }
        var tls = cause(failure, SSLException.class);
        if (tls != null) {
            return "TLS does not come about: " + tls.getMessage();
        }
        var cause = failure.getNextException() == null ? failure : failure.getNextException();
        return cause.getClass().getSimpleName();
    }

    private static <T extends Throwable> @Nullable T cause(Throwable failure, Class<T> kind) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (kind.isInstance(cause)) {
                return kind.cast(cause);
            }
        }
        return null;
    }
}
