package sojourn.app.segments.language;

import static java.util.stream.Collectors.joining;

import java.util.List;

/** A query that cannot be understood, with everything that is wrong with it. */
public final class QueryException extends RuntimeException {

    private final List<QueryError> errors;

    public QueryException(List<QueryError> errors) {
        super(errors.stream()
                .map(error -> error.line() + ":" + error.column() + " " + error.detail())
                .collect(joining("\n")));
        this.errors = List.copyOf(errors);
    }

    public List<QueryError> errors() {
        return errors;
    }
}
