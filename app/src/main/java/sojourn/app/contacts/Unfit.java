package sojourn.app.contacts;

/** Thrown when a value does not fit its declaration; the message never quotes the value, which may be personal. */
public final class Unfit extends Exception {

    private final String code;

    public Unfit(String code, String detail) {
        super(detail, null, false, false);
        this.code = code;
    }

    public String code() {
        return code;
    }

    public String detail() {
        return String.valueOf(getMessage());
    }
}
