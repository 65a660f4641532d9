package sojourn.app.journeys;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sojourn.app.interactions.RecordInteractions;
import sojourn.workflows.journeys.CreateLead;
import sojourn.workflows.journeys.Emit;
import sojourn.workflows.journeys.JourneyDocument;
import sojourn.workflows.journeys.JourneyDocument.Policy;
import sojourn.workflows.journeys.JourneyDocument.Reentry;
import sojourn.workflows.journeys.Span;
import sojourn.workflows.journeys.Tile;
import sojourn.workflows.journeys.UpdateContact;

/** Whether a document says in one way who enters, and how often. */
final class EntryCheck {

    private static final int MOST_ITERATIONS = 1000;
    private static final Duration LEAST_INTERVAL = Duration.ofHours(1);

    /** What an iteration of the far future would have no instant for. */
    private static final Duration LONGEST = Duration.ofDays(36_600);

    private final JourneyDocument journey;
    private final ZoneId zone;
    private final Instant now;
    private final Findings findings;

    EntryCheck(JourneyDocument journey, ZoneId zone, Instant now, Findings findings) {
        this.journey = journey;
        this.zone = zone;
        this.now = now;
        this.findings = findings;
    }

    void check() {
        var triggered = journey.trigger() != null;
        if (!triggered && journey.audienceSegments().isEmpty()) {
            findings.error(
                    "/audience/segments",
                    "missing-audience",
                    "Nothing lets contacts in; name at least one live segment, or an interaction");
        }
        if (triggered && !journey.audienceSegments().isEmpty()) {
            findings.error(
                    "/audience",
                    "segments-or-interaction",
                    "Give either segments or an interaction; with an interaction, let an attributeBranch ask for SEGMENT(...)");
        }
        if (triggered && journey.exitsWhenLeavingAudience()) {
            findings.error(
                    "/exit/whenLeavingAudience",
                    "no-audience-to-leave",
                    "Nobody leaves an audience that an interaction makes; name exit segments instead");
        }
        if (journey.reentry() != null) {
            check(journey.reentry(), triggered);
        }
        if (triggered && Set.of(Policy.after, Policy.always).contains(journey.reentryPolicy())) {
            journey.allTiles().forEach(this::checkRound);
        }
        if (journey.limits() != null) {
            new LimitsCheck(journey.limits(), findings).check();
        }
    }

    /** What a tile records may let its contact in once more, and so on. */
    private void checkRound(String id, Tile tile) {
        var recorded = switch (tile) {
            case Emit emit -> emit.interaction();
            case UpdateContact _ -> RecordInteractions.UPDATED;
            case CreateLead _ -> RecordInteractions.CREATED;
            default -> null;
        };
        if (recorded != null && recorded.equals(journey.triggerType())) {
            findings.warning(
                    id,
                    DocumentProblem.tilePointer(id),
                    "lets-in-again",
                    "What this tile does is a " + recorded
                            + ", which lets contacts into this very journey; see that the"
                            + " filter of the audience leaves it out, or they go round for ever");
        }
    }

    private void check(Reentry reentry, boolean triggered) {
        var policy = journey.reentryPolicy();
        if (policy == Policy.after
                && (reentry.duration() == null || reentry.duration().isZero())) {
            findings.error(
                    "/reentry/duration", "missing-duration", "Say after how long a contact may enter again, like P30D");
        }
        if (policy == Policy.always && !triggered) {
            findings.error(
                    "/reentry/policy",
                    "always-needs-interaction",
                    "Only an interaction lets a contact in as often as it comes; `after` would fit an audience of segments");
        }
        if (policy == Policy.recurring) {
            checkRecurrence(reentry, triggered);
        }
        refuse(reentry.duration(), policy != Policy.after, "duration", "after");
        refuse(reentry.since(), policy != Policy.after, "since", "after");
        refuse(reentry.bindingKey(), policy != Policy.always, "bindingKey", "always");
        refuse(reentry.interval(), policy != Policy.recurring, "interval", "recurring");
        refuse(reentry.count(), policy != Policy.recurring, "count", "recurring");
    }

    private void checkRecurrence(Reentry reentry, boolean triggered) {
        if (triggered) {
            findings.error(
                    "/reentry/policy",
                    "recurring-needs-segments",
                    "An iteration lets members of segments in; an interaction may let in `always` or `after` a time");
        }
        var start = journey.startsAt(zone);
        var interval = reentry.interval();
        var count = reentry.count();
        if (interval == null) {
            findings.error("/reentry/interval", "missing-interval", "Say how long an iteration is, like P1M or P7D");
        } else if (interval.after(now, zone).isBefore(now.plus(LEAST_INTERVAL))) {
            findings.error(
                    "/reentry/interval", "interval-too-short", "An iteration is an hour long at least, like PT1H");
        }
        if (count == null) {
            findings.error("/reentry/count", "missing-count", "Say how many iterations there are, like 12");
        } else if (count < 1 || count > MOST_ITERATIONS) {
            findings.error("/reentry/count", "out-of-range", "There may be 1 to " + MOST_ITERATIONS + " iterations");
        } else if (interval != null) {
            checkDates(interval, count, start == null ? now : start);
        }
    }

    private void checkDates(Span interval, int count, Instant first) {
        var last = interval.after(first, count - 1, zone);
        var end = journey.endsAt(zone);
        if (last.isAfter(first.plus(LONGEST))) {
            findings.error("/reentry/count", "out-of-range", "The last iteration would begin in more than a century");
        } else if (end != null && !last.isBefore(end)) {
            findings.error(
                    "/reentry/count",
                    "iterations-after-end",
                    "The last iteration would begin " + last.atZone(zone).toLocalDateTime()
                            + ", and the journey ends " + end.atZone(zone).toLocalDateTime()
                            + "; fewer iterations, or a later end, would fit");
        } else if (count > 1 && !interval.after(first, 1, zone).isAfter(now)) {
            findings.warning(
                    null,
                    "/schedule/start",
                    "iterations-in-the-past",
                    "Iterations that were due before now are not made up for; the latest of them is the first to begin");
        }
    }

    private void refuse(@Nullable Object value, boolean unfitting, String field, String policy) {
        if (value != null && unfitting) {
            findings.error(
                    "/reentry/" + field,
                    "unfitting-" + field,
                    "`" + field + "` has a meaning with the policy `" + policy + "` only");
        }
    }
}
