package sojourn.app.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Contact;
import sojourn.app.delivery.Passages.Sending;
import sojourn.app.messages.RenderingException;
import sojourn.app.messages.Templates;
import sojourn.app.platform.Json;
import sojourn.workflows.journeys.SendingTile;

/**
 * Writes the call that a webhook tile makes for one contact. In a body that is JSON each text is a template of its own, so
 * that no value of a contact can break out of it. A repeat is written the same: it has the instant of the reservation.
 */
final class WebhookWriter implements Writer<WebhookCall> {

    private static final String CONTENT_TYPE = "content-type";

    private static final ObjectMapper JSON = Json.mapper();

    private final Templates templates;

    WebhookWriter(Templates templates) {
        this.templates = templates;
    }

    /** As its author wrote it: the reservation keeps nothing of the contact. */
    @Override
    public @Nullable String contactPoint(Sending sending, Contact contact) {
        return webhook(sending).url();
    }

    private static SendingTile.Webhook webhook(Sending sending) {
        if (sending.what() instanceof SendingTile.Webhook webhook) {
            return webhook;
        }
        throw new IllegalStateException("Tile " + sending.tile() + " is no webhook");
    }

    @Override
    public Written<WebhookCall> write(Order order) {
        var tile = webhook(order.sending());
        var values = order.values();
        try {
            var url = url(render(String.valueOf(tile.url()), values));
            if (url == null) {
                return new Written.Blocked<>(BlockedReason.MISSING_REQUIRED_FIELD);
            }
            var body = tile.methodOrDefault().hasBody() ? body(tile, order, values) : "";
            var call = new WebhookCall(
                    order.delivery().id(), tile.methodOrDefault().name(), url, headers(tile, values), body);
            return new Written.Ready<>(url.toString(), call, List.of());
        } catch (RenderingException cannotBeRendered) {
            return new Written.Blocked<>(BlockedReason.MISSING_REQUIRED_FIELD);
        }
    }

    private String render(String template, Map<String, Object> values) throws RenderingException {
        return templates.render(template, values);
    }

    /** Null when what came out for this contact is no address of the web. */
    private static @Nullable URI url(String text) {
        try {
            var url = new URI(text.strip());
            var web = "https".equalsIgnoreCase(url.getScheme()) || "http".equalsIgnoreCase(url.getScheme());
            return web && url.getHost() != null && url.getRawUserInfo() == null ? url : null;
        } catch (URISyntaxException malformed) {
            return null;
        }
    }

    private Map<String, String> headers(SendingTile.Webhook tile, Map<String, Object> values)
            throws RenderingException {
        var headers = new LinkedHashMap<String, String>();
        if (tile.methodOrDefault().hasBody()) {
            headers.put(CONTENT_TYPE, tile.body() instanceof String ? "text/plain; charset=utf-8" : "application/json");
        }
        for (var header : tile.allHeaders().entrySet()) {
            headers.put(
                    header.getKey().toLowerCase(Locale.ROOT),
                    render(header.getValue(), values)
                            .replaceAll("\\p{Cntrl}+", " ")
                            .strip());
        }
        return headers;
    }

    private String body(SendingTile.Webhook tile, Order order, Map<String, Object> values) throws RenderingException {
        return switch (tile.body()) {
            case null -> json(usual(order));
            case String text -> render(text, values);
            case Object structure -> json(filled(structure, values));
        };
    }

    /** Every text in it rendered. */
    private Object filled(Object part, Map<String, Object> values) throws RenderingException {
        if (part instanceof String template) {
            return render(template, values);
        }
        if (part instanceof Map<?, ?> object) {
            var filled = new LinkedHashMap<String, @Nullable Object>();
            for (var field : object.entrySet()) {
                var value = field.getValue();
                filled.put(String.valueOf(field.getKey()), value == null ? null : filled(value, values));
            }
            return filled;
        }
        if (part instanceof List<?> list) {
            var filled = new ArrayList<@Nullable Object>();
            for (var value : list) {
                filled.add(value == null ? null : filled(value, values));
            }
            return filled;
        }
        return part;
    }

    /** The shape that Standard Webhooks recommends. */
    private static Map<String, Object> usual(Order order) {
        var data = new LinkedHashMap<String, @Nullable Object>();
        data.put("delivery", order.delivery().id());
        data.put("journey", order.sending().journey());
        data.put("version", order.sending().version());
        data.put("tile", order.sending().tile());
        data.put("pass", order.sending().pass());
        data.put("run", order.sending().run());
        data.put("contactId", order.contact().uuid());
        data.put("externalId", order.contact().externalId());
        var body = new LinkedHashMap<String, Object>();
        body.put("type", "journey.webhook");
        body.put("timestamp", order.delivery().reservedAt().toString());
        body.put("data", data);
        return body;
    }

    private static String json(Object value) {
        try {
            return JSON.writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
