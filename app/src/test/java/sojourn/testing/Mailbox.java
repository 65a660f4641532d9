package sojourn.testing;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;
import org.slf4j.LoggerFactory;
import org.subethamail.smtp.helper.SimpleMessageListener;
import org.subethamail.smtp.helper.SimpleMessageListenerAdapter;
import org.subethamail.smtp.server.SMTPServer;

/** A real SMTP server on a free port of this machine, which keeps what it was given. */
public final class Mailbox implements AutoCloseable, SimpleMessageListener {

    /** One mail for one recipient, and when we had it. */
    public record Mail(String to, MimeMessage message, Instant at) {

        public String subject() {
            try {
                return message.getSubject();
            } catch (MessagingException unreadable) {
                throw new AssertionError(unreadable);
            }
        }

        /** A header's first value; empty when it is not there. */
        public String header(String name) {
            try {
                var values = message.getHeader(name);
                return values == null ? "" : values[0];
            } catch (MessagingException unreadable) {
                throw new AssertionError(unreadable);
            }
        }
    }

    static {
        // Its threads are interrupted when it stops; one that then writes to the console would close that for all.
        if (LoggerFactory.getLogger("org.subethamail") instanceof Logger chatty) {
            chatty.setLevel(Level.OFF);
        }
    }

    private final List<Mail> mails = new CopyOnWriteArrayList<>();
    private final UnaryOperator<SMTPServer.Builder> more;
    private SMTPServer server;
    private final Set<Mail> inHand = ConcurrentHashMap.newKeySet();
    private volatile Duration slowness = Duration.ZERO;
    private volatile CompletableFuture<Void> held = CompletableFuture.completedFuture(null);

    public Mailbox() {
        this(builder -> builder);
    }

    /** With more than the plain server has: TLS, logins. */
    public Mailbox(UnaryOperator<SMTPServer.Builder> more) {
        this.more = more;
        server = listen(0);
    }

    private SMTPServer listen(int port) {
        var listening = more.apply(new SMTPServer.Builder()
                        .bindAddress(InetAddress.getLoopbackAddress())
                        .port(port)
                        .messageHandlerFactory(new SimpleMessageListenerAdapter(this)))
                .build();
        listening.start();
        return listening;
    }

    /** Takes nothing and answers nobody, for as long as something lasts. */
    public void downWhile(Runnable meanwhile) {
        var port = port();
        server.stop();
        try {
            meanwhile.run();
        } finally {
            server = listen(port);
        }
    }

    /** Lets senders wait for the answer that their mail was taken. */
    public void slow(Duration time) {
        slowness = time;
    }

    /** Lets senders wait for that answer for as long as something lasts. */
    public void slowWhile(Runnable meanwhile) {
        var until = new CompletableFuture<Void>();
        held = until;
        try {
            meanwhile.run();
        } finally {
            until.complete(null);
        }
    }

    public int port() {
        return server.getPortAllocated();
    }

    public List<Mail> mails() {
        return List.copyOf(mails);
    }

    /** Those that were taken and whose senders still wait to hear of it. */
    public Set<Mail> inHand() {
        return Set.copyOf(inHand);
    }

    public List<Mail> to(String address) {
        return mails.stream().filter(mail -> mail.to().equals(address)).toList();
    }

    @Override
    public boolean accept(String from, String recipient) {
        return true;
    }

    @Override
    public void deliver(String from, String recipient, InputStream data) {
        var mail = new Mail(recipient, read(data), Instant.now());
        mails.add(mail);
        inHand.add(mail);
        held.join();
        LockSupport.parkNanos(slowness.toNanos());
        inHand.remove(mail);
    }

    private static MimeMessage read(InputStream data) {
        try {
            return new MimeMessage(Session.getInstance(new Properties()), data);
        } catch (MessagingException unreadable) {
            throw new UncheckedIOException(new IOException(unreadable));
        }
    }

    @Override
    public void close() {
        server.stop();
    }
}
