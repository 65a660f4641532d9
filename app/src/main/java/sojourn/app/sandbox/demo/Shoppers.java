package sojourn.app.sandbox.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.jsoup.Jsoup;
import sojourn.app.platform.Json;
import sojourn.app.sandbox.SandboxException;
import sojourn.app.sandbox.demo.Shop.Customer;

/**
 * The people at the other end: they read their mails after a while, and some look at the pictures, click, buy, unsubscribe,
 * or ring the shop up to be left alone. What someone does about a mail depends on the seed alone, not on the moment.
 */
final class Shoppers implements AutoCloseable {

    private static final double OPENS = 0.65;
    private static final double LOOKS_AGAIN = 0.15;
    private static final double CLICKS = 0.5;
    private static final double BUYS = 0.5;
    private static final double UNSUBSCRIBES = 0.05;
    private static final double RINGS_UP = 0.03;

    private static final int AT_ONCE = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";

    private final HttpClient http;
    private final Api shop;
    private final Map<String, Customer> customers;
    private final long seed;
    private final double haste;
    private final InstantSource clock;
    private final Tally tally = new Tally();
    private final AtomicInteger going = new AtomicInteger();
    private final ConcurrentLinkedQueue<String> mishaps = new ConcurrentLinkedQueue<>();
    private final ScheduledExecutorService minds = Executors.newScheduledThreadPool(
            AT_ONCE, Thread.ofPlatform().name("shopper-", 1).daemon().factory());

    /**
     * @param shop the API with the shop's own key
     * @param wait about how many seconds people take to do something
     */
    Shoppers(HttpClient http, Api shop, Shop books, long seed, int wait, InstantSource clock) {
        this.http = http;
        this.shop = shop;
        this.customers = books.customers().stream()
                .filter(customer -> customer.email() != null)
                .collect(Collectors.toMap(customer -> Objects.requireNonNull(customer.email()), customer -> customer));
        this.seed = seed;
        this.haste = wait * 1000.0;
        this.clock = clock;
    }

    /** Hands a mail to whom it is for. */
    void receive(JsonNode mail) {
        var customer = customers.get(mail.path("to").asText());
        tally.mails.incrementAndGet();
        if (customer == null) {
            mishaps.add("A mail went to " + mail.path("to").asText() + ", who is no customer");
            return;
        }
        var chance = new Random(seed
                ^ Objects.hash(mail.path("to").asText(), mail.path("subject").asText()));
        if (chance.nextDouble() < OPENS) {
            later(chance, () -> read(customer, mail, chance));
        } else if (chance.nextDouble() < RINGS_UP) {
            later(chance, () -> ringUp(customer));
        }
    }

    private void read(Customer customer, JsonNode mail, Random chance) throws Exception {
        open(mail);
        if (chance.nextDouble() < LOOKS_AGAIN) {
            later(chance, () -> open(mail));
        }
        if (chance.nextDouble() < CLICKS) {
            later(chance, () -> click(customer, mail, chance));
        } else if (chance.nextDouble() < UNSUBSCRIBES) {
            later(chance, () -> unsubscribe(customer, mail));
        }
    }

    private void open(JsonNode mail) throws Exception {
        for (var picture : Jsoup.parse(mail.path("html").asText()).select("img[src]")) {
            browse(HttpRequest.newBuilder(URI.create(picture.attr("src"))).GET(), 200);
            tally.openings.incrementAndGet();
        }
        tally.opened.add(mail.path("id").asText());
    }

    private void click(Customer customer, JsonNode mail, Random chance) throws Exception {
        var link = Objects.requireNonNull(
                Jsoup.parse(mail.path("html").asText()).selectFirst("a[href]"), "the mail has no link");
        browse(HttpRequest.newBuilder(URI.create(link.attr("href"))).GET(), 302);
        tally.clicked.add(mail.path("id").asText());
        if (chance.nextDouble() < BUYS) {
            later(chance, () -> buy(customer, mail, 1 + chance.nextInt(4)));
        }
    }

    private void buy(Customer customer, JsonNode mail, int cds) throws Exception {
        var order = Json.mapper()
                .writeValueAsString(new Intake.Interaction(
                        "order-after-mail-" + mail.path("id").asText(),
                        "Purchase",
                        "external:" + customer.id(),
                        clock.instant(),
                        Map.of("amount", cds * 14.99, "cds", cds)));
        shop.send("POST", "/v1/interactions", order).expect(200);
        tally.bought.add(customer.id());
    }

    /** With one click (RFC 8058), as mail programs do it. */
    private void unsubscribe(Customer customer, JsonNode mail) throws Exception {
        var address = mail.path("headers").path("List-Unsubscribe").asText();
        var url = address.substring(address.indexOf('<') + 1, address.indexOf('>'))
                .replaceAll("\\s", "");
        browse(
                HttpRequest.newBuilder(URI.create(url))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString("List-Unsubscribe=One-Click")),
                200);
        tally.unsubscribed.add(customer.id());
    }

    private void ringUp(Customer customer) throws Exception {
        shop.send("PATCH", "/v1/contacts/external:" + customer.id(), "{\"attributes\": {\"doNotDisturb\": true}}")
                .expect(200);
        tally.leftAlone.add(customer.id());
    }

    private void browse(HttpRequest.Builder request, int wanted) throws IOException, InterruptedException {
        var built = request.timeout(PATIENCE).header("User-Agent", BROWSER).build();
        var status = http.send(built, BodyHandlers.discarding()).statusCode();
        if (status != wanted) {
            throw new SandboxException(built.method() + " " + built.uri().getPath() + " was answered with " + status);
        }
    }

    /** Something a person does. */
    private interface Deed {
        void run() throws Exception;
    }

    private void later(Random chance, Deed deed) {
        going.incrementAndGet();
        var delay = (long) (haste * (0.05 + 0.6 * chance.nextDouble()));
        var _ = minds.schedule(
                () -> {
                    try {
                        deed.run();
                    } catch (Exception mishap) {
                        mishaps.add(mishap.toString());
                    } finally {
                        going.decrementAndGet();
                    }
                },
                delay,
                TimeUnit.MILLISECONDS);
    }

    Tally tally() {
        return tally;
    }

    /** What has gone wrong for them since the last call. */
    List<String> mishaps() {
        var all = new ArrayList<String>();
        for (var mishap = mishaps.poll(); mishap != null; mishap = mishaps.poll()) {
            all.add(mishap);
        }
        return all;
    }

    /** Whether nobody has anything in mind. */
    boolean areIdle() {
        return going.get() == 0;
    }

    @Override
    public void close() {
        minds.shutdownNow();
    }
}
