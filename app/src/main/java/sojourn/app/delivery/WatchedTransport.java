package sojourn.app.delivery;

import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.URLName;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Set;
import java.util.regex.Pattern;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.eclipse.angus.mail.smtp.SMTPTransport;
import org.jspecify.annotations.Nullable;

/**
 * An SMTP connection that knows how far a message came: nothing but the final dot makes a server take it, so whatever
 * fails before that dot is written has not been sent, and only an answer tells what became of it afterwards.
 */
final class WatchedTransport extends SMTPTransport {

    private enum Stage {
        SENDER,
        RECIPIENT,
        DATA,
        FINAL_DOT
    }

    private static final int GREETED = 250;

    /** A login is wanted, or a better one, or TLS (RFC 4954, RFC 3207): ours to put right, and no mail is to blame. */
    private static final Set<Integer> WANTS_LOGIN = Set.of(530, 534, 535, 538);

    private static final Pattern ENHANCED = Pattern.compile("\\b[245]\\.(\\d{1,3})\\.(\\d{1,3})\\b");

    private Stage stage = Stage.SENDER;
    private @Nullable OutputStream data;

    WatchedTransport(Session session) {
        super(session, new URLName("smtp", null, -1, null, null, null));
    }

    HandOver send(MimeEmail email, Address to) {
        stage = Stage.SENDER;
        try {
            sendMessage(email, new Address[] {to});
            return new HandOver.Accepted();
        } catch (MessagingException failure) {
            return outcome(failure);
        } catch (RuntimeException unexpected) {
            return outcome(new MessagingException("unexpected", unexpected));
        }
    }

    /** Whether the server told what it can, and STARTTLS was not among it. */
    boolean wasGreetedWithoutStartTls() {
        return getLastReturnCode() == GREETED && !supportsExtension("STARTTLS");
    }

    @Override
    protected void rcptTo() throws MessagingException {
        stage = Stage.RECIPIENT;
        super.rcptTo();
    }

    @Override
    protected OutputStream data() throws MessagingException {
        stage = Stage.DATA;
        data = super.data();
        return data;
    }

    @Override
    protected void finishData() throws IOException, MessagingException {
        if (data != null) {
            // Everything but the dot, so that a connection found broken here is known to be so before it.
            data.flush();
        }
        stage = Stage.FINAL_DOT;
        super.finishData();
    }

    private HandOver outcome(MessagingException failure) {
        var code = code(failure);
        if (code >= 400 && code < 500) {
            return new HandOver.NotNow("answer " + code);
        }
        if (WANTS_LOGIN.contains(code)) {
            return new HandOver.NotNow("it wants a login or TLS, answer " + code);
        }
        if (code >= 500 && code < 600) {
            return stage == Stage.RECIPIENT || aboutRecipient()
                    ? new HandOver.Bounced(bounce(code))
                    : new HandOver.Refused(String.valueOf(code));
        }
        return stage == Stage.FINAL_DOT ? new HandOver.Unknown() : new HandOver.NotNow("connection lost");
    }

    /** The server's last answer, or -1 when there was none that counts. */
    private static int code(MessagingException failure) {
        for (Exception cause = failure;
                cause instanceof MessagingException messaging;
                cause = messaging.getNextException()) {
            if (messaging instanceof SMTPAddressFailedException address) {
                return address.getReturnCode();
            }
            if (messaging instanceof SMTPSendFailedException send) {
                return send.getReturnCode();
            }
        }
        return -1;
    }

    /** Some servers look at the recipient only when they have the message; the enhanced code (RFC 3463) tells. */
    private boolean aboutRecipient() {
        var enhanced = ENHANCED.matcher(String.valueOf(getLastServerResponse()));
        return enhanced.find()
                && (enhanced.group(1).equals("1") || enhanced.group(1).equals("2"));
    }

    private String bounce(int code) {
        var enhanced = ENHANCED.matcher(String.valueOf(getLastServerResponse()));
        if (!enhanced.find()) {
            return code == 552 ? "soft" : "hard";
        }
        return switch (enhanced.group(1)) {
            // 5.2.1 is a mailbox that is closed, the others (full, too large) may be open again tomorrow.
            case "2" -> enhanced.group(2).equals("1") ? "hard" : "soft";
            case "3", "4" -> "soft";
            case "7" -> "block";
            default -> "hard";
        };
    }
}
