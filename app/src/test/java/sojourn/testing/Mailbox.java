package sojourn.testing;

import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.CopyOnWriteArrayList;
import org.subethamail.smtp.helper.SimpleMessageListener;
import org.subethamail.smtp.helper.SimpleMessageListenerAdapter;
import org.subethamail.smtp.server.SMTPServer;

/** A real SMTP server on a free port of this machine, which keeps what it was given. */
public final class Mailbox implements AutoCloseable, SimpleMessageListener {

    /** One mail for one recipient. */
    public record Mail(String to, MimeMessage message) {

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

    private final List<Mail> mails = new CopyOnWriteArrayList<>();
    private final SMTPServer server;

    public Mailbox() {
        server = new SMTPServer.Builder()
                .bindAddress(InetAddress.getLoopbackAddress())
                .port(0)
                .messageHandlerFactory(new SimpleMessageListenerAdapter(this))
                .build();
        server.start();
    }

    public int port() {
        return server.getPortAllocated();
    }

    public List<Mail> mails() {
        return List.copyOf(mails);
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
        try {
            mails.add(new Mail(recipient, new MimeMessage(Session.getInstance(new Properties()), data)));
        } catch (MessagingException unreadable) {
            throw new UncheckedIOException(new IOException(unreadable));
        }
    }

    @Override
    public void close() {
        server.stop();
    }
}
