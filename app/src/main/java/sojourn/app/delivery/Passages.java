package sojourn.app.delivery;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import sojourn.app.interactions.OwnInteractions.Own;
import sojourn.workflows.journeys.AbTest;
import sojourn.workflows.journeys.Next;
import sojourn.workflows.journeys.SendingTile;

/** What delivery asks of the run it sends for. Journeys answer, inside the caller's transaction unless said otherwise. */
public interface Passages {

    /** Locks the run's row until the caller's transaction ends. */
    Passage lock(Handle handle, UUID run, int visit);

    /**
     * What keeps the run from sending. Asked again after the hand-over was committed, in a transaction of its own, so that
     * whatever was committed before is seen.
     */
    Hindrance hindrance(Handle handle, UUID run);

    /** What the run is to do now, in transactions of its own: looks back for what has happened meanwhile. */
    Next next(UUID run, int visit);

    /** A locked run as one of its visits finds it; good within the transaction that locked it. */
    interface Passage {

        /** What the visit wants sent; empty when the run is closed or has moved on. */
        Optional<Sending> sending();

        /** What keeps the run from sending. */
        Hindrance hindrance();

        /**
         * Has the run wait until the visit's message may be sent ({@link Sending#waitsUntil}).
         *
         * @return what the run is to do after the commit; empty when {@link #next} must look
         */
        Optional<Next> putOff();

        /**
         * Ends the visit and goes on through the tiles that only compute. When the run is closed or has moved on there
         * is no visit to end: what was sent was sent all the same, so the facts are recorded in any case.
         *
         * @return what the run is to do after the commit; empty when {@link #next} must look
         */
        Optional<Next> leave(VisitEnd end, List<Own> facts);
    }

    /**
     * What keeps a run from sending, if anything does.
     *
     * @param mustStop why it must end now (a stop reason such as {@code exit-interaction}); null when it need not
     * @param paused whether its journey is paused
     */
    record Hindrance(@Nullable String mustStop, boolean paused) {}

    /**
     * What a visit of a sending tile wants.
     *
     * @param tile its id in the journey's document, {@code what} the tile itself
     * @param variant of the test that the tile is; null of other tiles
     * @param purpose of the journey
     * @param waitsUntil when the tile's send window opens; null when the message may be sent now
     * @param trigger what the interaction says that let the run in; empty when none did
     */
    record Sending(
            UUID run,
            long contactId,
            int visit,
            String journey,
            int version,
            String tile,
            int pass,
            SendingTile what,
            AbTest.@Nullable Variant variant,
            String purpose,
            @Nullable Instant expiresAt,
            @Nullable Instant waitsUntil,
            Instant runEnteredAt,
            Instant tileEnteredAt,
            Map<String, Object> trigger) {

        /** Of the message; null when the tile itself says what is sent. */
        @Nullable
        public String message() {
            return what.message();
        }
    }

    /** How a visit of a sending tile ended. */
    sealed interface VisitEnd {
        /** The run goes on; {@code outcome} is the delivery's state: sent, blocked, unconfirmed, bounced, failed. */
        record Processed(String outcome, @Nullable String reason) implements VisitEnd {}

        /** The message waited past its expiry; the run goes on. */
        record Expired() implements VisitEnd {}

        /** The run ends here because it must stop (a stop reason). */
        record Stopped(String reason) implements VisitEnd {}

        /** The tile can never succeed; the run fails. */
        record Failed(String reason) implements VisitEnd {}
    }
}
