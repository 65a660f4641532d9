package sojourn.app.messages;

import jakarta.mail.internet.AddressException;
import jakarta.mail.internet.InternetAddress;
import java.io.UnsupportedEncodingException;
import java.nio.charset.StandardCharsets;

/** Reads email addresses strictly. */
public final class Addresses {

    private Addresses() {}

    /** The one address of a text, with its display name ready for a header. */
    public static InternetAddress one(String text) throws AddressException {
        if (text.chars().anyMatch(Character::isISOControl)) {
            throw new AddressException("control characters cannot be in an address");
        }
        var parsed = InternetAddress.parse(text, true);
        if (parsed.length != 1 || parsed[0].isGroup()) {
            throw new AddressException("there must be exactly one address");
        }
        var address = parsed[0];
        address.validate();
        var at = address.getAddress().lastIndexOf('@');
        if (at < 1 || at == address.getAddress().length() - 1) {
            throw new AddressException("an address has a name, an @ and a domain");
        }
        try {
            address.setPersonal(address.getPersonal(), StandardCharsets.UTF_8.name());
        } catch (UnsupportedEncodingException impossible) {
            throw new IllegalStateException(impossible);
        }
        return address;
    }
}
