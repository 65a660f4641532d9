package sojourn.app.delivery;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import sojourn.app.delivery.Passages.VisitEnd;
import sojourn.app.interactions.OwnInteractions;
import sojourn.app.interactions.OwnInteractions.Own;

/**
 * The last step of a delivery: its state, the end of the run's visit and the facts, all in the caller's transaction,
 * which holds the run's lock. Does nothing when the delivery is no longer where the caller left it.
 */
final class Endings {

    private final Passages passages;
    private final OwnInteractions interactions;
    private final InstantSource clock;

    Endings(Passages passages, OwnInteractions interactions, InstantSource clock) {
        this.passages = passages;
        this.interactions = interactions;
        this.clock = clock;
    }

    void sent(Handle handle, Delivery delivery) {
        end(
                handle,
                delivery,
                Delivery.SENT,
                null,
                new VisitEnd.Processed(Delivery.SENT, null),
                fact(delivery, "sent", "EmailSent", null));
    }

    /** The server refused the recipient: that counts as sent and bounced. */
    void bounced(Handle handle, Delivery delivery, String bounce) {
        var type = switch (bounce) {
            case "soft" -> "EmailSoftBounced";
            case "block" -> "EmailBlockBounced";
            default -> "EmailHardBounced";
        };
        end(
                handle,
                delivery,
                Delivery.BOUNCED,
                bounce,
                new VisitEnd.Processed(Delivery.BOUNCED, bounce),
                fact(delivery, "sent", "EmailSent", null),
                fact(delivery, "bounced", type, null));
    }

    void unconfirmed(Handle handle, Delivery delivery) {
        end(
                handle,
                delivery,
                Delivery.UNCONFIRMED,
                null,
                new VisitEnd.Processed(Delivery.UNCONFIRMED, null),
                fact(delivery, "unconfirmed", "EmailUnconfirmed", null));
    }

    void blocked(Handle handle, Delivery delivery, BlockedReason reason) {
        end(
                handle,
                delivery,
                Delivery.BLOCKED,
                reason.slug(),
                new VisitEnd.Processed(Delivery.BLOCKED, reason.slug()),
                fact(delivery, "blocked", "EmailBlocked", reason.slug()));
    }

    /** Ends a delivery in any way; a null {@code end} leaves the run alone. */
    void end(
            Handle handle,
            Delivery delivery,
            String state,
            @Nullable String reason,
            @Nullable VisitEnd end,
            Own... facts) {
        var dao = handle.attach(DeliveryDao.class);
        if (!dao.end(delivery.id(), delivery.state(), delivery.attempt(), state, reason, clock.instant())) {
            return;
        }
        interactions.record(handle, List.of(facts));
        // A run that was closed meanwhile has no visit to end; what was sent was sent all the same.
        if (end != null
                && passages.lock(handle, delivery.runId(), delivery.visit()).isPresent()) {
            passages.leave(handle, delivery.runId(), delivery.visit(), end);
        }
    }

    private Own fact(Delivery delivery, String what, String type, @Nullable String reason) {
        return delivery.fact(what, type, clock.instant(), reason == null ? Map.of() : Map.of("reason", reason));
    }
}
