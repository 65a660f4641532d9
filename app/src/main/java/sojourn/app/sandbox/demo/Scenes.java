package sojourn.app.sandbox.demo;

import static java.util.stream.Collectors.toMap;

import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import sojourn.app.sandbox.demo.Guest.Did;
import sojourn.app.sandbox.demo.Scene.Deed;
import sojourn.app.sandbox.demo.Scene.Doing;

/** The shows that there are, one for each template of a journey. */
final class Scenes {

    /** Of ten people some do not fit, so that it can be seen that they are not let in. */
    private static final double FITS = 0.85;

    private static final String PURCHASE = "Purchase";
    private static final String JOINED = "SubscriptionJoined";
    private static final Map<String, Object> NEWSLETTER = Map.of("topic", "newsletter");
    private static final Map<String, Object> EVENT = Map.of("event", "spring-fair");

    private static final Map<String, Scene> ALL = List.of(
                    new Scene(
                            "re-engagement",
                            "who opens an offer without a click gets two more, then a call; buyers leave at once",
                            customers(),
                            null,
                            Map.of("offer", Deed.of(0.4, Scenes::buys)),
                            false,
                            true),
                    new Scene(
                            "welcome-series",
                            "new subscribers get three mails, unless they are interested already",
                            doing(JOINED, NEWSLETTER, JOINED, Map.of("topic", "events")),
                            null,
                            Map.of(
                                    "voucher", Deed.of(0.5, Scenes::buys),
                                    "start", Deed.of(0.1, (_, _) -> new Did("SubscriptionLeft", 0, NEWSLETTER))),
                            false,
                            true),
                    new Scene(
                            "win-back",
                            "buyers who have stayed away for 90 days",
                            Scenes::lapsed,
                            null,
                            Map.of("ten-percent", Deed.of(0.5, Scenes::buys), "new", Deed.of(0.1, Scenes::buys)),
                            true,
                            true),
                    new Scene(
                            "birthday",
                            "a present, and a reminder if it is not used",
                            Scenes::born,
                            null,
                            Map.of("present", Deed.of(0.6, Scenes::buys)),
                            true,
                            true),
                    new Scene(
                            "event-invitation",
                            "people register, come or do not come, and are called if they did not",
                            (id, person, chance, _) ->
                                    guest(id, person, List.of(), List.of(), chance.nextDouble() < FITS ? 1 : 0),
                            "event-invitees",
                            Map.of("register", registersAndComes()),
                            false,
                            true),
                    new Scene(
                            "abandoned-cart",
                            "one run for each cart; buying the cart ends its run and no other",
                            Scenes::carts,
                            null,
                            Map.of(
                                    "cart",
                                    Deed.of(0.6, Scenes::buysCart),
                                    "cart-voucher",
                                    Deed.of(0.6, Scenes::buysCart)),
                            false,
                            false),
                    new Scene(
                            "double-ab-newsletter",
                            "three subjects by who opens, then two offers by who clicks",
                            Scenes::readers,
                            null,
                            Map.of("new", Deed.of(0.3, Scenes::buys)),
                            false,
                            true),
                    new Scene(
                            "satisfaction-survey",
                            "the first of its iterations: answers from 0 to 10, and what comes of them",
                            customers(),
                            null,
                            Map.of(
                                    "survey",
                                    Deed.of(
                                            0.8,
                                            (_, chance) -> new Did(
                                                    "SurveyAnswered",
                                                    0,
                                                    Map.of("score", Math.min(10, chance.nextInt(14)))))),
                            true,
                            true),
                    new Scene(
                            "lead-nurture",
                            "white papers, scores, and leads made of those who score well",
                            doing(
                                    "FormSubmitted",
                                    Map.of("form", "white-paper"),
                                    "FormSubmitted",
                                    Map.of("form", "contact-us")),
                            null,
                            Map.of("case-study", Deed.of(0.15, Scenes::buys)),
                            false,
                            true),
                    new Scene(
                            "onboarding",
                            "a welcome, the tour (a journey of its own), and help for those who do not begin",
                            doing("SignedUp", Map.of("plan", "free"), "FeatureUsed", Map.of("feature", "board")),
                            null,
                            Map.of("tip-1", Deed.of(0.4, Scenes::usesIt), "tip-2", Deed.of(0.4, Scenes::usesIt)),
                            false,
                            true))
            .stream()
            .collect(toMap(Scene::template, scene -> scene, (one, _) -> one, TreeMap::new));

    private Scenes() {}

    /** By key, in its order. */
    static Map<String, Scene> all() {
        return ALL;
    }

    private static Guest guest(String id, Person person, List<Did> past, List<Did> doings, int entries) {
        return new Guest(id, person, Map.of(), past, doings, entries);
    }

    /** Those who fit have bought something. */
    private static Scene.Maker customers() {
        return (id, person, chance, _) -> {
            var fits = chance.nextDouble() < FITS;
            var bought = new Did(PURCHASE, 100 + chance.nextInt(300), Map.of("amount", amount(chance)));
            return guest(id, person, fits ? List.of(bought) : List.of(), List.of(), fits ? 1 : 0);
        };
    }

    /** Those who fit do one thing as soon as the journey is live, others another. */
    private static Scene.Maker doing(
            String type, Map<String, Object> properties, String otherType, Map<String, Object> others) {
        return (id, person, chance, _) -> {
            var fits = chance.nextDouble() < FITS;
            var did = fits ? new Did(type, 0, properties) : new Did(otherType, 0, others);
            return guest(id, person, List.of(), List.of(did), fits ? 1 : 0);
        };
    }

    private static Guest lapsed(String id, Person person, Random chance, LocalDate today) {
        var fits = chance.nextDouble() < FITS;
        var purchases = new ArrayList<Did>();
        for (var number = 0; number <= chance.nextInt(3); number++) {
            purchases.add(new Did(PURCHASE, 100 + chance.nextInt(300), Map.of("amount", amount(chance))));
        }
        if (!fits) {
            purchases.add(new Did(PURCHASE, 1 + chance.nextInt(60), Map.of("amount", amount(chance))));
        }
        return guest(id, person, purchases, List.of(), fits ? 1 : 0);
    }

    /** In a leap year, so that any day can be a birthday. */
    private static Guest born(String id, Person person, Random chance, LocalDate today) {
        var fits = chance.nextDouble() < FITS;
        var day = fits ? today : today.plusDays(10 + chance.nextInt(300));
        var birthday = LocalDate.of(1960 + 4 * chance.nextInt(12), day.getMonth(), day.getDayOfMonth());
        return new Guest(id, person, Map.of("birthday", birthday.toString()), List.of(), List.of(), fits ? 1 : 0);
    }

    /** One cart or two; empty ones do not count. */
    private static Guest carts(String id, Person person, Random chance, LocalDate today) {
        var left = new ArrayList<Did>();
        var entries = 0;
        for (var number = 1; number <= 1 + chance.nextInt(2); number++) {
            var amount = chance.nextDouble() < FITS ? amount(chance) : 0;
            left.add(new Did("CartAbandoned", 0, Map.of("cart", id + "-" + number, "amount", amount)));
            entries += amount > 0 ? 1 : 0;
        }
        return guest(id, person, List.of(), left, entries);
    }

    private static Guest readers(String id, Person person, Random chance, LocalDate today) {
        var fits = chance.nextDouble() < FITS;
        var joined = new Did(JOINED, 30 + chance.nextInt(300), NEWSLETTER);
        var left = new Did("SubscriptionLeft", 1 + chance.nextInt(20), NEWSLETTER);
        return guest(id, person, fits ? List.of(joined) : List.of(joined, left), List.of(), fits ? 1 : 0);
    }

    private static Deed registersAndComes() {
        Doing registers = (_, _) -> new Did("EventRegistered", 0, EVENT);
        Doing comes = (_, _) -> new Did("EventCheckedIn", 0, EVENT);
        return new Deed(0.8, registers, Deed.of(0.6, comes));
    }

    private static Did buys(String id, Random chance) {
        return new Did(PURCHASE, 0, Map.of("amount", amount(chance)));
    }

    private static Did buysCart(String id, Random chance) {
        return new Did(PURCHASE, 0, Map.of("amount", amount(chance), "cart", id + "-" + (1 + chance.nextInt(2))));
    }

    private static Did usesIt(String id, Random chance) {
        return new Did("FeatureUsed", 0, Map.of("feature", chance.nextBoolean() ? "board" : "calendar"));
    }

    private static int amount(Random chance) {
        return 20 + chance.nextInt(230);
    }
}
