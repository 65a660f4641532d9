package sojourn.faults;

import jakarta.mail.MessagingException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.regex.Pattern;
import sojourn.testing.Mailbox;

/**
 * People who come, read, click and buy, each in their own time, over HTTP alone. Whatever they send they send until it
 * is accepted.
 */
final class Crowd {

    /** When an order was accepted, by its id. */
    final Map<String, Instant> orders = new ConcurrentHashMap<>();

    private final Outside outside;
    private final Mailbox mailbox;
    private final int size;
    private final long seed;
    private final Duration arrival;

    /** @param arrival within which everybody has come */
    Crowd(Outside outside, Mailbox mailbox, int size, long seed, Duration arrival) {
        this.outside = outside;
        this.mailbox = mailbox;
        this.size = size;
        this.seed = seed;
        this.arrival = arrival;
    }

    static String address(int number) {
        return "person" + number + "@example.com";
    }

    static String order(String id, int number, Instant at) {
        return """
                {"id": "%s", "type": "Purchase", "contact": "external:%d", "occurredAt": "%s",
                 "properties": {"amount": 29.33, "cds": 2}}
                """.formatted(id, number, at);
    }

    /** Lets everybody live; done when all have done what they do. */
    CompletableFuture<Void> live() {
        var threads = Executors.newVirtualThreadPerTaskExecutor();
        var lives = new ArrayList<CompletableFuture<Void>>();
        for (var number = 0; number < size; number++) {
            var person = number;
            lives.add(CompletableFuture.runAsync(() -> live(person, new Random(seed * 1_000 + person)), threads));
        }
        return CompletableFuture.allOf(lives.toArray(CompletableFuture<?>[]::new))
                .whenComplete((_, _) -> threads.shutdownNow());
    }

    private void live(int person, Random random) {
        pause(random, arrival);
        outside.insist("PUT", "/v1/contacts/external:" + person, """
                {"externalId": "%d", "email": "%s", "firstName": "Person %d"}
                """.formatted(person, address(person), person));
        switch (random.nextInt(5)) {
            case 0, 1 -> {
                pause(random, Duration.ofSeconds(25));
                buy(person, 1 + random.nextInt(2));
            }
            case 2 -> click(person, random);
            case 3 -> {
                click(person, random);
                buy(person, 1);
            }
            default -> {}
        }
    }

    private void buy(int person, int times) {
        for (var time = 1; time <= times; time++) {
            var id = "order-" + person + "-" + time;
            outside.insist("POST", "/v1/interactions", order(id, person, now()));
            orders.put(id, Instant.now());
        }
    }

    private void click(int person, Random random) {
        for (var patience = 0; mailbox.to(address(person)).isEmpty(); patience++) {
            if (patience == 120) {
                // What became of the mail is looked at later.
                return;
            }
            Outside.pause(Duration.ofMillis(500));
        }
        pause(random, Duration.ofSeconds(8));
        outside.insist("GET", link(mailbox.to(address(person)).getFirst()), "");
    }

    private static String link(Mailbox.Mail mail) {
        try {
            var raw = new ByteArrayOutputStream();
            mail.message().writeTo(raw);
            var text = raw.toString(StandardCharsets.UTF_8).replace("=\r\n", "").replace("=3D", "=");
            var link = Pattern.compile("/t/c/[A-Za-z0-9._~-]+").matcher(text);
            if (!link.find()) {
                throw new AssertionError("no wrapped link in " + text);
            }
            return link.group();
        } catch (IOException | MessagingException unreadable) {
            throw new AssertionError(unreadable);
        }
    }

    /** Everything that was ordered, once more; the answer says what of it was new. */
    String orderAllAgain(List<String> stored) {
        return outside.insist("POST", "/v1/interactions", "[" + String.join(",", stored) + "]");
    }

    private static Instant now() {
        return Instant.now().truncatedTo(ChronoUnit.MICROS);
    }

    private static void pause(Random random, Duration atMost) {
        Outside.pause(Duration.ofMillis(random.nextLong(atMost.toMillis())));
    }
}
