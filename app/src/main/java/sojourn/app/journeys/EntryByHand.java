package sojourn.app.journeys;

import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.contacts.Contacts;
import sojourn.app.platform.Loop;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemType;
import sojourn.app.platform.Transactions;

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
    UUID enter(Journey journey, String contact) {
        var run = Transactions.in(jdbi, handle -> {
            var id = contacts.resolve(handle, contact)
                    .orElseThrow(
                            () -> Problem.invalid("/contact", "unknown-contact", "There is no contact " + contact));
            if (journey.version() == null) {
                throw notLive(journey);
            }
            var version = versions.get(handle, journey.number(), journey.version());
            var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
            var entered = enrolment.enter(handle, version, List.of(id), now, Enrolment.BY_API);
            if (entered.isEmpty()) {
                throw refusal(handle, journey, version, id);
            }
            return entered.getFirst().id();
        });
        starter.kick();
        return run;
    }

    /** What keeps a contact out that was not let in. */
    static Problem refusal(Handle handle, Journey journey, LiveVersion version, long contact) {
        var state = handle.select("select state from contact where id = ?", contact)
                .mapTo(String.class)
                .one();
        if (!handle.attach(JourneyDao.class).get(journey.number()).state().equals(JourneyState.live)) {
            return notLive(journey);
        }
        if (!state.equals("active")) {
            return new Problem(ProblemType.INACTIVE, "The contact is " + state);
        }
        if (version.suppression() != null && isIn(handle, contact, List.of(version.suppression()))) {
            return new Problem(
                    ProblemType.SUPPRESSED,
                    "The contact is in '" + version.document().suppressionSegment() + "'");
        }
        if (isIn(handle, contact, version.excluded())) {
            return new Problem(
                    ProblemType.EXCLUDED,
                    "The contact is in one of " + version.document().excluded());
        }
        return new Problem(
                ProblemType.ALREADY_ENTERED,
                "The contact has entered '" + journey.key() + "', "
                        + switch (version.document().reentryPolicy()) {
                            case never -> "which lets everyone in once";
                            case after -> "which lets nobody in again so soon";
                            case always -> "and the run is still going on";
                        });
    }

    private static boolean isIn(Handle handle, long contact, List<Integer> segments) {
        return handle.createQuery("""
                        select exists (select 1 from membership where contact_id = :contact and segment_id = any(:segments))
                        """)
                .bind("contact", contact)
                .bindArray("segments", Integer.class, segments)
                .mapTo(Boolean.class)
                .one();
    }

    private static Problem notLive(Journey journey) {
        return new Problem(
                ProblemType.NOT_LIVE,
                "'" + journey.key() + "' is " + journey.state() + "; only a live journey lets contacts in");
    }
}
