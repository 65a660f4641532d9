package sojourn.app.sandbox.demo;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Looks at the figures each second, carries the mails to the shoppers, and draws what it sees. */
final class Watch {

    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(1);
    private static final Duration BETWEEN_LINES = Duration.ofSeconds(5);
    /** How long figures may take to show what has just happened. */
    private static final Duration FRESH = Duration.ofSeconds(20);

    private static final String PLACE = "/v1/journeys/" + WinBack.JOURNEY;

    private final Api api;
    private final Shoppers shoppers;
    private final Ledger ledger;
    private final Terminal terminal;
    private final Letterbox letterbox;
    private final JsonNode document;
    private final long begun = System.nanoTime();
    private long nextLine = begun;
    private int looks;
    private int faultyLooks;

    Watch(Api api, Shoppers shoppers, Ledger ledger, Terminal terminal) throws InterruptedException {
        this.api = api;
        this.shoppers = shoppers;
        this.ledger = ledger;
        this.terminal = terminal;
        this.letterbox = new Letterbox(api, ledger.lastMail());
        this.document = api.get(PLACE).path("document");
    }

    /** Until at least so many have entered and all of them are through; false when that takes too long. */
    boolean untilAllAreThrough(long audience, Duration patience) throws InterruptedException {
        while (true) {
            var figures = look();
            if (figures.hasEnded() && figures.of("entered") >= audience && shoppers.areIdle()) {
                return true;
            }
            if (elapsed().compareTo(patience) > 0) {
                terminal.say(
                        "  %,d are still on their way after %d minutes. The journey goes on without being watched.",
                        figures.of("inProgress"), patience.toMinutes());
                return false;
            }
            show(figures);
            Thread.sleep(BETWEEN_LOOKS);
        }
    }

    /** Holds the figures against what the shoppers know they did, which is done when all is equal. */
    boolean reckon() throws InterruptedException {
        var end = System.nanoTime() + FRESH.toNanos();
        var comparisons = comparisons(look());
        while (!Comparison.areEqual(comparisons) && System.nanoTime() < end) {
            Thread.sleep(BETWEEN_LOOKS);
            comparisons = comparisons(look());
        }
        Comparison.print(terminal, "by the shoppers", comparisons);
        return Comparison.areEqual(comparisons);
    }

    /** Prints how it stands and says whether all figures added up at every look. */
    boolean conclude() throws InterruptedException {
        var figures = look();
        terminal.say("");
        Board.table(figures).forEach(line -> terminal.say("%s", line));
        terminal.say("%n  Shoppers: %s.", shoppers.tally());
        if (faultyLooks == 0) {
            terminal.say("  The figures were looked at %d times and always added up.", looks);
        } else {
            terminal.say("  The figures were looked at %d times and did NOT add up %d times.", looks, faultyLooks);
        }
        return faultyLooks == 0;
    }

    private Figures look() throws InterruptedException {
        letterbox.fetch().forEach(shoppers::receive);
        ledger.lastMail(letterbox.newest());
        shoppers.mishaps().forEach(mishap -> terminal.say("  A shopper's trouble: %s", mishap));
        var figures = new Figures(api.get(PLACE + "/insights"));
        var faults = figures.faults(document);
        looks++;
        if (!faults.isEmpty()) {
            faultyLooks++;
            terminal.say("  DOES NOT ADD UP: %s%n  %s", String.join("; ", faults), figures.json());
        }
        return figures;
    }

    private void show(Figures figures) {
        var lines = new ArrayList<String>();
        lines.add("  " + WinBack.JOURNEY + " after " + elapsed().toSeconds() + " s; figures "
                + (faultyLooks == 0 ? "add up at all " + looks + " looks" : "did NOT always add up"));
        lines.add("");
        lines.addAll(Board.table(figures));
        lines.add("");
        lines.add("  shoppers: " + shoppers.tally());
        terminal.draw(lines);
        if (!terminal.isInteractive() && System.nanoTime() >= nextLine) {
            terminal.say("%s", Board.line(figures, elapsed()));
            nextLine = System.nanoTime() + BETWEEN_LINES.toNanos();
        }
    }

    private List<Comparison> comparisons(Figures figures) {
        var tally = shoppers.tally();
        return List.of(
                new Comparison("mails received", tally.mails.get(), figures.ofAllTiles("sent"), "sent"),
                new Comparison(
                        "mails opened", tally.opened.size(), figures.ofAllTiles("opens", "unique"), "unique opens"),
                new Comparison("openings", tally.openings.get(), figures.ofAllTiles("opens", "total"), "total opens"),
                new Comparison(
                        "mails clicked in",
                        tally.clicked.size(),
                        figures.ofAllTiles("clicks", "unique"),
                        "unique clicks"),
                new Comparison(
                        "people who unsubscribed",
                        tally.unsubscribed.size(),
                        figures.ofAllTiles("unsubscribed"),
                        "unsubscribed"),
                new Comparison(
                        "people who bought", tally.bought.size(), figures.of("goal", "reached"), "goal reached"));
    }

    private Duration elapsed() {
        return Duration.ofNanos(System.nanoTime() - begun);
    }
}
