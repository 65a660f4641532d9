package sojourn.app.delivery;

import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Contact;
import sojourn.app.delivery.Passages.Sending;
import sojourn.app.messages.MessageRenderer;
import sojourn.app.messages.RenderingException;

/** Writes the push message that one contact gets on its device, whose token is an attribute of the contact. */
final class PushWriter implements Writer<PushMessage> {

    private static final Pattern TOKEN = Pattern.compile("[\\x21-\\x7e]{1,4096}");

    private final MessageRenderer renderer;
    private final Tokens tokens;
    private final TrackingUrls urls;
    private final String attribute;

    /** @param attribute the name of the attribute that has the token */
    PushWriter(MessageRenderer renderer, Tokens tokens, TrackingUrls urls, String attribute) {
        this.renderer = renderer;
        this.tokens = tokens;
        this.urls = urls;
        this.attribute = attribute;
    }

    @Override
    public @Nullable String contactPoint(Sending sending, Contact contact) {
        return contact.attributes().get(attribute) instanceof String token && !token.isBlank() ? token.strip() : null;
    }

    @Override
    public Written<PushMessage> write(Order order) {
        var token = contactPoint(order.sending(), order.contact());
        if (token == null) {
            return new Written.Blocked<>(BlockedReason.NO_CONTACT_POINT);
        }
        if (!TOKEN.matcher(token).matches()) {
            return new Written.Blocked<>(BlockedReason.INVALID_CONTACT_POINT);
        }
        var id = order.delivery().id();
        try {
            var rendered = renderer.renderPush(order.liveMessage(), order.valuesWith(urls.unsubscribe(tokens, id)));
            return rendered.title().isBlank() || rendered.body().isBlank()
                    ? new Written.Blocked<>(BlockedReason.MISSING_REQUIRED_FIELD)
                    : new Written.Ready<>(token, new PushMessage(id, token, rendered), List.of());
        } catch (RenderingException cannotBeRendered) {
            return new Written.Blocked<>(BlockedReason.MISSING_REQUIRED_FIELD);
        }
    }
}
