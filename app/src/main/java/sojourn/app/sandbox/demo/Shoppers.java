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
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jsoup.Jsoup;
import sojourn.app.platform.Json;
import sojourn.app.sandbox.SandboxException;
import sojourn.app.sandbox.demo.Scene.Deed;

/**
 * The people at the other end: they read their mails after a while, and some look at the pictures, click, buy, unsubscribe,
 * or ring the shop up to be left alone. What someone does about a mail depends on the seed alone, not on the moment.
 */
final class Shoppers implements AutoCloseable {

    private static final double OPENS = 0.65;
    private static final double LOOKS_AGAIN = 0.15;
    private static final double CLICKS = 0.5;
    private static final double UNSUBSCRIBES = 0.05;
    private static final double RINGS_UP = 0.03;

    private static final String UNSUBSCRIBE = "List-Unsubscribe";
    private static final int AT_ONCE = 4;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0";

    private final HttpClient http;
    private final Api shop;
    private final Map<String, String> people;
    private final Habits habits;
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
     * @param people their external ids by address
     * @param wait about how many seconds people take to do something
     */
    Shoppers(
            HttpClient http,
            Api shop,
            Map<String, String> people,
            Habits habits,
            long seed,
            int wait,
            InstantSource clock) {
        this.http = http;
        this.shop = shop;
        this.people = Map.copyOf(people);
        this.habits = habits;
        this.seed = seed;
        this.haste = wait * 1000.0;
        this.clock = clock;
    }

    /** Hands a mail to whom it is for. */
    void receive(JsonNode mail) {
        var person = people.get(mail.path("to").asText());
        tally.mails.incrementAndGet();
        if (person == null) {
            mishaps.add("A mail went to " + mail.path("to").asText() + ", whom nobody knows");
            return;
        }
        var chance = new Random(seed
                ^ Objects.hash(mail.path("to").asText(), mail.path("subject").asText()));
        if (chance.nextDouble() < OPENS) {
            later(chance, () -> read(person, mail, chance));
        } else if (habits.ringsUp() && chance.nextDouble() < RINGS_UP) {
            later(chance, () -> ringUp(person));
        }
    }

    private void read(String person, JsonNode mail, Random chance) throws Exception {
        open(mail);
        if (chance.nextDouble() < LOOKS_AGAIN) {
            later(chance, () -> open(mail));
        }
        if (chance.nextDouble() < CLICKS) {
            later(chance, () -> click(person, mail, chance));
        } else if (chance.nextDouble() < UNSUBSCRIBES && mail.path("headers").has(UNSUBSCRIBE)) {
            later(chance, () -> unsubscribe(person, mail));
        }
    }

    private void open(JsonNode mail) throws Exception {
        for (var picture : Jsoup.parse(mail.path("html").asText()).select("img[src]")) {
            var _ = browse(
                    HttpRequest.newBuilder(URI.create(picture.attr("src"))).GET(), 200);
            tally.openings.incrementAndGet();
        }
        tally.opened.add(mail.path("id").asText());
    }

    private void click(String person, JsonNode mail, Random chance) throws Exception {
        var link = Objects.requireNonNull(
                Jsoup.parse(mail.path("html").asText()).selectFirst("a[href]"), "the mail has no link");
        var leadsTo = browse(
                        HttpRequest.newBuilder(URI.create(link.attr("href"))).GET(), 302)
                .orElse("");
        tally.clicked.add(mail.path("id").asText());
        var deed = habits.afterLink().apply(leadsTo.substring(leadsTo.lastIndexOf('/') + 1));
        if (deed.isPresent()) {
            mayDo(person, mail, deed.get(), chance);
        }
    }

    private void mayDo(String person, JsonNode mail, Deed deed, Random chance) {
        if (chance.nextDouble() < deed.likelihood()) {
            later(chance, () -> {
                var did = deed.doing().by(person, chance);
                var id = did.type() + "-after-mail-" + mail.path("id").asText();
                var interaction = did.interaction(id, person, clock.instant());
                shop.send("POST", "/v1/interactions", Json.mapper().writeValueAsString(interaction))
                        .expect(200);
                tally.did(did.type()).add(person);
                if (deed.then() != null) {
                    mayDo(person, mail, deed.then(), chance);
                }
            });
        }
    }

    /** With one click (RFC 8058), as mail programs do it. */
    private void unsubscribe(String person, JsonNode mail) throws Exception {
        var address = mail.path("headers").path(UNSUBSCRIBE).asText();
        var url = address.substring(address.indexOf('<') + 1, address.indexOf('>'))
                .replaceAll("\\s", "");
        var _ = browse(
                HttpRequest.newBuilder(URI.create(url))
                        .header("Content-Type", "application/x-www-form-urlencoded")
                        .POST(BodyPublishers.ofString("List-Unsubscribe=One-Click")),
                200);
        tally.unsubscribed.add(person);
    }

    private void ringUp(String person) throws Exception {
        shop.send("PATCH", "/v1/contacts/external:" + person, "{\"attributes\": {\"doNotDisturb\": true}}")
                .expect(200);
        tally.leftAlone.add(person);
    }

    /** Returns where the answer leads on, if it does. */
    private Optional<String> browse(HttpRequest.Builder request, int wanted) throws IOException, InterruptedException {
        var built = request.timeout(PATIENCE).header("User-Agent", BROWSER).build();
        var answer = http.send(built, BodyHandlers.discarding());
        if (answer.statusCode() != wanted) {
            throw new SandboxException(
                    built.method() + " " + built.uri().getPath() + " was answered with " + answer.statusCode());
        }
        return answer.headers().firstValue("Location");
    }

    /** Something a person does. */
    private interface Action {
        void run() throws Exception;
    }

    private void later(Random chance, Action action) {
        going.incrementAndGet();
        var delay = (long) (haste * (0.05 + 0.6 * chance.nextDouble()));
        var _ = minds.schedule(
                () -> {
                    try {
                        action.run();
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
