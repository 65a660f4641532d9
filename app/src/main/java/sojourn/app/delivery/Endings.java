package sojourn.app.delivery;

import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import sojourn.app.delivery.Passages.Passage;
import sojourn.app.delivery.Passages.VisitEnd;
import sojourn.app.interactions.OwnInteractions.Own;
import sojourn.workflows.journeys.Next;

/**
 * The last step of a delivery: its state, the end of the run's visit and the facts, all in the caller's transaction,
 * which holds the run's lock. Each answers what the run is to do after the commit, empty when the run must be asked; and
 * does nothing when the delivery is no longer where the caller left it.
 */
final class Endings {

    private final InstantSource clock;

    Endings(InstantSource clock) {
        this.clock = clock;
    }

    Optional<Next> sent(Handle handle, Passage passage, Delivery delivery) {
        return end(
                handle,
                passage,
                delivery,
                Delivery.SENT,
                null,
                new VisitEnd.Processed(Delivery.SENT, null),
                fact(delivery, "sent", "Sent", null));
    }

    /** The provider refused the recipient: that counts as sent and bounced. */
    Optional<Next> bounced(Handle handle, Passage passage, Delivery delivery, String bounce) {
        var type = switch (bounce) {
            case "soft" -> "SoftBounced";
            case "block" -> "BlockBounced";
            default -> "HardBounced";
        };
        return end(
                handle,
                passage,
                delivery,
                Delivery.BOUNCED,
                bounce,
                new VisitEnd.Processed(Delivery.BOUNCED, bounce),
                fact(delivery, "sent", "Sent", null),
                fact(delivery, "bounced", type, null));
    }

    Optional<Next> unconfirmed(Handle handle, Passage passage, Delivery delivery) {
        return end(
                handle,
                passage,
                delivery,
                Delivery.UNCONFIRMED,
                null,
                new VisitEnd.Processed(Delivery.UNCONFIRMED, null),
                fact(delivery, "unconfirmed", "Unconfirmed", null));
    }

    /** What may have arrived was tried, whatever forbids it now. */
    Optional<Next> blocked(Handle handle, Passage passage, Delivery delivery, BlockedReason reason) {
        if (delivery.uncertain()) {
            return unconfirmed(handle, passage, delivery);
        }
        return end(
                handle,
                passage,
                delivery,
                Delivery.BLOCKED,
                reason.slug(),
                new VisitEnd.Processed(Delivery.BLOCKED, reason.slug()),
                fact(delivery, "blocked", "Blocked", reason.slug()));
    }

    /** Ends a delivery in any way. */
    Optional<Next> end(
            Handle handle,
            Passage passage,
            Delivery delivery,
            String state,
            @Nullable String reason,
            VisitEnd end,
            Own... facts) {
        return close(handle, delivery, state, reason) ? passage.leave(end, List.of(facts)) : Optional.empty();
    }

    /** Calls a delivery off whose run has been closed. */
    void cancel(Handle handle, Delivery delivery) {
        close(handle, delivery, Delivery.CANCELLED, null);
    }

    private boolean close(Handle handle, Delivery delivery, String state, @Nullable String reason) {
        var nobodyKnows = delivery.uncertain() && (state.equals(Delivery.CANCELLED) || state.equals(Delivery.EXPIRED));
        return new DeliveryRows(handle)
                .end(delivery, nobodyKnows ? Delivery.UNCONFIRMED : state, reason, clock.instant());
    }

    private Own fact(Delivery delivery, String what, String type, @Nullable String reason) {
        return delivery.fact(
                what, delivery.type(type), clock.instant(), reason == null ? Map.of() : Map.of("reason", reason));
    }
}
