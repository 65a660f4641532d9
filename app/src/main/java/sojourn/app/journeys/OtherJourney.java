package sojourn.app.journeys;

import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import sojourn.workflows.journeys.Done;
import sojourn.workflows.journeys.StartJourney;

/** Lets a contact into another journey, because a tile says so: exclusion, suppression and re-entry apply there. */
final class OtherJourney {

    /** As for paths that come back to where they were: so that no chain of journeys runs round within an instant. */
    private static final Duration LEAST_ROUND = Duration.ofMinutes(1);

    private final LiveVersions versions;
    private final Enrolment enrolment;

    OtherJourney(LiveVersions versions, Enrolment enrolment) {
        this.versions = versions;
        this.enrolment = enrolment;
    }

    /** Keeps a journey from being stopped or edited until the transaction ends. */
    static void hold(Handle handle, StartJourney tile) {
        handle.select("select id from journey where key = ? for share", tile.journey())
                .mapTo(Integer.class)
                .list();
    }

    Done start(Handle handle, TileEffects.At at, StartJourney tile) {
        var journeys = handle.attach(JourneyDao.class);
        var journey =
                journeys.idOf(String.valueOf(tile.journey())).map(journeys::get).orElse(null);
        if (journey == null || journey.version() == null) {
            return Done.refused("not-live", "The journey '" + tile.journey() + "' is not live");
        }
        if (goesRound(handle, at, journey.number())) {
            return Done.refused("loop", "A run of '" + journey.key() + "' led here less than a minute ago");
        }
        var version = versions.get(handle, journey.number(), journey.version());
        var contact = at.run().contactId();
        var entered = enrolment.enter(handle, version, List.of(contact), at.now(), Enrolment.BY_JOURNEY);
        if (entered.isEmpty()) {
            var why = EntryByHand.refusal(handle, version, contact, at.now());
            return Done.refused(why.type().slug(), String.valueOf(why.getMessage()));
        }
        remember(handle, at, entered.getFirst().id());
        return Done.of(StartJourney.ENTERED, "entered '" + journey.key() + "'");
    }

    private static void remember(Handle handle, TileEffects.At at, UUID started) {
        handle.execute(
                "insert into run_start (run_id, contact_id, visit, started) values (?, ?, ?, ?)",
                at.run().id(),
                at.run().contactId(),
                at.visit().no(),
                started);
    }

    /** Whether this run, or one of those that led to it, is of the journey and has only just begun. */
    private static boolean goesRound(Handle handle, TileEffects.At at, int journey) {
        return handle.createQuery("""
                        with recursive chain as (
                            select id, journey_id, entered_at from run where id = :run
                            union
                            select r.id, r.journey_id, r.entered_at
                            from chain c join run_start s on s.started = c.id join run r on r.id = s.run_id
                            where r.entered_at > :since)
                        select exists (select from chain where journey_id = :journey and entered_at > :since)
                        """)
                .bind("run", at.run().id())
                .bind("journey", journey)
                .bind("since", at.now().minus(LEAST_ROUND))
                .mapTo(Boolean.class)
                .one();
    }
}
