package sojourn.app.sandbox;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiPredicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.subethamail.smtp.MessageHandler;
import org.subethamail.smtp.RejectException;
import org.subethamail.smtp.server.SMTPServer;

/** An SMTP server on loopback that delivers nothing and keeps everything. A mail is on disk before it says so. */
public final class MailCatcher implements Closeable {

    private static final Logger log = LoggerFactory.getLogger(MailCatcher.class);
    private static final int LARGEST = 25 * 1024 * 1024;

    private final SMTPServer server;
    private final MailLog mails;

    private MailCatcher(SMTPServer server, MailLog mails) {
        this.server = server;
        this.mails = mails;
    }

    /** Starts catching into {@code mails/}. */
    public static MailCatcher start(DataDirectory directory, InstantSource clock) {
        try {
            var mails = MailLog.open(directory.resolve("mails").resolve("mails.log"));
            var server = new SMTPServer.Builder()
                    .bindAddress(InetAddress.getLoopbackAddress())
                    .port(directory.port("smtp", 1025))
                    .hostName("localhost")
                    .softwareName("Sojourn mail catcher")
                    .maxConnections(200)
                    .maxMessageSize(LARGEST)
                    .messageHandlerFactory(_ -> new Catching(mails, clock))
                    .build();
            server.start();
            return new MailCatcher(server, mails);
        } catch (IOException failure) {
            throw new SandboxException("The mail catcher cannot use its file: " + failure, failure);
        }
    }

    public int port() {
        return server.getPortAllocated();
    }

    /** How many mails there are, counted once for each recipient. */
    public int count() {
        return mails.size();
    }

    Optional<CaughtMail> find(long id) {
        return mails.find(id).map(this::read);
    }

    List<CaughtMail> list(Optional<String> to, long beyond, boolean newestFirst, int limit) {
        return mails.list(to, beyond, newestFirst, limit).stream()
                .map(this::read)
                .toList();
    }

    /** Forgets what came, by recipient and content. */
    void forget(BiPredicate<String, byte[]> forgotten) {
        try {
            mails.forget(entry -> forgotten.test(entry.envelope().to(), content(entry)));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private byte[] content(MailLog.Entry entry) {
        try {
            return mails.content(entry);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private CaughtMail read(MailLog.Entry entry) {
        return MailParts.read(entry, content(entry));
    }

    @Override
    public void close() throws IOException {
        server.stop();
        mails.close();
    }

    /** One mail on its way in. */
    private static final class Catching implements MessageHandler {

        private final MailLog mails;
        private final InstantSource clock;
        private final List<String> recipients = new ArrayList<>();
        private String sender = "";

        Catching(MailLog mails, InstantSource clock) {
            this.mails = mails;
            this.clock = clock;
        }

        @Override
        public void from(String sender) {
            this.sender = sender;
        }

        @Override
        public void recipient(String recipient) {
            recipients.add(recipient);
        }

        @Override
        public @Nullable String data(InputStream content) throws RejectException, IOException {
            var now = clock.instant();
            var mail = content.readAllBytes();
            try {
                mails.append(
                        recipients.stream()
                                .map(recipient -> new MailLog.Envelope(sender, recipient, now))
                                .toList(),
                        mail);
                return null;
            } catch (IOException failure) {
                log.warn("a mail cannot be kept: {}", failure.toString());
                throw new RejectException(451, "The mail cannot be kept now");
            }
        }

        @Override
        public void done() {}
    }
}
