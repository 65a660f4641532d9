package sojourn.app.delivery;

import java.util.UUID;

/** A text ready to be handed over; {@code to} is a phone number in the form of E.164. */
record TextMessage(UUID id, String to, String text) implements Outgoing {}
