package sojourn.app.segments.language;

import org.jspecify.annotations.Nullable;

/**
 * One thing wrong with a query: where (line and column count from 1, columns in characters), what, and what would fit.
 *
 * @param path JSON pointer into the query's tree, when that is how it came; null when it was written as text
 */
public record QueryError(
        int line,
        int column,
        String code,
        String detail,
        @Nullable String path) {

    QueryError at(String place) {
        return new QueryError(line, column, code, detail, place);
    }
}
