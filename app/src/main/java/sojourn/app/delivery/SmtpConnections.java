package sojourn.app.delivery;

import io.dropwizard.lifecycle.Managed;
import jakarta.mail.Authenticator;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import java.time.Duration;
import java.util.Deque;
import java.util.Properties;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sojourn.app.delivery.Sender.UnavailableException;

/** Connections to the mail server, kept open and used again; each by one sender at a time. */
final class SmtpConnections implements Managed {

    private static final Logger log = LoggerFactory.getLogger(SmtpConnections.class);
    private static final long TRUSTED_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** Mail servers lock out whoever tries too often. */
    private static final Duration AFTER_REFUSED_LOGIN = Duration.ofSeconds(30);

    /** A connection that was open when it was last used. */
    private record Kept(WatchedTransport transport, long since) {}

    private final SmtpSettings settings;
    private final SmtpTrouble trouble;
    private final Session session;
    private final Semaphore free;
    private final Deque<Kept> kept = new ConcurrentLinkedDeque<>();

    SmtpConnections(SmtpSettings settings) {
        this(settings, AFTER_REFUSED_LOGIN);
    }

    /** @param afterRefusedLogin how long nobody tries to log in again */
    SmtpConnections(SmtpSettings settings, Duration afterRefusedLogin) {
        this.settings = settings;
        this.trouble = new SmtpTrouble(settings, afterRefusedLogin);
        this.session = Session.getInstance(properties(settings), (Authenticator) null);
        this.free = new Semaphore(settings.connections());
    }

    Session session() {
        return session;
    }

    /** One connection to the server, ours until closed. */
    final class Connection implements AutoCloseable {

        private final WatchedTransport transport;
        private boolean sound;

        private Connection(WatchedTransport transport) {
            this.transport = transport;
        }

        HandOver send(MimeEmail email, jakarta.mail.Address to) {
            var outcome = transport.send(email, to);
            sound = switch (outcome) {
                case HandOver.Accepted _, HandOver.Bounced _, HandOver.Refused _ -> true;
                case HandOver.NotNow _, HandOver.Unknown _ -> false;
            };
            return outcome;
        }

        @Override
        public void close() {
            if (sound) {
                kept.push(new Kept(transport, System.nanoTime()));
            } else {
                end(transport);
            }
            free.release();
        }
    }

    /** Waits for a free connection, opens one when none is kept. */
    Connection open() throws UnavailableException, InterruptedException {
        if (!free.tryAcquire(settings.timeout().toMilliseconds(), TimeUnit.MILLISECONDS)) {
            throw new UnavailableException(
                    "All " + settings.connections() + " connections to the mail server are busy");
        }
        var opened = false;
        try {
            var connection = new Connection(transport());
            // Until something was sent on it there is no reason to doubt it.
            connection.sound = true;
            opened = true;
            return connection;
        } finally {
            if (!opened) {
                free.release();
            }
        }
    }

    private WatchedTransport transport() throws UnavailableException {
        for (var candidate = kept.poll(); candidate != null; candidate = kept.poll()) {
            // isConnected asks the server (NOOP); a server that has just answered need not be asked.
            if (System.nanoTime() - candidate.since() < TRUSTED_NANOS
                    || candidate.transport().isConnected()) {
                return candidate.transport();
            }
            end(candidate.transport());
        }
        return connect();
    }

    private WatchedTransport connect() throws UnavailableException {
        trouble.requireTrialAllowed();
        var transport = new WatchedTransport(session);
        try {
            transport.connect(settings.host(), settings.port(), settings.username(), settings.password());
        } catch (MessagingException failure) {
            end(transport);
            throw trouble.of(failure, transport);
        }
        trouble.isOver();
        return transport;
    }

    @Override
    public void stop() {
        for (var candidate = kept.poll(); candidate != null; candidate = kept.poll()) {
            end(candidate.transport());
        }
    }

    private static void end(WatchedTransport transport) {
        try {
            transport.close();
        } catch (MessagingException | RuntimeException alreadyBroken) {
            log.debug("closing a connection to the mail server: {}", alreadyBroken.toString());
        }
    }

    private static Properties properties(SmtpSettings settings) {
        var properties = new Properties();
        properties.put(
                "mail.smtp.connectiontimeout",
                String.valueOf(settings.connectTimeout().toMilliseconds()));
        properties.put("mail.smtp.timeout", String.valueOf(settings.timeout().toMilliseconds()));
        properties.put(
                "mail.smtp.writetimeout", String.valueOf(settings.timeout().toMilliseconds()));
        properties.put("mail.smtp.quitwait", "false");
        properties.put("mail.smtp.localhost", settings.messageIdDomain());
        properties.put("mail.smtp.auth", String.valueOf(settings.username() != null));
        properties.put("mail.smtp.starttls.enable", String.valueOf(settings.tls() != SmtpSettings.Tls.NONE));
        properties.put("mail.smtp.starttls.required", String.valueOf(settings.tls() == SmtpSettings.Tls.STARTTLS));
        properties.put("mail.smtp.ssl.enable", String.valueOf(settings.tls() == SmtpSettings.Tls.TLS));
        properties.put("mail.smtp.ssl.checkserveridentity", "true");
        if (settings.authorities() != null) {
            properties.put("mail.smtp.ssl.socketFactory", Authorities.sockets(settings.authorities()));
            // What these do not trust is not tried again with those that Java knows.
            properties.put("mail.smtp.socketFactory.fallback", "false");
        }
        return properties;
    }
}
