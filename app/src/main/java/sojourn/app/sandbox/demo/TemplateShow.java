package sojourn.app.sandbox.demo;

import static java.util.stream.Collectors.toMap;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.net.http.HttpClient;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import sojourn.app.sandbox.demo.Guest.Did;

/**
 * The show of a template: its bundle is imported as shipped but for its waits, people come whom it fits, it goes live, and they
 * and the colleagues do what its {@link Scene} says until everyone is through.
 */
final class TemplateShow {

    private final Scene scene;
    private final DemoOptions options;
    private final Ledger ledger;
    private final HttpClient http;
    private final Api admin;
    private final Api shop;
    private final Terminal terminal;
    private final InstantSource clock;

    TemplateShow(
            Scene scene,
            DemoOptions options,
            Ledger ledger,
            HttpClient http,
            Api admin,
            Api shop,
            Terminal terminal,
            InstantSource clock) {
        this.scene = scene;
        this.options = options;
        this.ledger = ledger;
        this.http = http;
        this.admin = admin;
        this.shop = shop;
        this.terminal = terminal;
        this.clock = clock;
    }

    /** Says whether everyone got through and everything added up. */
    boolean run() throws InterruptedException {
        var today = LocalDate.ofInstant(ledger.now(), ZoneOffset.UTC);
        var guests = scene.guests(ledger.contacts(), ledger.seed(), today);
        var bundle = admin.get("/v1/journey-templates/" + scene.template());
        var journeys = bundle.path("journeys").findValuesAsText("key");
        var entries = guests.stream().mapToLong(Guest::entries).sum();
        var wasOpen = ledger.isOpen();
        if (wasOpen) {
            terminal.say("%nThe show of %s goes on where it was left; --fresh begins a new one.%n", scene.template());
        } else {
            terminal.say("%nThe template %s: %s.", scene.template(), scene.story());
            open(bundle, guests, journeys);
            ledger.open();
            terminal.say("%nThe journey %s is live; %,d may enter.%n", scene.template(), entries);
        }
        try (var people = people(guests)) {
            var watch = new Watch(admin, people, ledger, terminal, journeys, new Colleagues(admin, ledger.seed()));
            var through = watch.untilAllAreThrough(wasOpen ? 1 : entries, options.length());
            // What people did before they were played today, they do not know.
            var reckoned = through && (wasOpen || watch.reckon(entries, goal(bundle)));
            return watch.conclude() && reckoned;
        }
    }

    private void open(JsonNode bundle, List<Guest> guests, List<String> journeys) throws InterruptedException {
        var made = admin.send(
                        "POST",
                        "/v1/journeys/import?conflicts=replace",
                        new Haste(options.seconds()).of(bundle).toString())
                .expect(200, 201)
                .body();
        terminal.say(
                "  %,9d segments, %,d messages and %,d journeys imported, with %,d declarations",
                made.path("segments").size(),
                made.path("messages").size(),
                journeys.size(),
                made.path("declared").size());
        var intake = new Intake(shop, terminal);
        intake.contacts(guests.stream().map(Guest::contact));
        send(intake, "interactions of the past", guests, Guest::past);
        if (scene.list() != null) {
            addMembers(scene.list(), guests);
        }
        var opening = new Opening(admin, intake, terminal);
        for (var segment : made.path("segments")) {
            opening.goLive("/v1/segments/" + segment.path("key").asText());
        }
        for (var message : made.path("messages")) {
            admin.send("POST", "/v1/messages/" + message.path("key").asText() + "/go-live")
                    .expect(200);
        }
        for (var journey : journeys.reversed()) {
            var place = "/v1/journeys/" + journey;
            var problems =
                    admin.send("POST", place + "/check").expect(200).body().path("problems");
            problems.forEach(problem -> terminal.say(
                    "  the check of %s says: %s",
                    journey, problem.path("detail").asText()));
            opening.goLive(place);
        }
        send(intake, "interactions of today", guests, Guest::doings);
    }

    /** Where something is done at all; sent again it changes nothing. */
    private void send(Intake intake, String what, List<Guest> guests, Function<Guest, List<Did>> some)
            throws InterruptedException {
        var now = clock.instant();
        var interactions = new ArrayList<Intake.Interaction>();
        for (var guest : guests) {
            var number = new AtomicLong();
            some.apply(guest)
                    .forEach(did -> interactions.add(did.interaction(
                            what.replace(' ', '-') + "-" + guest.id() + "-" + number.incrementAndGet(),
                            guest.id(),
                            now)));
        }
        if (!interactions.isEmpty()) {
            intake.interactions(what, interactions.stream());
        }
    }

    private void addMembers(String list, List<Guest> guests) throws InterruptedException {
        var change = JsonNodeFactory.instance.objectNode();
        var members = change.putArray("add");
        guests.stream().filter(guest -> guest.entries() > 0).forEach(guest -> members.add("external:" + guest.id()));
        admin.send("POST", "/v1/segments/" + list + "/members", change.toString())
                .expect(200);
    }

    private Shoppers people(List<Guest> guests) {
        Map<String, String> byAddress = guests.stream()
                .filter(guest -> guest.person().email() != null)
                .collect(toMap(guest -> Objects.requireNonNull(guest.person().email()), Guest::id));
        return new Shoppers(http, shop, byAddress, Habits.of(scene), ledger.seed(), options.seconds(), clock);
    }

    private @Nullable String goal(JsonNode bundle) {
        return scene.goalOnce()
                ? bundle.at("/journeys/0/document/goal/interaction/type").asText()
                : null;
    }
}
