package sojourn.app.journeys;

import org.jspecify.annotations.Nullable;
import sojourn.workflows.journeys.JourneyDocument;
import sojourn.workflows.journeys.JourneyDocument.Policy;
import sojourn.workflows.journeys.JourneyDocument.Reentry;

/** Whether a document says in one way who enters, and how often. */
final class EntryCheck {

    private final JourneyDocument journey;
    private final Findings findings;

    EntryCheck(JourneyDocument journey, Findings findings) {
        this.journey = journey;
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
        refuse(reentry.duration(), policy != Policy.after, "duration", "after");
        refuse(reentry.since(), policy != Policy.after, "since", "after");
        refuse(reentry.bindingKey(), policy != Policy.always, "bindingKey", "always");
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
