package sojourn.app.delivery;

import jakarta.mail.Message.RecipientType;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.nio.charset.StandardCharsets;
import java.util.Date;

/** An {@link Email} in the form that mail servers take. */
final class MimeEmail extends MimeMessage {

    private static final String UTF_8 = StandardCharsets.UTF_8.name();

    private final String messageId;

    private MimeEmail(Session session, String messageId) {
        super(session);
        this.messageId = messageId;
    }

    static MimeEmail of(Email email, Session session, String messageIdDomain) throws MessagingException {
        var mime = new MimeEmail(session, "<" + email.id() + "@" + messageIdDomain + ">");
        mime.setFrom(email.from());
        if (email.replyTo() != null) {
            mime.setReplyTo(new InternetAddress[] {email.replyTo()});
        }
        mime.setRecipient(RecipientType.TO, email.to());
        mime.setSubject(email.subject(), UTF_8);
        mime.setSentDate(Date.from(email.date()));
        for (var header : email.headers().entrySet()) {
            mime.setHeader(header.getKey(), header.getValue());
        }
        if (email.html() == null) {
            mime.setText(email.text(), UTF_8);
        } else {
            mime.setContent(new MimeMultipart("alternative", text(email.text(), "plain"), text(email.html(), "html")));
        }
        mime.saveChanges();
        return mime;
    }

    private static MimeBodyPart text(String text, String subtype) throws MessagingException {
        var part = new MimeBodyPart();
        part.setText(text, UTF_8, subtype);
        return part;
    }

    @Override
    protected void updateMessageID() throws MessagingException {
        setHeader("Message-ID", messageId);
    }
}
