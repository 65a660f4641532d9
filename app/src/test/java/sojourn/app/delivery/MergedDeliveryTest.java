package sojourn.app.delivery;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.mail.MessagingException;
import jakarta.mail.Multipart;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import org.jsoup.Jsoup;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.Answer;
import sojourn.testing.App;
import sojourn.testing.Eventually;
import sojourn.testing.Mailbox;

/** Emails to contacts that are merged into others. */
class MergedDeliveryTest {

    private static final Mailbox mailbox = new Mailbox();

    @RegisterExtension
    static final App app = new App().with("smtp.port", String.valueOf(mailbox.port()));

    private String winner = "";
    private String loser = "";

    @BeforeAll
    static void define() {
        app.request("POST", "/v1/segments", Map.of("key", "few", "name", "Few", "kind", "static"))
                .expect(201);
        app.request(
                        "POST",
                        "/v1/segments",
                        Map.of(
                                "key",
                                "clickers",
                                "query",
                                "INTERACTION(EmailClicked) INTERSECT INTERACTION(EmailOpened)"))
                .expect(201);
        app.request("POST", "/v1/segments/clickers/go-live").expect(202);
        app.request("POST", "/v1/messages", """
                {"key": "hello", "channel": "email", "purpose": "commercial", "from": "Shop <shop@example.com>",
                 "subject": "Hello", "html": "<p><a href=\\"https://shop.example.com/\\">Hello</a></p>"}
                """).expect(201);
        app.request("POST", "/v1/messages/hello/go-live").expect(200);
        app.request("POST", "/v1/journeys", """
                {"key": "greet", "document": {"name": "Greet", "timeZone": "UTC", "audience": {"segments": ["few"]},
                 "start": "hello", "tiles": {
                    "hello": {"type": "email", "message": "hello", "expiry": "P1D", "next": "wait"},
                    "wait": {"type": "waitFor", "duration": "P5D", "next": "again"},
                    "again": {"type": "email", "message": "hello", "expiry": "P1D", "next": null}}}}
                """).expect(201);
        app.request("POST", "/v1/journeys/greet/go-live").expect(202);
        Eventually.holds(
                "the journey is live",
                () -> app.request("GET", "/v1/journeys/greet")
                        .json()
                        .path("state")
                        .asText()
                        .equals("live"));
    }

    @BeforeEach
    void two_are_there() {
        var name = UUID.randomUUID().toString().substring(24);
        winner = "w-" + name;
        loser = "l-" + name;
        for (var contact : List.of(winner, loser)) {
            app.request("PUT", path(contact), Map.of("email", contact + "@example.com"))
                    .expect(201);
        }
    }

    @AfterAll
    static void close() {
        mailbox.close();
    }

    @Test
    void an_email_that_is_being_handed_over_during_the_merge_is_sent_once_and_the_winners() {
        mailbox.slowWhile(() -> {
            enter(loser).expect(201);
            Eventually.holds(
                    "the mail server has the email",
                    () -> !mailbox.to(loser + "@example.com").isEmpty());
            assertThat(states(loser)).containsExactly("handing-over");

            merge();

            assertThat(states(winner)).as("nobody waits for the mail server").containsExactly("handing-over");
        });
        Eventually.holds("it is sent", () -> states(winner).equals(List.of("sent")));
        Eventually.holds("the winner knows", () -> timeline().contains("EmailSent"));
        Eventually.holds(
                "the run stops",
                () -> app.request("GET", "/v1/journeys/greet/runs?contact=external:" + winner)
                        .body()
                        .contains("\"reason\":\"contact-merged\""));
        enter(winner).expect(409);
        LockSupport.parkNanos(Duration.ofSeconds(3).toNanos());
        assertThat(mailbox.to(loser + "@example.com")).hasSize(1);
        assertThat(mailbox.to(winner + "@example.com")).isEmpty();
        assertThat(timeline().stream().filter("EmailSent"::equals)).hasSize(1);
    }

    @Test
    void clicks_and_opens_of_what_was_sent_to_the_loser_are_the_winners() throws Exception {
        var mail = sentToLoser();
        merge();

        open(mail);
        click(mail);

        Eventually.holds("they are the winner's", () -> timeline().containsAll(List.of("EmailClicked", "EmailOpened")));
        Eventually.holds(
                "segments know",
                () -> app.request("GET", "/v1/segments/clickers/members?contact=external:" + winner)
                        .body()
                        .contains(winner));
    }

    @Test
    void clicks_and_opens_that_come_while_the_merge_is_under_way_are_the_winners() throws Exception {
        var mail = sentToLoser();

        var merge = app.jdbi().inTransaction(handle -> {
            handle.execute("lock table consent in exclusive mode");
            var merging = CompletableFuture.supplyAsync(this::merge);
            Eventually.holds("the merge is held", () -> waiting() > 0);
            CompletableFuture.runAsync(() -> open(mail)).join();
            CompletableFuture.runAsync(() -> click(mail)).join();
            return merging;
        });

        merge.join();
        Eventually.holds("they are the winner's", () -> timeline().containsAll(List.of("EmailClicked", "EmailOpened")));
        Eventually.holds(
                "segments know",
                () -> app.request("GET", "/v1/segments/clickers/members?contact=external:" + winner)
                        .body()
                        .contains(winner));
    }

    private Mailbox.Mail sentToLoser() {
        enter(loser).expect(201);
        Eventually.holds("it is sent", () -> states(loser).equals(List.of("sent")));
        return mailbox.to(loser + "@example.com").getFirst();
    }

    private static void open(Mailbox.Mail mail) {
        app.anonymous().request("GET", address(mail, "img", "src")).expect(200);
    }

    private static void click(Mailbox.Mail mail) {
        app.anonymous().request("GET", address(mail, "a", "href")).expect(302);
    }

    private static String address(Mailbox.Mail mail, String element, String attribute) {
        try {
            var html = html(mail.message().getContent());
            return URI.create(Jsoup.parse(html).select(element).attr(attribute)).getPath();
        } catch (IOException | MessagingException unreadable) {
            throw new AssertionError(unreadable);
        }
    }

    private static String html(Object content) throws IOException, MessagingException {
        return content instanceof Multipart parts
                ? html(parts.getBodyPart(parts.getCount() - 1).getContent())
                : content.toString();
    }

    private static Answer enter(String contact) {
        return app.request("POST", "/v1/journeys/greet/enter", Map.of("contact", "external:" + contact));
    }

    private Answer merge() {
        return app.request("POST", path(winner) + "/merge", Map.of("loser", "external:" + loser))
                .expect(200);
    }

    private static String path(String contact) {
        return "/v1/contacts/external:" + contact;
    }

    private static List<String> states(String contact) {
        return app.request("GET", "/v1/deliveries?contact=external:" + contact)
                .expect(200)
                .json()
                .path("items")
                .findValuesAsText("state");
    }

    private List<String> timeline() {
        return app.request("GET", path(winner) + "/timeline")
                .json()
                .path("items")
                .findValuesAsText("type");
    }

    private static int waiting() {
        return app.jdbi()
                .withHandle(handle -> handle.createQuery("select count(*) from pg_locks where not granted")
                        .mapTo(Integer.class)
                        .one());
    }
}
