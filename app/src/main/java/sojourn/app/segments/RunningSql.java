package sojourn.app.segments;

import java.math.BigDecimal;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.stream.IntStream;

/**
 * The SQL that finds the contacts of a query, for operators.
 *
 * @param sql with {@code $1}, {@code $2}, ... for the bound values
 * @param plan how PostgreSQL would go about it, as EXPLAIN says it, line by line
 */
record RunningSql(String sql, List<Bound> values, List<String> plan) {

    /** A bound value; {@code type} is PostgreSQL's name for its type. */
    record Bound(String name, String type, Object value) {}

    static RunningSql of(Question question) {
        var statement = Statement.of("select c.id").add(question.contacts());
        var plan = Statement.of("explain ")
                .add(statement)
                .query(question.handle())
                .mapTo(String.class)
                .list();
        return new RunningSql(numbered(statement.text()), bound(statement.values()), plan);
    }

    /** All its question marks stand for values. */
    private static String numbered(String text) {
        var pieces = text.split("\\?", -1);
        var numbered = new StringBuilder(pieces[0]);
        for (var index = 1; index < pieces.length; index++) {
            numbered.append('$').append(index).append(pieces[index]);
        }
        return numbered.toString();
    }

    private static List<Bound> bound(List<Object> values) {
        return IntStream.range(0, values.size())
                .mapToObj(index -> new Bound("$" + (index + 1), type(values.get(index)), values.get(index)))
                .toList();
    }

    private static String type(Object value) {
        return switch (value) {
            case Short _ -> "smallint";
            case Integer _ -> "integer";
            case Long _ -> "bigint";
            case BigDecimal _ -> "numeric";
            case LocalDate _ -> "date";
            case OffsetDateTime _ -> "timestamptz";
            default -> "text";
        };
    }
}
