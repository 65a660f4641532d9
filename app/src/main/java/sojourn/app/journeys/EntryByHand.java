package sojourn.app.journeys;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.contacts.Contacts;
import sojourn.app.platform.Loop;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemType;
import sojourn.app.platform.Transactions;
import sojourn.app.security.AuditLog;
import sojourn.app.security.Deed;

/** Enters one contact because somebody says so: exclusion, suppression and state apply, the audience does not. */
final class EntryByHand {

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final Contacts contacts;
    private final LiveVersions versions;
    private final Enrolment enrolment;
    private final Loop starter;

    EntryByHand(
            Jdbi jdbi,
            InstantSource clock,
            Contacts contacts,
            LiveVersions versions,
            Enrolment enrolment,
            Loop starter) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.contacts = contacts;
        this.versions = versions;
        this.enrolment = enrolment;
        this.starter = starter;
    }

    /** The new run, or a problem that says what keeps the contact out. */
    UUID enter(Journey journey, String contact, Deed deed) {
        var run = Transactions.in(jdbi, handle -> {
            var id = contacts.resolve(handle, contact)
                    .orElseThrow(() -> Problem.invalid("/contact", "unknown-contact", Contacts.notThere(contact)));
            if (journey.version() == null) {
                throw problem(EntryVerdict.notLive(journey.key(), journey.state()));
            }
            var version = versions.get(handle, journey.number(), journey.version());
            var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
            var entered = enrolment.enter(handle, version, List.of(id), now, Enrolment.BY_API);
            if (entered.isEmpty()) {
                throw refusal(handle, version, id, now);
            }
            var made = entered.getFirst().id();
            var who = handle.select("select uuid from contact where id = ?", id)
                    .mapTo(UUID.class)
                    .one();
            AuditLog.note(
                    handle,
                    now,
                    deed,
                    new AuditLog.Done("entered", "run", made.toString(), who, Map.of("journey", journey.key())));
            return made;
        });
        starter.kick();
        return run;
    }

    /** What keeps a contact out that was not let in at an instant. */
    static Problem refusal(Handle handle, LiveVersion version, long contact, Instant at) {
        return EntryVerdict.byHand(handle, version, contact, at)
                .failing()
                .map(EntryByHand::problem)
                .orElseGet(() -> new Problem(
                        ProblemType.ALREADY_ENTERED, "The contact has entered '" + version.key() + "' just now"));
    }

    private static Problem problem(EntryVerdict.Hurdle hurdle) {
        var type = switch (hurdle.code()) {
            case NOT_LIVE -> ProblemType.NOT_LIVE;
            case TOTAL_REACHED -> ProblemType.TOTAL_REACHED;
            case INACTIVE -> ProblemType.INACTIVE;
            case SUPPRESSED -> ProblemType.SUPPRESSED;
            case EXCLUDED -> ProblemType.EXCLUDED;
            case ALREADY_ENTERED, TOO_SOON -> ProblemType.ALREADY_ENTERED;
            case NOT_IN_AUDIENCE, NO_INTERACTION, LIMIT ->
                throw new IllegalStateException("Entry by hand asks for no audience, and waits for no turn");
        };
        return new Problem(type, hurdle.detail());
    }
}
