package sojourn.app.sandbox.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Looks at the figures each second, carries the mails to the shoppers, and draws what it sees. */
final class Watch {

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);
    /** How long figures may take to show what has just happened. */
    private static final Duration FRESH = Duration.ofSeconds(20);

    private final Api api;
    private final Shoppers shoppers;
    private final Ledger ledger;
    private final Terminal terminal;
    private final Letterbox letterbox;
    private final Map<String, JsonNode> documents = new LinkedHashMap<>();
    private final Colleagues colleagues;
    private final long begun = System.nanoTime();
    private long nextLine = begun;
    private int looks;
    private int faultyLooks;

    /** @param journeys the one that is watched, and behind it those that it starts */
    Watch(Api api, Shoppers shoppers, Ledger ledger, Terminal terminal, List<String> journeys, Colleagues colleagues)
            throws InterruptedException {
        this.api = api;
        this.shoppers = shoppers;
        this.ledger = ledger;
        this.terminal = terminal;
        this.letterbox = new Letterbox(api, ledger.lastMail());
        this.colleagues = colleagues;
        for (var journey : journeys) {
            documents.put(journey, api.get(place(journey)).path("document"));
        }
    }

    private static String place(String journey) {
        return "/v1/journeys/" + journey;
    }

    /** The figures of all the journeys at one look. */
    private record Looked(Map<String, Figures> byJourney) {

        /** Of the journey that is watched. */
        Figures first() {
            return byJourney.values().iterator().next();
        }

        boolean haveEnded() {
            return first().hasEnded() && byJourney.values().stream().allMatch(figures -> figures.of("inProgress") == 0);
        }

        /** Of all tiles of all journeys. */
        long sum(String... path) {
            return byJourney.values().stream()
                    .mapToLong(figures -> figures.ofAllTiles(path))
                    .sum();
        }
    }

    /** Until at least so many have entered and all of them are through; false when that takes too long. */
    boolean untilAllAreThrough(long entries, Duration patience) throws InterruptedException {
        while (true) {
            var looked = look();
            var figures = looked.first();
            if (looked.haveEnded() && figures.of("entered") >= entries && shoppers.areIdle()) {
                return true;
            }
            if (elapsed().compareTo(patience) > 0) {
                terminal.say(
                        "  %,d are still on their way after %d minutes. The journey goes on without being watched.",
                        figures.of("inProgress"), patience.toMinutes());
                return false;
            }
            show(looked);
            Thread.sleep(BETWEEN_LOOKS);
        }
    }

    /**
     * Holds the figures against what the shoppers know they did, which is done when all is equal.
     *
     * @param entries how many must have entered
     * @param goal the interaction that everyone reaches the goal by once at most; null when it is not so simple
     */
    boolean reckon(long entries, @Nullable String goal) throws InterruptedException {
        var end = System.nanoTime() + FRESH.toNanos();
        var comparisons = comparisons(look(), entries, goal);
        while (!Comparison.areEqual(comparisons) && System.nanoTime() < end) {
            Thread.sleep(BETWEEN_LOOKS);
            comparisons = comparisons(look(), entries, goal);
        }
        Comparison.print(terminal, "by the shoppers", comparisons);
        return Comparison.areEqual(comparisons);
    }

    /** Prints how it stands and says whether all figures added up at every look. */
    boolean conclude() throws InterruptedException {
        var looked = look();
        tables(looked).forEach(line -> terminal.say("%s", line));
        terminal.say("%n  Shoppers: %s.", shoppers.tally());
        colleagues.report().ifPresent(report -> terminal.say("  Colleagues: %s.", report));
        if (faultyLooks == 0) {
            terminal.say("  The figures were looked at %d times and always added up.", looks);
        } else {
            terminal.say("  The figures were looked at %d times and did NOT add up %d times.", looks, faultyLooks);
        }
        return faultyLooks == 0;
    }

    private List<String> tables(Looked looked) {
        var lines = new ArrayList<String>();
        looked.byJourney().forEach((journey, figures) -> {
            lines.add("");
            if (looked.byJourney().size() > 1) {
                lines.add("  " + journey);
            }
            lines.addAll(Board.table(figures, TilePaths.inOrder(document(journey))));
        });
        return lines;
    }

    private JsonNode document(String journey) {
        return documents.getOrDefault(journey, MissingNode.getInstance());
    }

    private Looked look() throws InterruptedException {
        letterbox.fetch().forEach(shoppers::receive);
        ledger.lastMail(letterbox.newest());
        colleagues.work();
        shoppers.mishaps().forEach(mishap -> terminal.say("  A shopper's trouble: %s", mishap));
        var all = new LinkedHashMap<String, Figures>();
        var found = new ArrayList<String>();
        for (var journey : documents.keySet()) {
            var figures = new Figures(api.get(place(journey) + "/insights"));
            figures.faults(document(journey))
                    .forEach(fault -> found.add(journey + ": " + fault + " in " + figures.json()));
            all.put(journey, figures);
        }
        looks++;
        if (!found.isEmpty()) {
            faultyLooks++;
            terminal.say("  DOES NOT ADD UP: %s", String.join("%n  ".formatted(), found));
        }
        return new Looked(all);
    }

    private void show(Looked looked) {
        var lines = new ArrayList<String>();
        lines.add("  " + documents.keySet().iterator().next() + " after "
                + elapsed().toSeconds() + " s; figures "
                + (faultyLooks == 0 ? "add up at all " + looks + " looks" : "did NOT always add up"));
        lines.addAll(tables(looked));
        lines.add("");
        lines.add("  shoppers: " + shoppers.tally());
        terminal.draw(lines);
        if (!terminal.isInteractive() && System.nanoTime() >= nextLine) {
            terminal.say("%s", Board.line(looked.first(), elapsed()));
            nextLine = System.nanoTime() + BETWEEN_LINES.toNanos();
        }
    }

    private List<Comparison> comparisons(Looked looked, long entries, @Nullable String goal) {
        var tally = shoppers.tally();
        var all = new ArrayList<>(List.of(
                new Comparison("who may enter", entries, looked.first().of("entered"), "entered"),
                new Comparison("mails received", tally.mails.get(), looked.sum("sent"), "sent"),
                new Comparison("mails opened", tally.opened.size(), looked.sum("opens", "unique"), "unique opens"),
                new Comparison("openings", tally.openings.get(), looked.sum("opens", "total"), "total opens"),
                new Comparison(
                        "mails clicked in", tally.clicked.size(), looked.sum("clicks", "unique"), "unique clicks"),
                new Comparison(
                        "people who unsubscribed",
                        tally.unsubscribed.size(),
                        looked.sum("unsubscribed"),
                        "unsubscribed")));
        if (goal != null) {
            all.add(new Comparison(
                    "people with " + goal,
                    tally.did(goal).size(),
                    looked.first().of("goal", "reached"),
                    "goal reached"));
        }
        return all;
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - begun);
    }
}
