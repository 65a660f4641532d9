package sojourn.app.messages;

/** A template cannot be rendered for this contact. The message may quote values of the contact: not for logs. */
public final class RenderingException extends Exception {

    RenderingException(String message, Throwable cause) {
        super(message, cause);
    }
}
