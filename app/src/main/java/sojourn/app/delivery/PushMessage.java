package sojourn.app.delivery;

import java.util.UUID;
import sojourn.app.messages.RenderedPush;

/** A push message ready to be handed over; {@code token} is the device's. */
record PushMessage(UUID id, String token, RenderedPush content) implements Outgoing {}
