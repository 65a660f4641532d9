package sojourn.app.sandbox;

import jakarta.mail.Header;
import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import jakarta.mail.Part;
import jakarta.mail.Session;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeUtility;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** Takes a mail apart for reading. What cannot be taken apart is shown as it came. */
final class MailParts {

    private static final int DEEPEST = 20;

    private static final Session SESSION = session();

    private @Nullable String text;
    private @Nullable String html;

    private MailParts() {}

    private static Session session() {
        var properties = new Properties();
        properties.put("mail.mime.allowutf8", "true");
        return Session.getInstance(properties);
    }

    static CaughtMail read(MailLog.Entry entry, byte[] content) {
        var envelope = entry.envelope();
        var id = Long.toString(entry.id());
        try {
            var mail = new MimeMessage(SESSION, new ByteArrayInputStream(content));
            var headers = headers(mail);
            var parts = new MailParts();
            parts.collect(mail, 0);
            return new CaughtMail(
                    id,
                    envelope.to(),
                    headers.getOrDefault("From", envelope.from()),
                    headers.getOrDefault("Subject", ""),
                    parts.text,
                    parts.html,
                    envelope.receivedAt(),
                    headers);
        } catch (MessagingException | IOException | RuntimeException unreadable) {
            return new CaughtMail(
                    id,
                    envelope.to(),
                    envelope.from(),
                    "",
                    new String(content, StandardCharsets.UTF_8),
                    null,
                    envelope.receivedAt(),
                    Map.of());
        }
    }

    private static Map<String, String> headers(MimeMessage mail) throws MessagingException {
        var headers = new LinkedHashMap<String, String>();
        for (Header header : Collections.list(mail.getAllHeaders())) {
            headers.merge(header.getName(), decoded(header.getValue()), (first, next) -> first + "\n" + next);
        }
        return headers;
    }

    private static String decoded(String value) {
        var line = MimeUtility.unfold(value);
        try {
            return MimeUtility.decodeText(line);
        } catch (UnsupportedEncodingException unknown) {
            return line;
        }
    }

    /** The first text and the first HTML that are no attachments. */
    private void collect(Part part, int depth) throws MessagingException, IOException {
        if (depth > DEEPEST || Part.ATTACHMENT.equalsIgnoreCase(part.getDisposition())) {
            return;
        }
        if (part.isMimeType("multipart/*") && part.getContent() instanceof Multipart several) {
            for (var index = 0; index < several.getCount(); index++) {
                collect(several.getBodyPart(index), depth + 1);
            }
        } else if (part.isMimeType("text/html") && html == null) {
            html = part.getContent().toString();
        } else if (part.isMimeType("text/*") && text == null) {
            text = part.getContent().toString();
        }
    }
}
