package sojourn.app.segments.language;

/** One thing wrong with a query: where (line and column count from 1, columns in characters), what, and what would fit. */
public record QueryError(int line, int column, String code, String detail) {}
