package sojourn.app.delivery;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Contact;
import sojourn.app.delivery.Passages.Sending;
import sojourn.app.messages.ContactValues;
import sojourn.app.messages.LiveMessage;

/** Writes what one contact gets over a channel, or finds why it cannot be written. */
interface Writer<M> {

    /** Where the channel reaches a contact, as far as is known before anything is written; null when nowhere. */
    @Nullable
    String contactPoint(Sending sending, Contact contact);

    Written<M> write(Order order);

    /**
     * What is to be written.
     *
     * @param message the version that was live at the reservation; null for tiles that carry what they send themselves
     */
    record Order(
            Delivery delivery, Sending sending, @Nullable LiveMessage message, Contact contact) {

        /** What templates may name, by root. */
        Map<String, Object> values() {
            return Map.of(
                    "contact", ContactValues.of(contact),
                    "journey", Map.of("key", sending.journey()),
                    "trigger", sending.trigger());
        }

        /** The same, and where the contact can have no more of these. */
        Map<String, Object> valuesWith(String unsubscribeUrl) {
            var values = new HashMap<>(values());
            values.put("unsubscribeUrl", unsubscribeUrl);
            return values;
        }

        LiveMessage liveMessage() {
            if (message == null) {
                throw new IllegalStateException("Delivery " + delivery.id() + " has no message");
            }
            return message;
        }
    }

    /** What came of writing. */
    sealed interface Written<M> {

        /**
         * A message to hand over.
         *
         * @param to the contact point that it goes to
         * @param links that it has, in the order of their tokens
         */
        record Ready<M>(String to, M message, List<Link> links) implements Written<M> {}

        record Blocked<M>(BlockedReason reason) implements Written<M> {}
    }
}
