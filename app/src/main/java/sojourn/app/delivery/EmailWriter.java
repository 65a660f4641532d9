package sojourn.app.delivery;

import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Contact;
import sojourn.app.delivery.Passages.Sending;
import sojourn.app.messages.Addresses;
import sojourn.app.messages.LiveMessage;
import sojourn.app.messages.MessageRenderer;
import sojourn.app.messages.RenderedMessage;
import sojourn.app.messages.RenderingException;

/** Writes the email that one contact gets, or finds why it cannot be written. */
final class EmailWriter implements Writer<Email> {

    static final String COMMERCIAL = "commercial";

    private final MessageRenderer renderer;
    private final Tokens tokens;
    private final TrackingUrls urls;
    private final InstantSource clock;

    EmailWriter(MessageRenderer renderer, Tokens tokens, TrackingUrls urls, InstantSource clock) {
        this.renderer = renderer;
        this.tokens = tokens;
        this.urls = urls;
        this.clock = clock;
    }

    @Override
    public @Nullable String contactPoint(Sending sending, Contact contact) {
        return contact.email();
    }

    @Override
    public Written<Email> write(Order order) {
        var delivery = order.delivery().id();
        var message = order.liveMessage();
        var contact = order.contact();
        var to = recipient(contact.email());
        if (to == null) {
            return new Written.Blocked<>(
                    contact.email() == null ? BlockedReason.NO_CONTACT_POINT : BlockedReason.INVALID_CONTACT_POINT);
        }
        var unsubscribe = urls.unsubscribe(tokens, delivery);
        RenderedMessage rendered;
        try {
            rendered = renderer.render(message, order.valuesWith(unsubscribe));
        } catch (RenderingException cannotBeRendered) {
            return new Written.Blocked<>(BlockedReason.MISSING_REQUIRED_FIELD);
        }
        if (rendered.subject().isBlank()
                || rendered.from().isBlank()
                || rendered.text().isBlank()) {
            return new Written.Blocked<>(BlockedReason.MISSING_REQUIRED_FIELD);
        }
        try {
            var from = Addresses.one(rendered.from());
            var replyTo = rendered.replyTo() == null || rendered.replyTo().isBlank()
                    ? null
                    : Addresses.one(rendered.replyTo());
            return written(delivery, message, rendered, from, replyTo, to, unsubscribe);
        } catch (AddressException invalid) {
            return new Written.Blocked<>(BlockedReason.INVALID_SENDER);
        }
    }

    private Written<Email> written(
            UUID delivery,
            LiveMessage message,
            RenderedMessage rendered,
            InternetAddress from,
            @Nullable InternetAddress replyTo,
            InternetAddress to,
            String unsubscribe) {
        var headers = new HashMap<String, String>();
        if (message.purpose().equals(COMMERCIAL)) {
            headers.put("List-Unsubscribe", "<" + unsubscribe + ">");
            headers.put("List-Unsubscribe-Post", "List-Unsubscribe=One-Click");
        }
        var html = rendered.html() == null ? null : TrackedHtml.of(rendered.html(), delivery, tokens, urls);
        var email = new Email(
                delivery,
                from,
                replyTo,
                to,
                rendered.subject(),
                html == null ? null : html.html(),
                rendered.text(),
                headers,
                clock.instant());
        return new Written.Ready<>(to.getAddress(), email, html == null ? List.of() : html.links());
    }

    /** Nothing but a plain address: no display name, no group, no list. */
    static @Nullable InternetAddress recipient(@Nullable String contactPoint) {
        if (contactPoint == null) {
            return null;
        }
        try {
            var address = Addresses.one(contactPoint);
            return contactPoint.strip().equals(address.getAddress()) ? address : null;
        } catch (AddressException invalid) {
            return null;
        }
    }
}
