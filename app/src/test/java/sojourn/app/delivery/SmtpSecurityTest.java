package sojourn.app.delivery;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropwizard.jersey.validation.Validators;
import io.dropwizard.util.Duration;
import jakarta.mail.internet.InternetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.subethamail.smtp.auth.EasyAuthenticationHandlerFactory;
import org.subethamail.smtp.auth.LoginFailedException;
import org.subethamail.smtp.server.SMTPServer;
import sojourn.app.delivery.Sender.UnavailableException;
import sojourn.app.delivery.SmtpSettings.Tls;
import sojourn.testing.Certificate;
import sojourn.testing.Mailbox;

/** Mails go out over TLS and with a login, or they wait with a reason; never in clear text against the settings. */
class SmtpSecurityTest {

    private static final java.time.Duration LONG = java.time.Duration.ofMinutes(5);

    @TempDir
    static Path directory;

    private static Certificate ours;
    private static Certificate ofAnother;
    private static Certificate expired;

    private final List<AutoCloseable> open = new ArrayList<>();
    private final List<String> logins = new CopyOnWriteArrayList<>();
    private volatile String rightPassword = "right";

    @BeforeAll
    static void make_certificates() throws Exception {
        ours = Certificate.of(directory, "localhost", "-1H");
        ofAnother = Certificate.of(directory, "mail.example.com", "-1H");
        expired = Certificate.of(directory, "localhost", "-3d");
    }

    @AfterEach
    void close() throws Exception {
        for (var each : open.reversed()) {
            each.close();
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"OPPORTUNISTIC", "STARTTLS", "TLS"})
    void a_mail_goes_over_tls_to_a_server_that_is_trusted(Tls tls) throws Exception {
        var mailbox = mailbox(server(tls, ours));

        send(settings(mailbox.port(), tls, ours.authority(), null));

        assertThat(mailbox.mails()).hasSize(1);
    }

    @Test
    void a_server_that_asks_for_tls_is_not_given_a_mail_in_clear_text_and_the_mail_waits() throws Exception {
        var mailbox = mailbox(server(Tls.STARTTLS, ours));

        var outcome = send(settings(mailbox.port(), Tls.NONE, null, null));

        assertThat(outcome).isEqualTo(new HandOver.NotNow("it wants a login or TLS, answer 530"));
        assertThat(mailbox.mails()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"OPPORTUNISTIC", "STARTTLS", "TLS"})
    void a_certificate_that_nobody_vouches_for_is_refused(Tls tls) throws Exception {
        var mailbox = mailbox(server(tls, ours));

        assertRefused(settings(mailbox.port(), tls, null, null), "its certificate is not trusted: ");
        assertRefused(settings(mailbox.port(), tls, ofAnother.authority(), null), "its certificate is not trusted: ");

        assertThat(mailbox.mails()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"OPPORTUNISTIC", "STARTTLS", "TLS"})
    void a_certificate_made_out_to_another_host_is_refused(Tls tls) throws Exception {
        var mailbox = mailbox(server(tls, ofAnother));

        assertRefused(
                settings(mailbox.port(), tls, ofAnother.authority(), null), "not trusted: No subject alternative");

        assertThat(mailbox.mails()).isEmpty();
    }

    @ParameterizedTest
    @EnumSource(names = {"OPPORTUNISTIC", "STARTTLS", "TLS"})
    void a_certificate_that_has_expired_is_refused(Tls tls) throws Exception {
        var mailbox = mailbox(server(tls, expired));

        assertRefused(settings(mailbox.port(), tls, expired.authority(), null), "its certificate is not trusted: ");

        assertThat(mailbox.mails()).isEmpty();
    }

    @Test
    void nothing_but_a_greeting_is_said_when_starttls_is_asked_for_and_not_offered() throws Exception {
        var plain = closing(new ScriptedServer());

        assertRefused(
                settings(plain.port(), Tls.STARTTLS, ours.authority(), "right"),
                "smtp.tls asks for STARTTLS, which it does not offer");

        assertThat(plain.commands).allMatch(command -> command.startsWith("EHLO") || command.equals("QUIT"));
    }

    @Test
    void a_server_without_tls_where_all_of_it_should_be_says_so() throws Exception {
        var mailbox = mailbox(builder -> builder);

        assertRefused(settings(mailbox.port(), Tls.TLS, ours.authority(), null), "TLS does not come about: ");
    }

    @ParameterizedTest
    @EnumSource(names = {"STARTTLS", "TLS"})
    void a_login_is_made_inside_tls(Tls tls) throws Exception {
        var mailbox = mailbox(builder -> withLogin(server(tls, ours).apply(builder)));

        send(settings(mailbox.port(), tls, ours.authority(), "right"));

        assertThat(logins).containsExactly("sojourn right");
        assertThat(mailbox.mails()).hasSize(1);
    }

    @Test
    void a_refused_login_is_told_and_goes_out_again_once_the_password_is_right() throws Exception {
        var mailbox = mailbox(this::withLogin);
        rightPassword = "another";
        var settings = settings(mailbox.port(), Tls.NONE, null, "right");
        var server = server(settings, java.time.Duration.ZERO);

        assertThatThrownBy(() -> send(server))
                .isInstanceOf(UnavailableException.class)
                .hasMessage("The mail server cannot be used: it refuses the login of smtp.username with answer 535");
        assertThat(mailbox.mails()).isEmpty();
        rightPassword = "right";
        send(server);

        assertThat(mailbox.mails()).hasSize(1);
    }

    @Test
    void a_refused_login_is_not_tried_for_every_mail_that_waits() throws Exception {
        var mailbox = mailbox(this::withLogin);
        var server = server(settings(mailbox.port(), Tls.NONE, null, "wrong"), LONG);

        for (var mail = 0; mail < 5; mail++) {
            assertThatThrownBy(() -> send(server)).hasMessageContaining("it refuses the login");
        }

        assertThat(logins).hasSize(1);
    }

    @Test
    void a_server_that_wants_a_login_lets_mails_wait_when_there_is_none() throws Exception {
        var mailbox = mailbox(this::withLogin);

        var outcome = send(settings(mailbox.port(), Tls.NONE, null, null));

        assertThat(outcome).isEqualTo(new HandOver.NotNow("it wants a login or TLS, answer 530"));
    }

    @Test
    void settings_that_cannot_work_are_told_at_the_start() throws Exception {
        var noCertificates = Files.writeString(directory.resolve("empty.pem"), "");
        var validator = Validators.newValidator();

        for (var file : List.of(noCertificates, directory.resolve("missing.pem"), directory)) {
            assertThat(validator.validate(settings(25, Tls.STARTTLS, file, "right")))
                    .as("%s", file)
                    .singleElement()
                    .extracting(violation -> violation.getMessage())
                    .isEqualTo("authorities: a file of certificates in PEM would fit");
        }
        assertThat(validator.validate(settings(25, Tls.STARTTLS, ours.authority(), "right")))
                .isEmpty();
    }

    private static UnaryOperator<SMTPServer.Builder> server(Tls tls, Certificate certificate) {
        return builder -> tls == Tls.TLS
                ? builder.serverSocketFactory(certificate.context())
                : builder.startTlsSocketFactory(certificate.context())
                        .enableTLS()
                        .requireTLS();
    }

    private SMTPServer.Builder withLogin(SMTPServer.Builder builder) {
        return builder.requireAuth()
                .authenticationHandlerFactory(new EasyAuthenticationHandlerFactory((name, password, _) -> {
                    logins.add(name + " " + password);
                    if (!password.equals(rightPassword)) {
                        throw new LoginFailedException();
                    }
                }));
    }

    private Mailbox mailbox(UnaryOperator<SMTPServer.Builder> more) {
        return closing(new Mailbox(more));
    }

    private <T extends AutoCloseable> T closing(T resource) {
        open.add(resource);
        return resource;
    }

    private void assertRefused(SmtpSettings settings, String reason) {
        assertThatThrownBy(() -> send(settings))
                .isInstanceOf(UnavailableException.class)
                .hasMessageContaining(reason);
    }

    private HandOver send(SmtpSettings settings) throws Exception {
        return send(server(settings, LONG));
    }

    private SmtpServer server(SmtpSettings settings, java.time.Duration afterRefusedLogin) {
        var connections = new SmtpConnections(settings, afterRefusedLogin);
        closing(connections::stop);
        return new SmtpServer(connections, settings);
    }

    private static HandOver send(SmtpServer server) throws Exception {
        var email = new Email(
                UUID.randomUUID(),
                new InternetAddress("shop@example.com"),
                null,
                new InternetAddress("ada@example.com"),
                "Hello",
                null,
                "Hello Ada",
                Map.of(),
                Instant.EPOCH);
        try (var ready = server.connect()) {
            return ready.handOver(email);
        }
    }

    private static SmtpSettings settings(int port, Tls tls, @Nullable Path authorities, @Nullable String password) {
        return new SmtpSettings(
                "localhost",
                port,
                password == null ? null : "sojourn",
                password,
                tls,
                authorities,
                Duration.seconds(5),
                Duration.seconds(5),
                "example.com",
                2,
                1000);
    }
}
