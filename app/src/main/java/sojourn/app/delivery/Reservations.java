package sojourn.app.delivery;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Contacts;
import sojourn.app.contacts.Erasure;
import sojourn.app.delivery.Passages.Passage;
import sojourn.app.delivery.Passages.Sending;
import sojourn.app.delivery.Passages.VisitEnd;
import sojourn.app.messages.LiveMessage;
import sojourn.app.messages.Messages;
import sojourn.app.platform.Transactions;
import sojourn.workflows.journeys.Next;

/**
 * The first step of a delivery: reserves it before anything is sent, or ends the visit when there is nothing to send.
 * A later attempt finds the reservation and learns how far an earlier one came.
 */
final class Reservations<M> {

    /** What an attempt finds. */
    sealed interface Found<M> {
        /** Nothing is left to do: the visit has ended, now or before. What the run is to do next, if that is known. */
        record Over<M>(Optional<Next> next) implements Found<M> {}

        /** Another attempt is handing over, until then at least. */
        record Busy<M>(Instant until) implements Found<M> {}

        /**
         * A message to hand over.
         *
         * @param to the contact point
         * @param purpose of the message, null when it goes to no person
         */
        record Ready<M>(
                Delivery delivery,
                String to,
                M message,
                List<Link> links,
                @Nullable String purpose) implements Found<M> {}
    }

    private final Jdbi jdbi;
    private final Passages passages;
    private final Contacts contacts;
    private final Messages messages;
    private final Permission permission;
    private final Writer<M> writer;
    private final boolean repeats;
    private final Endings endings;
    private final InstantSource clock;

    /** @param repeats whether what may have arrived is handed over again: {@link Sender#receiversKnowRepeats} */
    Reservations(
            Jdbi jdbi,
            Passages passages,
            Contacts contacts,
            Messages messages,
            Permission permission,
            Writer<M> writer,
            boolean repeats,
            Endings endings,
            InstantSource clock) {
        this.jdbi = jdbi;
        this.passages = passages;
        this.contacts = contacts;
        this.messages = messages;
        this.permission = permission;
        this.writer = writer;
        this.repeats = repeats;
        this.endings = endings;
        this.clock = clock;
    }

    Found<M> find(UUID run, int visit) {
        return Transactions.in(jdbi, handle -> {
            Erasure.holdOff(handle);
            var passage = passages.lock(handle, run, visit);
            var sending = passage.sending();
            var delivery = new DeliveryRows(handle).lock(run, visit);
            return sending.isPresent()
                    ? find(handle, passage, sending.get(), delivery.orElse(null))
                    : withoutRun(handle, passage, delivery.orElse(null));
        });
    }

    private Found<M> find(Handle handle, Passage passage, Sending sending, @Nullable Delivery delivery) {
        if (delivery == null || delivery.state().equals(Delivery.RESERVED)) {
            return reserved(handle, passage, sending, delivery);
        }
        if (!delivery.state().equals(Delivery.HANDING_OVER)) {
            throw new IllegalStateException(
                    "Delivery " + delivery.id() + " is " + delivery.state() + " but its run is still at the tile");
        }
        if (repeats && !isBusy(delivery)) {
            var rows = new DeliveryRows(handle);
            rows.giveBackUncertain(delivery);
            return reserved(
                    handle,
                    passage,
                    sending,
                    rows.lock(delivery.runId(), delivery.visit()).orElseThrow());
        }
        return handingOver(handle, passage, delivery);
    }

    /** The run was closed while the delivery waited. */
    private Found<M> withoutRun(Handle handle, Passage passage, @Nullable Delivery delivery) {
        if (delivery == null) {
            return new Found.Over<>(Optional.empty());
        }
        return switch (delivery.state()) {
            case Delivery.RESERVED -> {
                endings.cancel(handle, delivery);
                yield new Found.Over<>(Optional.empty());
            }
            case Delivery.HANDING_OVER -> handingOver(handle, passage, delivery);
            default -> new Found.Over<>(Optional.empty());
        };
    }

    /** An earlier attempt got as far as handing over and has not come back. */
    private Found<M> handingOver(Handle handle, Passage passage, Delivery delivery) {
        var until = delivery.leasedUntil();
        return until != null && isBusy(delivery)
                ? new Found.Busy<>(until)
                : new Found.Over<>(endings.unconfirmed(handle, passage, delivery));
    }

    private boolean isBusy(Delivery delivery) {
        var until = delivery.leasedUntil();
        return until != null && clock.instant().isBefore(until);
    }

    private Found<M> reserved(Handle handle, Passage passage, Sending sending, @Nullable Delivery known) {
        var hindrance = passage.hindrance();
        if (hindrance.mustStop() != null) {
            return over(handle, passage, known, Delivery.CANCELLED, null, new VisitEnd.Stopped(hindrance.mustStop()));
        }
        var message = sending.message() == null ? null : message(handle, sending, sending.message(), known);
        if (message == null && sending.message() != null) {
            return over(
                    handle,
                    passage,
                    known,
                    Delivery.FAILED,
                    "message-not-live",
                    new VisitEnd.Failed("message-not-live"));
        }
        var contact = contacts.find(handle, sending.contactId()).orElseThrow();
        var contactPoint = writer.contactPoint(sending, contact);
        var delivery = known != null
                ? known
                : new DeliveryRows(handle)
                        .reserve(sending, message == null ? null : message.version(), contactPoint, clock.instant());
        if (sending.expiresAt() != null && !clock.instant().isBefore(sending.expiresAt())) {
            return over(handle, passage, delivery, Delivery.EXPIRED, null, new VisitEnd.Expired());
        }
        if (sending.waitsUntil() != null || hindrance.paused()) {
            return new Found.Over<>(passage.putOff());
        }
        var purpose = message == null ? null : message.purpose();
        var refusal = permission.refusal(handle, contact.id(), contactPoint, purpose);
        if (refusal.isPresent()) {
            return new Found.Over<>(endings.blocked(handle, passage, delivery, refusal.get()));
        }
        return switch (writer.write(new Writer.Order(delivery, sending, message, contact))) {
            case Writer.Written.Blocked<M>(var reason) ->
                new Found.Over<>(endings.blocked(handle, passage, delivery, reason));
            case Writer.Written.Ready<M>(var to, var written, var links) ->
                new Found.Ready<>(delivery, to, written, links, purpose);
        };
    }

    private @Nullable LiveMessage message(Handle handle, Sending sending, String key, @Nullable Delivery known) {
        var version = known == null ? null : known.messageVersion();
        var variant = sending.variant();
        return (version == null ? messages.live(handle, key) : messages.version(handle, key, version))
                .map(message -> variant == null
                        ? message
                        : message.reworded(variant.subject(), variant.preheader(), variant.from()))
                .orElse(null);
    }

    private Found<M> over(
            Handle handle,
            Passage passage,
            @Nullable Delivery delivery,
            String state,
            @Nullable String reason,
            VisitEnd end) {
        return new Found.Over<>(
                delivery == null
                        ? passage.leave(end, List.of())
                        : endings.end(handle, passage, delivery, state, reason, end));
    }
}
