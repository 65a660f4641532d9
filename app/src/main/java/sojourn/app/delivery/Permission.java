package sojourn.app.delivery;

import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Whether a contact may be sent a message. It is asked in the transaction that reserves the message, and what may change
 * meanwhile is asked once more in the last look.
 *
 * <p>This is the place of whatever else keeps a message from being sent: consent by topic, restrictive purposes,
 * addresses suppressed by bounces, frequency caps, quotas. What only puts a message off, as quiet times do, belongs where
 * {@link Reservations} asks for the send window.
 */
final class Permission {

    private final Consents consents;
    private final DoNotContact doNotContact;

    Permission(Consents consents, DoNotContact doNotContact) {
        this.consents = consents;
        this.doNotContact = doNotContact;
    }

    /**
     * Why a message may not be sent, if it may not.
     *
     * @param contactPoint null when the contact has none, which whoever writes the message says
     * @param purpose of the message; null when it goes to no person, as webhooks do
     */
    Optional<BlockedReason> refusal(
            Handle handle, long contact, @Nullable String contactPoint, @Nullable String purpose) {
        if (contactPoint == null || purpose == null) {
            return Optional.empty();
        }
        // Withdrawn during the run and the journey ends for it: that was asked before (Hindrance) and did not hold.
        return doNotContact.has(handle, contactPoint)
                ? Optional.of(BlockedReason.DO_NOT_CONTACT)
                : withdrawal(handle, contact, contactPoint, purpose);
    }

    /** Why a message that was reserved may not be sent any more. */
    Optional<BlockedReason> withdrawal(Handle handle, long contact, String contactPoint, @Nullable String purpose) {
        return Optional.ofNullable(purpose)
                .flatMap(known -> consents.find(handle, contact, contactPoint, known))
                .filter(Consent::isOut)
                .map(_ -> BlockedReason.NO_CONSENT);
    }
}
