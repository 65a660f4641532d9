package sojourn.app.sandbox.demo;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sojourn.app.sandbox.SandboxException;
import sojourn.app.sandbox.demo.Shop.Customer;
import sojourn.app.sandbox.demo.Shop.Purchase;

/** Sends a shop's customers and purchases as two streams. Sent again they change nothing. */
final class Intake {

    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(300);
    private static final BigDecimal GOLD = BigDecimal.valueOf(500);
    private static final BigDecimal SILVER = BigDecimal.valueOf(100);

    private final Api api;
    private final Terminal terminal;

    Intake(Api api, Terminal terminal) {
        this.api = api;
        this.terminal = terminal;
    }

    /** As {@code POST /v1/contacts/import} takes it. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Contact(
            String externalId,
            @Nullable String email,
            String firstName,
            String lastName,
            String timeZone,
            Map<String, Object> attributes) {}

    /** As {@code POST /v1/interactions} takes it. */
    record Interaction(String id, String type, String contact, Instant occurredAt, Map<String, Object> properties) {}

    /** Returns how many are there now. */
    long contacts(Shop shop) throws InterruptedException {
        return contacts(shop.customers().stream().map(Intake::contact));
    }

    /** The same of contacts as sent. */
    long contacts(Stream<Contact> contacts) throws InterruptedException {
        var begun = System.nanoTime();
        var taken = new AtomicLong();
        var job = awaiting("contacts sent", contacts, "/v1/contacts/import", taken)
                .expect(202)
                .body();
        var place = "/v1/jobs/" + job.path("id").asText();
        while (List.of("queued", "running").contains(job.path("state").asText())) {
            Thread.sleep(BETWEEN_LOOKS);
            job = api.get(place);
            terminal.draw(List.of(progress("contacts", job.path("done").asLong(), begun)));
        }
        var result = job.path("result");
        if (!job.path("state").asText().equals("succeeded")
                || result.path("rejected").asLong() > 0) {
            throw new SandboxException("The contacts were not all taken: " + job);
        }
        var there = result.path("created").asLong() + result.path("updated").asLong();
        terminal.say("%s", progress("contacts", there, begun));
        return there;
    }

    /** Returns how many are there now. */
    long purchases(Shop shop) throws InterruptedException {
        return interactions(
                "purchases",
                shop.customers().stream()
                        .flatMap(customer ->
                                customer.purchases().stream().map(purchase -> interaction(shop, customer, purchase))));
    }

    /** Returns how many are there now, {@code what} they are. */
    long interactions(String what, Stream<Interaction> interactions) throws InterruptedException {
        var begun = System.nanoTime();
        var taken = new AtomicLong();
        var answer = awaiting(what, interactions, "/v1/interactions", taken)
                .expect(200)
                .body();
        if (answer.path("rejectedTotal").asLong() > 0) {
            throw new SandboxException("Some " + what + " were refused: " + answer);
        }
        var there = answer.path("accepted").asLong() + answer.path("duplicates").asLong();
        terminal.say("%s", progress(what, there, begun));
        return there;
    }

    private Api.Answer awaiting(String what, Stream<?> objects, String path, AtomicLong taken)
            throws InterruptedException {
        var begun = System.nanoTime();
        var iterator = objects.iterator();
        var answer = api.stream(path, () -> new Lines(iterator, taken));
        while (!answer.isDone()) {
            terminal.draw(List.of(progress(what, taken.get(), begun)));
            Thread.sleep(BETWEEN_LOOKS);
        }
        try {
            return answer.get();
        } catch (ExecutionException failure) {
            throw new SandboxException("POST " + path + " broke off: " + failure.getCause(), failure);
        }
    }

    private static Contact contact(Customer customer) {
        var spent = customer.spent();
        var tier = spent.compareTo(GOLD) > 0 ? "gold" : spent.compareTo(SILVER) > 0 ? "silver" : "bronze";
        return new Contact(
                customer.id(),
                customer.email(),
                customer.firstName(),
                customer.lastName(),
                customer.timeZone(),
                Map.of("tier", tier));
    }

    private static Interaction interaction(Shop shop, Customer customer, Purchase purchase) {
        return new Interaction(
                purchase.order(),
                "Purchase",
                "external:" + customer.id(),
                shop.when(purchase),
                Map.of("amount", purchase.amount(), "cds", purchase.cds()));
    }

    private static String progress(String what, long count, long begun) {
        var seconds = Math.max(0.001, (System.nanoTime() - begun) / 1e9);
        return String.format(Locale.ROOT, "  %,9d %s in %.1f s, %,.0f/s", count, what, seconds, count / seconds);
    }
}
