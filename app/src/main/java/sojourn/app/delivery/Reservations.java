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
import sojourn.app.delivery.Passages.Sending;
import sojourn.app.delivery.Passages.VisitEnd;
import sojourn.app.messages.LiveMessage;
import sojourn.app.messages.Messages;
import sojourn.app.platform.Transactions;

/**
 * The first step of a delivery: reserves it before anything is sent, or ends the visit when there is nothing to send.
 * A later attempt finds the reservation and learns how far an earlier one came.
 */
final class Reservations {

    /** What an attempt finds. */
    sealed interface Found {
        /** Nothing is left to do: the visit has ended, now or before. */
        record Over() implements Found {}

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
            var sending = passages.lock(handle, run, visit);
            var delivery = handle.attach(DeliveryDao.class).lock(run, visit);
            return sending.isPresent()
                    ? find(handle, sending.get(), delivery.orElse(null))
                    : withoutRun(handle, delivery.orElse(null));
        });
    }

    private Found find(Handle handle, Sending sending, @Nullable Delivery delivery) {
        if (delivery != null && delivery.state().equals(Delivery.HANDING_OVER)) {
            return handingOver(handle, delivery);
        }
        if (delivery != null && !delivery.state().equals(Delivery.RESERVED)) {
            throw new IllegalStateException(
                    "Delivery " + delivery.id() + " is " + delivery.state() + " but its run is still at the tile");
        }
        return reserved(handle, sending, delivery);
    }

    /** The run was closed while the delivery waited. */
    private Found withoutRun(Handle handle, @Nullable Delivery delivery) {
        if (delivery == null) {
            return new Found.Over();
        }
        return switch (delivery.state()) {
            case Delivery.RESERVED -> {
                endings.end(handle, delivery, Delivery.CANCELLED, null, null);
                yield new Found.Over();
            }
            case Delivery.HANDING_OVER -> handingOver(handle, delivery);
            default -> new Found.Over();
        };
    }

    /** An earlier attempt got as far as handing over and has not come back. */
    private Found handingOver(Handle handle, Delivery delivery) {
        var until = delivery.leasedUntil();
        if (until != null && clock.instant().isBefore(until)) {
            return new Found.Busy(until);
        }
        endings.unconfirmed(handle, delivery);
        return new Found.Over();
    }

    private Found reserved(Handle handle, Sending sending, @Nullable Delivery known) {
        var stop = passages.mustStop(handle, sending.run());
        if (stop.isPresent()) {
            return over(handle, sending, known, Delivery.CANCELLED, null, new VisitEnd.Stopped(stop.get()));
        }
        var message = known == null
                ? messages.live(handle, sending.message())
                : messages.version(handle, known.message(), known.messageVersion());
        if (message.isEmpty()) {
            return over(
                    handle,
                    sending,
                    known,
                    Delivery.FAILED,
                    "message-not-live",
                    new VisitEnd.Failed("message-not-live"));
        }
        var contact = contacts.find(handle, sending.contactId()).orElseThrow();
        var delivery = known != null
                ? known
                : handle.attach(DeliveryDao.class)
                        .reserve(sending, message.get().version(), contact.email(), clock.instant());
        if (sending.expiresAt() != null && !clock.instant().isBefore(sending.expiresAt())) {
            return over(handle, sending, delivery, Delivery.EXPIRED, null, new VisitEnd.Expired());
        }
        var forbidden = forbidden(handle, contact, message.get());
        if (forbidden.isPresent()) {
            endings.blocked(handle, delivery, forbidden.get());
            return new Found.Over();
        }
        return switch (writer.write(delivery.id(), message.get(), sending.journey(), contact)) {
            case EmailWriter.Result.Blocked(var reason) -> {
                endings.blocked(handle, delivery, reason);
                yield new Found.Over();
            }
            case EmailWriter.Result.Written(var email, var links) ->
                new Found.Ready(delivery, email, links, message.get().purpose());
        };
    }

    private Found over(
            Handle handle,
            Sending sending,
            @Nullable Delivery delivery,
            String state,
            @Nullable String reason,
            VisitEnd end) {
        if (delivery == null) {
            passages.leave(handle, sending.run(), sending.visit(), end);
        } else {
            endings.end(handle, delivery, state, reason, end);
        }
        return new Found.Over();
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
