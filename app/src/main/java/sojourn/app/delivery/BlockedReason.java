package sojourn.app.delivery;

import java.util.Locale;

/** Why a message is not even tried. The slugs are in the API and in stored facts, so they never change. */
public enum BlockedReason {
    DO_NOT_CONTACT,
    NO_CONSENT,
    NO_CONTACT_POINT,
    INVALID_CONTACT_POINT,
    MISSING_REQUIRED_FIELD,
    INVALID_SENDER;

    public String slug() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
}
