package sojourn.app.sandbox.demo;

import static java.util.stream.Collectors.toMap;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.URI;
import java.net.http.HttpClient;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import sojourn.app.sandbox.SandboxException;

/**
 * The story: the shop opens, its books are counted by segments, the journey goes live, the shoppers react, and the figures
 * are looked at each second until everyone is through.
 */
final class Show {

    private static final Duration START = Duration.ofMinutes(1);
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);
    private static final Duration SHOP_KEY_LIVES = Duration.ofDays(30);

    private final DemoOptions options;
    private final Ledger ledger;
    private final HttpClient http;
    private final Api admin;
    private final Terminal terminal;
    private final InstantSource clock;

    Show(
            DemoOptions options,
            Ledger ledger,
            HttpClient http,
            URI url,
            String adminKey,
            Terminal terminal,
            InstantSource clock) {
        this.options = options;
        this.ledger = ledger;
        this.http = http;
        this.admin = new Api(http, url, adminKey);
        this.terminal = terminal;
        this.clock = clock;
    }

    /** Says whether everyone got through and everything added up. */
    boolean run() throws InterruptedException {
        awaitReadiness();
        var shopApi = admin.withKey(shopKey());
        var scene = ledger.scene();
        if (scene.isPresent()) {
            return new TemplateShow(scene.get(), options, ledger, http, admin, shopApi, terminal, clock).run();
        }
        var shop = ledger.shop();
        return ledger.isOpen() ? goOn(shop, shopApi) : open(shop, shopApi);
    }

    private boolean open(Shop shop, Api shopApi) throws InterruptedException {
        var opening = new Opening(admin, new Intake(shopApi, terminal), terminal);
        var equal = opening.ofBooks(shop);
        var members = opening.ofCampaign(ledger.audience(), options.seconds());
        ledger.open();
        terminal.say(
                "%nThe journey %s is live; the %,d members of the segment %s enter%s.%n",
                WinBack.JOURNEY,
                members,
                ledger.audience(),
                ledger.audience().equals(WinBack.LAPSED)
                        ? ""
                        : " (all who have lapsed would be " + opening.size(WinBack.LAPSED) + ", with --all)");
        try (var shoppers = shoppers(shop, shopApi)) {
            var watch = watch(shoppers);
            var through = watch.untilAllAreThrough(members, options.length());
            var reckoned = through && watch.reckon(members, "Purchase");
            return watch.conclude() && equal && reckoned;
        }
    }

    /** What happened before is not known to the shoppers of today, so only the figures are held against themselves. */
    private boolean goOn(Shop shop, Api shopApi) throws InterruptedException {
        terminal.say("%nThe show of %s goes on where it was left; --fresh begins a new one.%n", shop.name());
        try (var shoppers = shoppers(shop, shopApi)) {
            var watch = watch(shoppers);
            var through = watch.untilAllAreThrough(1, options.length());
            return watch.conclude() && through;
        }
    }

    private Watch watch(Shoppers shoppers) throws InterruptedException {
        var journeys = List.of(WinBack.JOURNEY);
        return new Watch(admin, shoppers, ledger, terminal, journeys, new Colleagues(admin, ledger.seed()));
    }

    private Shoppers shoppers(Shop shop, Api shopApi) {
        var people = shop.customers().stream()
                .filter(customer -> customer.email() != null)
                .collect(toMap(customer -> Objects.requireNonNull(customer.email()), Shop.Customer::id));
        return new Shoppers(http, shopApi, people, Habits.OF_SHOPPERS, ledger.seed(), options.seconds(), clock);
    }

    private void awaitReadiness() throws InterruptedException {
        var end = System.nanoTime() + START.toNanos();
        var answer = admin.send("GET", "/readyz");
        while (answer.status() != 200) {
            if (System.nanoTime() > end) {
                answer.expect(200);
            }
            Thread.sleep(BETWEEN_LOOKS);
            answer = admin.send("GET", "/readyz");
        }
    }

    /** The shop's till can send contacts and interactions, and nothing else. */
    private String shopKey() throws InterruptedException {
        var wanted = JsonNodeFactory.instance
                .objectNode()
                .put("name", "shop")
                .put("role", "integrator")
                .put("expiresAt", clock.instant().plus(SHOP_KEY_LIVES).toString());
        var key = admin.send("POST", "/v1/api-keys", wanted.toString())
                .expect(201)
                .body()
                .path("key");
        if (!key.isTextual()) {
            throw new SandboxException("No key was made for the shop");
        }
        return key.asText();
    }
}
