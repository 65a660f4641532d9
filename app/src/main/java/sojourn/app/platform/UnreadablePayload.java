package sojourn.app.platform;

import io.temporal.payload.codec.PayloadCodecException;

/** A payload that was encrypted, and that our keys do not open; says which key it names. */
final class UnreadablePayload extends PayloadCodecException {

    private static final long serialVersionUID = 1;

    private final String code;

    /** @param code a slug for programs: {@code missing-key} or {@code not-decryptable} */
    UnreadablePayload(String code, String message) {
        super(message);
        this.code = code;
    }

    String code() {
        return code;
    }
}
