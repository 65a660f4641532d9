package sojourn.app.messages;

/** What is wrong with a template and where, from line 1, column 1. */
final class LiquidSyntaxException extends Exception {

    private final transient TextPosition position;
    private final String code;
    private final String detail;

    LiquidSyntaxException(TextPosition position, String code, String detail) {
        super(detail);
        this.position = position;
        this.code = code;
        this.detail = detail;
    }

    int line() {
        return position.line();
    }

    int column() {
        return position.column();
    }

    String code() {
        return code;
    }

    String detail() {
        return detail;
    }
}
