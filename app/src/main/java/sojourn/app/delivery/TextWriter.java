package sojourn.app.delivery;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Contact;
import sojourn.app.delivery.Passages.Sending;
import sojourn.app.messages.MessageRenderer;
import sojourn.app.messages.RenderingException;

/** Writes the text that one contact gets on its phone number. */
final class TextWriter implements Writer<TextMessage> {

    private final MessageRenderer renderer;
    private final Tokens tokens;
    private final TrackingUrls urls;

    TextWriter(MessageRenderer renderer, Tokens tokens, TrackingUrls urls) {
        this.renderer = renderer;
        this.tokens = tokens;
        this.urls = urls;
    }

    @Override
    public @Nullable String contactPoint(Sending sending, Contact contact) {
        var phone = contact.phone();
        return phone == null ? null : PhoneNumbers.international(phone).orElse(phone);
    }

    @Override
    public Written<TextMessage> write(Order order) {
        var phone = order.contact().phone();
        if (phone == null) {
            return new Written.Blocked<>(BlockedReason.NO_CONTACT_POINT);
        }
        var to = PhoneNumbers.international(phone);
        if (to.isEmpty()) {
            return new Written.Blocked<>(BlockedReason.INVALID_CONTACT_POINT);
        }
        var id = order.delivery().id();
        try {
            var rendered = renderer.renderText(order.liveMessage(), order.valuesWith(urls.unsubscribe(tokens, id)));
            return rendered.text().isBlank()
                    ? new Written.Blocked<>(BlockedReason.MISSING_REQUIRED_FIELD)
                    : new Written.Ready<>(to.get(), new TextMessage(id, to.get(), rendered.text()), List.of());
        } catch (RenderingException cannotBeRendered) {
            return new Written.Blocked<>(BlockedReason.MISSING_REQUIRED_FIELD);
        }
    }
}
