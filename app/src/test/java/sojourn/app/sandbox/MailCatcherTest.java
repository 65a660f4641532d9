package sojourn.app.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.Message;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MailCatcherTest {

    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

    @TempDir
    Path temporary;

    private DataDirectory directory;

    @BeforeEach
    void open() {
        directory = DataDirectory.open(temporary);
    }

    @AfterEach
    void close() throws Exception {
        directory.close();
    }

    @Test
    void a_mail_is_read_as_it_was_written() throws Exception {
        try (var catcher = start()) {
            send(
                    catcher,
                    "=?UTF-8?Q?B=C3=BCro?= <shop@example.com>",
                    "Wir vermissen dich — komm zurück",
                    "ada@example.com");

            assertThat(all(catcher)).singleElement().satisfies(mail -> {
                assertThat(mail.id()).isEqualTo("1");
                assertThat(mail.to()).isEqualTo("ada@example.com");
                assertThat(mail.from()).isEqualTo("Büro <shop@example.com>");
                assertThat(mail.subject()).isEqualTo("Wir vermissen dich — komm zurück");
                assertThat(mail.text()).isEqualTo("Grüße");
                assertThat(mail.html()).isEqualTo("<p>Grüße</p>");
                assertThat(mail.receivedAt()).isEqualTo(NOW);
                assertThat(mail.headers()).containsEntry("List-Unsubscribe", "<https://example.com/u>");
            });
        }
    }

    @Test
    void each_recipient_has_a_mail_and_is_found_in_any_case() throws Exception {
        try (var catcher = start()) {
            send(catcher, "shop@example.com", "Hello", "ada@example.com", "bob@example.com");
            send(catcher, "shop@example.com", "Again", "ada@example.com");

            assertThat(catcher.count()).isEqualTo(3);
            assertThat(catcher.list(Optional.of("ADA@example.com"), 0, false, 10))
                    .extracting(CaughtMail::subject)
                    .containsExactly("Hello", "Again");
            assertThat(catcher.list(Optional.empty(), 3, true, 10))
                    .extracting(CaughtMail::id)
                    .containsExactly("2", "1");
        }
    }

    @Test
    void mails_are_there_after_a_restart() throws Exception {
        try (var catcher = start()) {
            send(catcher, "shop@example.com", "Hello", "ada@example.com");
        }

        try (var catcher = start()) {
            send(catcher, "shop@example.com", "Again", "ada@example.com");

            assertThat(all(catcher)).extracting(CaughtMail::subject).containsExactly("Hello", "Again");
        }
    }

    @Test
    void half_a_mail_at_the_end_of_the_file_is_dropped_and_the_rest_is_kept() throws Exception {
        try (var catcher = start()) {
            send(catcher, "shop@example.com", "Hello", "ada@example.com");
        }
        var file = temporary.resolve("mails/mails.log");
        var whole = Files.readAllBytes(file);
        Files.write(file, List.of("torn"), StandardOpenOption.APPEND);
        Files.write(file, Arrays.copyOf(whole, whole.length - 7), StandardOpenOption.APPEND);

        try (var catcher = start()) {
            send(catcher, "shop@example.com", "Again", "ada@example.com");

            assertThat(all(catcher)).extracting(CaughtMail::subject).containsExactly("Hello", "Again");
        }
        assertThat(Files.size(file)).isLessThan(whole.length * 3L);
    }

    @Test
    void what_is_no_mail_is_shown_as_it_came() throws Exception {
        try (var mails = MailLog.open(temporary.resolve("mails/mails.log"))) {
            mails.append(List.of(new MailLog.Envelope("", "ada@example.com", NOW)), new byte[] {0, (byte) 0xff, 13});
        }

        try (var catcher = start()) {
            assertThat(all(catcher)).singleElement().extracting(CaughtMail::to).isEqualTo("ada@example.com");
        }
    }

    private MailCatcher start() {
        return MailCatcher.start(directory, InstantSource.fixed(NOW));
    }

    private static List<CaughtMail> all(MailCatcher catcher) {
        return catcher.list(Optional.empty(), 0, false, 100);
    }

    private static void send(MailCatcher catcher, String from, String subject, String... recipients) throws Exception {
        var properties = new Properties();
        properties.put("mail.smtp.host", "127.0.0.1");
        properties.put("mail.smtp.port", Integer.toString(catcher.port()));
        var mail = new MimeMessage(Session.getInstance(properties));
        mail.setHeader("From", from);
        for (var recipient : recipients) {
            mail.addRecipient(Message.RecipientType.TO, new InternetAddress(recipient));
        }
        mail.setSubject(subject, "UTF-8");
        mail.setHeader("List-Unsubscribe", "<https://example.com/u>");
        var text = new MimeBodyPart();
        text.setText("Grüße", "UTF-8");
        var html = new MimeBodyPart();
        html.setContent("<p>Grüße</p>", "text/html; charset=UTF-8");
        mail.setContent(new MimeMultipart("alternative", text, html));
        Transport.send(mail);
    }
}
