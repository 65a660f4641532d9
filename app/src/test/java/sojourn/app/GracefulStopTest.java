package sojourn.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.security.ApiKeys;
import sojourn.app.security.Role;
import sojourn.testing.App;
import sojourn.testing.Eventually;
import sojourn.testing.Mailbox;

/** A process that is told to stop ends what it has begun, and begins nothing. */
class GracefulStopTest {

    private static final Mailbox mailbox = new Mailbox();

    @RegisterExtension
    static final App app = new App().with("smtp.port", String.valueOf(mailbox.port()));

    @BeforeAll
    static void define() {
        app.request("POST", "/v1/interaction-types", Map.of("key", "Purchase", "properties", Map.of()))
                .expect(201);
        app.request("PUT", "/v1/contacts/external:ada", Map.of("email", "ada@example.com"))
                .expect(201);
        app.request("POST", "/v1/segments", Map.of("key", "few", "name", "Few", "kind", "static"))
                .expect(201);
        app.request("POST", "/v1/messages", """
                {"key": "hello", "channel": "email", "purpose": "commercial", "from": "Shop <shop@example.com>",
                 "subject": "Hello", "text": "Hello"}
                """).expect(201);
        app.request("POST", "/v1/messages/hello/go-live").expect(200);
        app.request("POST", "/v1/journeys", """
                {"key": "greet", "document": {"name": "Greet", "timeZone": "UTC", "audience": {"segments": ["few"]},
                 "start": "hello", "tiles": {
                    "hello": {"type": "email", "message": "hello", "expiry": "P1D", "next": "wait"},
                    "wait": {"type": "waitFor", "duration": "P5D", "next": null}}}}
                """).expect(201);
        app.request("POST", "/v1/journeys/greet/go-live").expect(202);
    }

    @AfterEach
    void startAgain() throws Exception {
        app.stop();
        app.start();
    }

    @AfterAll
    static void close() {
        mailbox.close();
    }

    @Test
    void a_request_under_way_is_answered_in_full_while_new_connections_are_refused() throws Exception {
        var port = URI.create(app.url()).getPort();
        var key = new ApiKeys(app.jdbi(), Instant::now).create("shop", Role.INTEGRATOR, null, "test");
        try (var connection = new Socket(InetAddress.getLoopbackAddress(), port)) {
            send(connection, """
                    POST /v1/interactions HTTP/1.1
                    Host: 127.0.0.1
                    Authorization: Bearer %s
                    Content-Type: application/x-ndjson
                    Transfer-Encoding: chunked

                    """.formatted(key.key()).replace("\n", "\r\n"));
            sendPurchase(connection, "purchase-1");
            Eventually.holds("the server has the request", () -> requestsUnderWay() > 0);

            var stopping = CompletableFuture.runAsync(app::stop);
            Eventually.holds("new connections are refused", () -> refuses(port));
            assertThat(connection.getInputStream().available()).isZero();
            sendPurchase(connection, "purchase-2");
            send(connection, "0\r\n\r\n");

            var answer = new String(connection.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(answer).startsWith("HTTP/1.1 200").contains("\"accepted\":2");
            stopping.join();
        }
        assertThat(count("select count(*) from interaction where id like 'purchase-%'"))
                .isEqualTo(2);
    }

    @Test
    void an_email_that_is_being_handed_over_is_and_its_delivery_says_so() throws Exception {
        mailbox.slow(Duration.ofSeconds(3));
        app.request("POST", "/v1/journeys/greet/enter", Map.of("contact", "external:ada"))
                .expect(201);
        Eventually.holds("the mail server has the email", () -> !mailbox.mails().isEmpty());
        assertThat(count("select count(*) from delivery where state = 'handing-over'"))
                .isEqualTo(1);

        app.stop();

        assertThat(count("select count(*) from delivery where state = 'sent'")).isEqualTo(1);
        app.start();
        Eventually.holds(
                "the run goes on behind the email",
                () -> app.request("GET", "/v1/journeys/greet/runs").body().contains("\"tile\":\"wait\""));
        assertThat(mailbox.mails()).hasSize(1);
    }

    /** A line of the stream, as a chunk of its own. */
    private static void sendPurchase(Socket connection, String id) throws IOException {
        var line = "{\"id\": \"%s\", \"type\": \"Purchase\", \"contact\": \"external:ada\"}\n".formatted(id);
        send(connection, Integer.toHexString(line.length()) + "\r\n" + line + "\r\n");
    }

    private static void send(Socket connection, String text) throws IOException {
        connection.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
        connection.getOutputStream().flush();
    }

    private static long requestsUnderWay() {
        return app.support().getEnvironment().metrics().getCounters().entrySet().stream()
                .filter(counter -> counter.getKey().endsWith("active-requests"))
                .mapToLong(counter -> counter.getValue().getCount())
                .sum();
    }

    private static boolean refuses(int port) {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            return !socket.isConnected();
        } catch (ConnectException refused) {
            return true;
        } catch (IOException other) {
            throw new AssertionError(other);
        }
    }

    private static int count(String sql) {
        return app.jdbi()
                .withHandle(handle -> handle.select(sql).mapTo(Integer.class).one());
    }
}
