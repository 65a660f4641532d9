package sojourn.app.segments.language;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import sojourn.app.segments.language.ContactState.Occurrence;

/**
 * The instants at which an answer changes by the clock alone, the contact's interactions being what they are.
 *
 * @param known whether they can be told
 */
record Flips(boolean known, NavigableSet<Instant> instants) {

    static final Flips UNKNOWN = new Flips(false, new TreeSet<>());

    /** Beyond so many interactions it would take too long to try each moment at which one comes or goes. */
    private static final int MOST = 500;

    /** How many days back and ahead are tried: whatever comes round comes round within a year. */
    private static final int DAYS = 366;

    /** Where a condition that compares with today may change, whether it does or not. */
    static Flips midnights(Instant now, ZoneId zone) {
        var today = now.atZone(zone).toLocalDate();
        var midnights = new TreeSet<Instant>();
        for (var day = -DAYS; day <= DAYS; day++) {
            midnights.add(today.plusDays(day).atStartOfDay(zone).toInstant());
        }
        return new Flips(true, midnights);
    }

    /** Of a having over interactions that have passed their block's filters. */
    static Flips of(Having having, List<Occurrence> passed, ZoneId zone) {
        var readsClock = TreeWalk.readsClock(having);
        if (readsClock || passed.size() > MOST || !WindowEdges.areKnown(having.window())) {
            return UNKNOWN;
        }
        var occurred = passed.stream().map(Occurrence::occurredAt).toList();
        var edges = WindowEdges.of(having.window(), occurred, zone);
        return among(edges, at -> holds(having, passed, at, zone));
    }

    /** Of something made of these: it changes when one of them does, if at all. */
    static Flips of(List<Flips> parts, Predicate<Instant> holds) {
        if (!parts.stream().allMatch(Flips::known)) {
            return UNKNOWN;
        }
        var edges = new TreeSet<Instant>();
        parts.forEach(part -> edges.addAll(part.instants()));
        return among(edges, holds);
    }

    private static Flips among(NavigableSet<Instant> edges, Predicate<Instant> holds) {
        var flips = new TreeSet<Instant>();
        if (!edges.isEmpty()) {
            var before = holds.test(edges.first().minusNanos(1_000));
            for (var edge : edges) {
                var now = holds.test(edge);
                if (now != before) {
                    flips.add(edge);
                }
                before = now;
            }
        }
        return new Flips(true, flips);
    }

    static boolean holds(Having having, List<Occurrence> passed, Instant now, ZoneId zone) {
        return Evaluator.overInteractions(within(having, passed, now, zone), now, zone)
                .compare(having.left(), having.operator(), having.right());
    }

    static List<Occurrence> within(Having having, List<Occurrence> passed, Instant now, ZoneId zone) {
        var range = Window.range(having.window(), now, zone);
        return passed.stream()
                .filter(occurrence -> range.contains(occurrence.occurredAt()))
                .toList();
    }

    /** Since when it has been as it is; null when it has never been otherwise. */
    @Nullable
    Instant since(Instant now) {
        return instants.floor(now);
    }

    /** When it will be otherwise; null when it never will. */
    @Nullable
    Instant until(Instant now) {
        return instants.higher(now);
    }
}
