package sojourn.app.segments.language;

/** A word of a query and where it stands: {@code line} and {@code column} from 1, {@code start} and {@code end} in the text. */
record Token(Kind kind, String text, int line, int column, int start, int end) {

    enum Kind {
        NAME,
        /** The key within {@code SEGMENT(...)}, which follows its own spelling. */
        KEY,
        TEXT,
        NUMBER,
        SYMBOL,
        END
    }

    boolean is(String symbol) {
        return kind == Kind.SYMBOL && text.equals(symbol);
    }

    /** Keywords are written in any case. */
    boolean isWord(String keyword) {
        return kind == Kind.NAME && text.equalsIgnoreCase(keyword);
    }

    /** As a message about it reads. */
    String shown() {
        return switch (kind) {
            case END -> "the end";
            case TEXT -> "the text '" + (text.length() > 40 ? text.substring(0, 40) + "..." : text) + "'";
            case NAME, KEY, NUMBER, SYMBOL -> "`" + (text.length() > 40 ? text.substring(0, 40) + "..." : text) + "`";
        };
    }
}
