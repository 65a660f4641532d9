package sojourn.app.segments.language;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Gathers what is wrong with a query, so that all of it is said at once. */
final class Complaints {

    /** Beyond this many, the rest helps nobody. */
    private static final int MOST = 100;

    /** Gives up what is being read; whoever can go on behind it catches it. It has been complained about. */
    @SuppressWarnings("serial")
    static final class Unreadable extends RuntimeException {
        private Unreadable() {
            super(null, null, false, false);
        }
    }

    private final List<QueryError> errors = new ArrayList<>();
    private boolean hopeless;

    void add(Token at, String code, String detail) {
        add(at.line(), at.column(), code, detail);
    }

    void add(int line, int column, String code, String detail) {
        if (!hopeless && errors.size() < MOST) {
            errors.add(new QueryError(line, column, code, detail, null));
        }
    }

    /** Of a tree that came as one. */
    void addAt(String path, String code, String detail) {
        if (errors.size() < MOST) {
            errors.add(new QueryError(1, 1, code, detail, path));
        }
    }

    Unreadable unreadable(Token at, String code, String detail) {
        add(at, code, detail);
        return new Unreadable();
    }

    /** For what makes the rest of the text worthless: nothing after it is complained about. */
    void giveUp(Token at, String code, String detail) {
        add(at, code, detail);
        hopeless = true;
    }

    boolean isHopeless() {
        return hopeless;
    }

    void throwIfAny() {
        if (!errors.isEmpty()) {
            throw new QueryException(errors.stream()
                    .sorted(Comparator.comparingInt(QueryError::line).thenComparingInt(QueryError::column))
                    .toList());
        }
    }
}
