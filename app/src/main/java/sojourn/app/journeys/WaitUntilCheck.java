package sojourn.app.journeys;

import java.time.Instant;
import java.time.ZoneId;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import sojourn.app.contacts.Declaration;
import sojourn.app.contacts.ValueType;
import sojourn.app.platform.Nearest;
import sojourn.workflows.journeys.JourneyDocument;
import sojourn.workflows.journeys.Tile.WaitUntil;

/** Whether a {@link WaitUntil} says in one way until when, and whether that can come. */
final class WaitUntilCheck {

    private static final int LATEST_YEAR = 9999;
    private static final Set<ValueType> MOMENTS = Set.of(ValueType.DATE, ValueType.TIMESTAMP);

    private final JourneyDocument journey;
    private final ConditionCheck conditions;
    private final Findings findings;

    WaitUntilCheck(JourneyDocument journey, ConditionCheck conditions, Findings findings) {
        this.journey = journey;
        this.conditions = conditions;
        this.findings = findings;
    }

    void check(String id, String pointer, WaitUntil wait, ZoneId zone, Instant now) {
        var next = wait.weekday() != null || wait.time() != null;
        var ways = (wait.at() == null ? 0 : 1) + (wait.attribute() == null ? 0 : 1);
        if (ways == 0 && !next) {
            findings.error(
                    id,
                    pointer,
                    "missing-moment",
                    "Say until when to wait: `at` like 2026-12-24T09:00, an `attribute`, a `weekday` or a `time`");
        }
        if (ways == 2 || (wait.at() != null && next) || (wait.attribute() != null && wait.weekday() != null)) {
            findings.error(
                    id,
                    pointer,
                    "several-moments",
                    "Give either `at`, or `attribute` with `offset` and `time`, or `weekday` with `time`");
        }
        if (wait.offset() != null && wait.attribute() == null) {
            findings.error(
                    id, pointer + "/offset", "unfitting-offset", "`offset` has a meaning beside an `attribute` only");
        }
        checkAt(id, pointer, wait, zone, now);
        if (wait.attribute() != null) {
            checkAttribute(id, pointer + "/attribute", wait.attribute());
        }
    }

    private void checkAt(String id, String pointer, WaitUntil wait, ZoneId zone, Instant now) {
        if (wait.at() == null) {
            return;
        }
        if (wait.at().getYear() > LATEST_YEAR) {
            findings.error(id, pointer + "/at", "out-of-range", wait.at() + " is too far; a year up to 9999 would fit");
        } else if (wait.at().atZone(zone).toInstant().isBefore(now)) {
            findings.error(
                    id, pointer + "/at", "date-in-the-past", wait.at() + " has passed; a later moment would fit");
        }
    }

    private void checkAttribute(String id, String pointer, String attribute) {
        var known = conditions.contactAttributes(journey.triggerType());
        var declaration = known.get(attribute);
        if (declaration == null) {
            findings.error(
                    id,
                    pointer,
                    "unknown-attribute",
                    "There is no attribute '" + attribute + "'" + Nearest.advice(attribute, moments(known)));
        } else if (!MOMENTS.contains(declaration.type())) {
            findings.error(
                    id,
                    pointer,
                    "wrong-type",
                    "'" + attribute + "' is no date; " + String.join(", ", moments(known)) + " would fit");
        }
    }

    private static Set<String> moments(Map<String, Declaration> known) {
        var moments = new TreeSet<String>();
        known.forEach((name, declaration) -> {
            if (MOMENTS.contains(declaration.type())) {
                moments.add(name);
            }
        });
        return moments;
    }
}
