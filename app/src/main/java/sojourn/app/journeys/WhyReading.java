package sojourn.app.journeys;

import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.jdbi.v3.core.Handle;
import sojourn.app.contacts.Contact;
import sojourn.app.contacts.Contacts;
import sojourn.app.journeys.EntrySeen.EntryRole;
import sojourn.app.journeys.Why.EntryAnswer;
import sojourn.app.journeys.Why.EntryOutcome;
import sojourn.app.platform.Problem;

/** Says why a contact did or did not get into a journey, all of one moment when the caller's transaction is. */
final class WhyReading {

    static final int MOST_RUNS = 100;

    private final InstantSource clock;
    private final Contacts contacts;
    private final LiveVersions versions;
    private final EntryByTrigger triggers;
    private final RunReading runs;

    WhyReading(
            InstantSource clock, Contacts contacts, LiveVersions versions, EntryByTrigger triggers, RunReading runs) {
        this.clock = clock;
        this.contacts = contacts;
        this.versions = versions;
        this.triggers = triggers;
        this.runs = runs;
    }

    Why why(Handle handle, String key, String reference) {
        var journeys = handle.attach(JourneyDao.class);
        var journey = journeys.idOf(key).map(journeys::get).orElseThrow(() -> Problem.notFound("journey", key));
        var id = contacts.resolve(handle, reference).orElseThrow(() -> Contacts.unknown(reference));
        var contact = contacts.find(handle, id).orElseThrow(() -> Contacts.unknown(reference));
        return journey.version() == null
                ? neverLive(journey, contact)
                : why(handle, versions.get(handle, journey.number(), journey.version()), contact);
    }

    private static Why neverLive(Journey journey, Contact contact) {
        var hurdle = EntryVerdict.notLive(journey.key(), journey.state());
        var entry = new EntryAnswer(EntryOutcome.KEPT_OUT, hurdle.code(), hurdle.detail(), null);
        return new Why(contact.uuid(), contact.externalId(), entry, List.of(hurdle), List.of(), List.of());
    }

    private Why why(Handle handle, LiveVersion version, Contact contact) {
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var latest = version.document().trigger() == null
                ? null
                : triggers.latest(handle, version, contact.id()).orElse(null);
        var verdict = EntryVerdict.of(handle, version, contact.id(), latest, now);
        var passages = runs.latest(handle, version.journeyId(), contact.id(), MOST_RUNS);
        var messages = new MessageVerdicts(
                        version,
                        number -> versions.get(handle, version.journeyId(), number)
                                .document(),
                        passages)
                .all();
        return new Why(
                contact.uuid(),
                contact.externalId(),
                entry(version, verdict, !passages.isEmpty()),
                verdict.hurdles(),
                passages,
                messages);
    }

    private static EntryAnswer entry(LiveVersion version, EntryVerdict verdict, boolean hasRuns) {
        var seen = verdict.seen();
        var failing = verdict.failing().orElse(null);
        var code = failing == null ? null : failing.code();
        if (failing != null && code == EntryHurdle.LIMIT) {
            return new EntryAnswer(EntryOutcome.WAITING, code, failing.detail(), seen);
        }
        if (seen.enteredAt() == null && !hasRuns) {
            return failing == null
                    ? new EntryAnswer(
                            EntryOutcome.MAY_ENTER,
                            null,
                            "Nothing keeps the contact out: it enters " + how(version, seen),
                            seen)
                    : new EntryAnswer(EntryOutcome.KEPT_OUT, code, failing.detail(), seen);
        }
        var detail = failing == null
                ? "The contact has entered, and may enter again " + how(version, seen)
                : code == EntryHurdle.ALREADY_ENTERED
                        ? failing.detail()
                        : "The contact has entered, and may not enter again now: " + failing.detail();
        return new EntryAnswer(EntryOutcome.ENTERED, code, detail, seen);
    }

    /** What it takes, since nobody enters without a cause. */
    private static String how(LiveVersion version, EntrySeen seen) {
        if (version.document().trigger() != null) {
            return "with its next " + version.document().triggerType();
        }
        if (seen.nextIterationAt() != null && !seen.in(EntryRole.audience).isEmpty() && !seen.paging()) {
            return "when the next iteration begins, at " + seen.nextIterationAt()
                    + ", or when it joins the audience next";
        }
        return seen.paging() && !seen.in(EntryRole.audience).isEmpty()
                ? "when its turn among the members of the audience comes"
                : "when it joins the audience next";
    }
}
