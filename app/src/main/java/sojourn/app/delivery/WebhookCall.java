package sojourn.app.delivery;

import java.net.URI;
import java.util.Map;
import java.util.UUID;

/**
 * A webhook ready to be called, but for its signature.
 *
 * @param body empty when the method has none
 */
record WebhookCall(UUID id, String method, URI url, Map<String, String> headers, String body) implements Outgoing {}
