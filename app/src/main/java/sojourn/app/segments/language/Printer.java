package sojourn.app.segments.language;

import static java.util.stream.Collectors.joining;

import java.math.BigDecimal;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Writes a tree as text that is read as the same tree again. */
final class Printer {

    private Printer() {}

    static String print(Query query) {
        return switch (query) {
            case Query.Profile profile -> profile(profile);
            case Query.Interactions(var types, var filters, var havings) ->
                "INTERACTION(" + (types.isEmpty() ? "ANY" : String.join(", ", types)) + ")"
                        + filters.stream()
                                .map(filter -> ".FILTER(" + print(filter) + ")")
                                .collect(joining())
                        + havings.stream().map(Printer::having).collect(joining());
            case Query.Members(var segment) -> "SEGMENT(" + segment + ")";
            case Query.Union(var of) -> joined(of.stream(), " UNION ");
            case Query.Intersect(var of) -> joined(of.stream(), " INTERSECT ");
            case Query.Except(var from, var without) ->
                joined(Stream.concat(Stream.of(from), without.stream()), " EXCEPT ");
        };
    }

    private static String joined(Stream<Query> parts, String operator) {
        return parts.map(Printer::operand).collect(joining(operator));
    }

    private static String operand(Query query) {
        return switch (query) {
            case Query.Profile _, Query.Interactions _, Query.Members _ -> print(query);
            case Query.Union _, Query.Intersect _, Query.Except _ -> "(" + print(query) + ")";
        };
    }

    private static String profile(Query.Profile profile) {
        var text = new StringBuilder("PROFILE(").append(profile.type()).append(')');
        var type = profile.type();
        for (var step : profile.steps()) {
            switch (step) {
                case Query.Step.Filter(var condition) ->
                    text.append(".FILTER(").append(print(condition)).append(')');
                case Query.Step.Traverse(var relationship, var reverse, var to) -> {
                    text.append(".TRAVERSE(").append(relationship);
                    text.append(reverse && to.equals(type) ? ", REVERSE)" : ")");
                    type = to;
                }
            }
        }
        return text.toString();
    }

    static String having(Having having) {
        return ".HAVING(" + compared(having.left(), having.operator(), having.right()) + window(having.window()) + ")";
    }

    private static String window(@Nullable Window window) {
        return switch (window) {
            case null -> "";
            case Window.Rolling(var count, var unit, var utc) -> ", " + (utc ? "UTC" : "") + unit + "(" + count + ")";
            case Window.Between(var from, var to) -> ", BETWEEN(" + quoted(from) + ", " + quoted(to) + ")";
            case Window.This(var unit) -> ", THIS(" + unit + ")";
            case Window.Previous(var count, var unit) -> ", PREVIOUS(" + count + ", " + unit + ")";
        };
    }

    static String print(Condition condition) {
        return switch (condition) {
            case Condition.Any(var of) ->
                of.stream()
                        .map(part -> operand(part, part instanceof Condition.Any))
                        .collect(joining(" || "));
            case Condition.All(var of) ->
                of.stream()
                        .map(part -> operand(part, part instanceof Condition.Any || part instanceof Condition.All))
                        .collect(joining(" && "));
            case Condition.Not(Condition.IsNull(var value)) -> "ISNOTNULL(" + print(value) + ")";
            case Condition.Not(Condition.In(var value, var list)) -> membership(value, " NOT IN ", list);
            case Condition.Not(var of) -> "!(" + print(of) + ")";
            case Condition.Compare(var left, var operator, var right) -> compared(left, operator, right);
            case Condition.In(var value, var list) -> membership(value, " IN ", list);
            case Condition.HasText(var text, var place, var part) -> print(text) + " " + place + " " + print(part);
            case Condition.HasOptions(var field, var quantifier, var options) ->
                quantifier + "(" + print(field) + ", "
                        + options.stream().map(Printer::quoted).collect(joining(", ")) + ")";
            case Condition.IsNull(var value) -> "ISNULL(" + print(value) + ")";
            case Condition.IsTrue(var value) -> "ISTRUE(" + print(value) + ")";
            case Condition.IsFalse(var value) -> "ISFALSE(" + print(value) + ")";
            case Condition.Within(var value, var anniversary, var direction, var count, var unit) ->
                print(value) + (anniversary ? " ANNIVERSARY" : "") + " WITHIN " + direction + "(" + count + ", " + unit
                        + ")";
            case Condition.Near(var latitude, var longitude, var kilometres) ->
                "NEAR(" + number(latitude) + ", " + number(longitude) + ", " + number(kilometres) + ")";
            case Condition.Member(var segment) -> "SEGMENT(" + segment + ")";
        };
    }

    private static String operand(Condition condition, boolean inParentheses) {
        return inParentheses ? "(" + print(condition) + ")" : print(condition);
    }

    private static String compared(Value left, Comparison operator, Value right) {
        return beside(left, right) + " " + operator.text() + " " + beside(right, left);
    }

    private static String membership(Value value, String operator, List<Value> list) {
        return beside(value, list.getFirst())
                + operator
                + list.stream().map(option -> beside(option, value)).collect(joining(", ", "(", ")"));
    }

    /** A date in quotes is read as one only beside something that is known to be a date or an instant. */
    private static String beside(Value value, Value other) {
        return isDateLiteral(value) && !isDateLiteral(other) ? quoted(value) : print(value);
    }

    private static boolean isDateLiteral(Value value) {
        return value instanceof Value.Day || value instanceof Value.LocalTime || value instanceof Value.Moment;
    }

    private static String quoted(Value moment) {
        return switch (moment) {
            case Value.Day(var date) -> "'" + date + "'";
            case Value.LocalTime(var time) -> "'" + time + "'";
            case Value.Moment(var instant) -> "'" + instant + "'";
            default -> print(moment);
        };
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    static String print(Value value) {
        return switch (value) {
            case Value.Field field -> name(field);
            case Value.Text(var text, var exact) -> (exact ? "CASE " : "") + quoted(text);
            case Value.Numeral(var number) -> number(number);
            case Value.Truth(var truth) -> truth ? "TRUE" : "FALSE";
            case Value.Day(var date) ->
                "DATE(%d, %d, %d)".formatted(date.getYear(), date.getMonthValue(), date.getDayOfMonth());
            case Value.LocalTime(var time)
            when time.getNano() == 0 ->
                "DATE(%d, %d, %d, %d, %d, %d)"
                        .formatted(
                                time.getYear(),
                                time.getMonthValue(),
                                time.getDayOfMonth(),
                                time.getHour(),
                                time.getMinute(),
                                time.getSecond());
            case Value.LocalTime _, Value.Moment _ -> quoted(value);
            case Value.Now() -> "DATETIMEUTCNOW()";
            case Value.Today() -> "TODAY()";
            case Value.Arithmetic(var left, var operator, var right) ->
                term(left, operator.precedence()) + " " + operator.text() + " "
                        + term(right, operator.precedence() + 1);
            case Value.Negative(var of) -> "-(" + print(of) + ")";
            case Value.DateAdd(var unit, var count, var to) ->
                "DATEADD(" + unit + ", " + count + ", " + print(to) + ")";
            case Value.DateDiff(var unit, var from, var to) ->
                "DATEDIFF(" + unit + ", " + print(from) + ", " + print(to) + ")";
            case Value.Aggregate aggregate ->
                switch (aggregate.function()) {
                    case COUNT -> "COUNT()";
                    case COUNT_DISTINCT -> "COUNT(DISTINCT " + print(aggregate.counted()) + ")";
                    case SUM, AVG, MIN, MAX -> aggregate.function() + "(" + print(aggregate.counted()) + ")";
                };
        };
    }

    private static String name(Value.Field field) {
        var first = field.follow().map(Follow::property).orElse(field.name());
        var misread = Keywords.isReserved(first) || field.name().startsWith(Keywords.PREFIX);
        return misread ? Keywords.PREFIX + field.name() : field.name();
    }

    private static String term(Value value, int tightness) {
        return value instanceof Value.Arithmetic(var _, var operator, var _) && operator.precedence() < tightness
                ? "(" + print(value) + ")"
                : print(value);
    }

    private static String number(BigDecimal number) {
        return Math.abs(number.scale()) <= 30 ? number.toPlainString() : number.toString();
    }
}
