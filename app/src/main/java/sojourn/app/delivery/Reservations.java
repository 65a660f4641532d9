package sojourn.app.delivery;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Contact;
import sojourn.app.contacts.Contacts;
import sojourn.app.contacts.Erasure;
import sojourn.app.delivery.Passages.Passage;
import sojourn.app.delivery.Passages.Sending;
import sojourn.app.delivery.Passages.VisitEnd;
import sojourn.app.messages.LiveMessage;
import sojourn.app.messages.Messages;
import sojourn.app.platform.Transactions;
import sojourn.workflows.journeys.Instruction;

/**
 * The first step of a delivery: reserves it before anything is sent, or ends the visit when there is nothing to send.
 * A later attempt finds the reservation and learns how far an earlier one came.
 */
final class Reservations {

    /** What an attempt finds. */
    sealed interface Found {
        /** Nothing is left to do: the visit has ended, now or before. What the run is to do next, if that is known. */
        record Over(Optional<Instruction> next) implements Found {}

        /** Another attempt is handing over, until then at least. */
        record Busy(Instant until) implements Found {}

        /** An email to hand over. */
        record Ready(Delivery delivery, Email email, List<Link> links, String purpose) implements Found {}
    }

    private final Jdbi jdbi;
    private final Passages passages;
    private final Contacts contacts;
    private final Messages messages;
    private final Consents consents;
    private final DoNotContact doNotContact;
    private final EmailWriter writer;
    private final Endings endings;
    private final InstantSource clock;

    Reservations(
            Jdbi jdbi,
            Passages passages,
            Contacts contacts,
            Messages messages,
            Consents consents,
            DoNotContact doNotContact,
            EmailWriter writer,
            Endings endings,
            InstantSource clock) {
        this.jdbi = jdbi;
        this.passages = passages;
        this.contacts = contacts;
        this.messages = messages;
        this.consents = consents;
        this.doNotContact = doNotContact;
        this.writer = writer;
        this.endings = endings;
        this.clock = clock;
    }

    Found find(UUID run, int visit) {
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

    private Found find(Handle handle, Passage passage, Sending sending, @Nullable Delivery delivery) {
        if (delivery != null && delivery.state().equals(Delivery.HANDING_OVER)) {
            return handingOver(handle, passage, delivery);
        }
        if (delivery != null && !delivery.state().equals(Delivery.RESERVED)) {
            throw new IllegalStateException(
                    "Delivery " + delivery.id() + " is " + delivery.state() + " but its run is still at the tile");
        }
        return reserved(handle, passage, sending, delivery);
    }

    /** The run was closed while the delivery waited. */
    private Found withoutRun(Handle handle, Passage passage, @Nullable Delivery delivery) {
        if (delivery == null) {
            return new Found.Over(Optional.empty());
        }
        return switch (delivery.state()) {
            case Delivery.RESERVED -> {
                endings.cancel(handle, delivery);
                yield new Found.Over(Optional.empty());
            }
            case Delivery.HANDING_OVER -> handingOver(handle, passage, delivery);
            default -> new Found.Over(Optional.empty());
        };
    }

    /** An earlier attempt got as far as handing over and has not come back. */
    private Found handingOver(Handle handle, Passage passage, Delivery delivery) {
        var until = delivery.leasedUntil();
        if (until != null && clock.instant().isBefore(until)) {
            return new Found.Busy(until);
        }
        return new Found.Over(endings.unconfirmed(handle, passage, delivery));
    }

    private Found reserved(Handle handle, Passage passage, Sending sending, @Nullable Delivery known) {
        var stop = passage.mustStop();
        if (stop.isPresent()) {
            return over(handle, passage, known, Delivery.CANCELLED, null, new VisitEnd.Stopped(stop.get()));
        }
        var message = known == null
                ? messages.live(handle, sending.message())
                : messages.version(handle, known.message(), known.messageVersion());
        if (message.isEmpty()) {
            return over(
                    handle,
                    passage,
                    known,
                    Delivery.FAILED,
                    "message-not-live",
                    new VisitEnd.Failed("message-not-live"));
        }
        var contact = contacts.find(handle, sending.contactId()).orElseThrow();
        var delivery = known != null
                ? known
                : new DeliveryRows(handle).reserve(sending, message.get().version(), contact.email(), clock.instant());
        if (sending.expiresAt() != null && !clock.instant().isBefore(sending.expiresAt())) {
            return over(handle, passage, delivery, Delivery.EXPIRED, null, new VisitEnd.Expired());
        }
        var forbidden = forbidden(handle, contact, message.get());
        if (forbidden.isPresent()) {
            return new Found.Over(endings.blocked(handle, passage, delivery, forbidden.get()));
        }
        return switch (writer.write(delivery.id(), message.get(), sending.journey(), contact)) {
            case EmailWriter.Result.Blocked(var reason) ->
                new Found.Over(endings.blocked(handle, passage, delivery, reason));
            case EmailWriter.Result.Written(var email, var links) ->
                new Found.Ready(delivery, email, links, message.get().purpose());
        };
    }

    private Found over(
            Handle handle,
            Passage passage,
            @Nullable Delivery delivery,
            String state,
            @Nullable String reason,
            VisitEnd end) {
        return new Found.Over(
                delivery == null
                        ? passage.leave(end, List.of())
                        : endings.end(handle, passage, delivery, state, reason, end));
    }

    private Optional<BlockedReason> forbidden(Handle handle, Contact contact, LiveMessage message) {
        var contactPoint = contact.email();
        if (contactPoint == null) {
            return Optional.empty();
        }
        if (doNotContact.has(handle, contactPoint)) {
            return Optional.of(BlockedReason.DO_NOT_CONTACT);
        }
        // Withdrawn during the run and the journey ends for it: that was asked before (mustStop) and did not hold.
        return consents.find(handle, contact.id(), contactPoint, message.purpose())
                .filter(Consent::isOut)
                .map(_ -> BlockedReason.NO_CONSENT);
    }
}
