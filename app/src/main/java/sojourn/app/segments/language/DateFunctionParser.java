package sojourn.app.segments.language;

import java.util.Optional;
import sojourn.app.contacts.ValueType;
import sojourn.app.segments.language.Parsed.Operand;

/** Reads what computes with dates and looks at the days around today. */
final class DateFunctionParser {

    /** Stands for what could not be read; it has been complained about. */
    private static final Condition UNREADABLE = new Condition.IsNull(new Value.Truth(true));

    private final ExpressionParser expressions;
    private final Tokens tokens;
    private final Complaints complaints;

    DateFunctionParser(ExpressionParser expressions, Tokens tokens, Complaints complaints) {
        this.expressions = expressions;
        this.tokens = tokens;
        this.complaints = complaints;
    }

    static boolean isRange(Token token) {
        return token.isWord("LAST") || token.isWord("NEXT");
    }

    /** {@code (unit, count, moment)}, behind DATEADD. */
    Operand add(Token name) {
        var unit = unit(false);
        tokens.expect(",", "behind the unit");
        var count = count(unit, -unit.most());
        tokens.expect(",", "before the date or timestamp");
        var moment = expressions.typing().moment(expressions.operand(), "DATEADD");
        if (moment == null) {
            return Operand.unknown(name);
        }
        var added = new Value.DateAdd(unit, count, moment.value());
        return Operand.of(added, Types.of(added), name);
    }

    /** {@code (unit, from, to)}, behind DATEDIFF. */
    Operand difference(Token name) {
        var unit = unit(false);
        tokens.expect(",", "behind the unit");
        var from = expressions.typing().moment(expressions.operand(), "DATEDIFF");
        tokens.expect(",", "between the two moments");
        var to = expressions.typing().moment(expressions.operand(), "DATEDIFF");
        return from == null || to == null
                ? Operand.unknown(name)
                : Operand.of(new Value.DateDiff(unit, from.value(), to.value()), ValueType.NUMBER, name);
    }

    /** {@code WITHIN LAST(n, unit)}, {@code IN NEXT(n, unit)} or without the word. */
    Condition within(Operand date, boolean anniversary) {
        if (tokens.peek().isWord("WITHIN") || tokens.peek().isWord("IN")) {
            tokens.next();
        }
        var at = tokens.peek();
        if (!isRange(at) || !tokens.peek(1).is("(")) {
            throw tokens.unexpected("LAST(n, unit) or NEXT(n, unit)");
        }
        tokens.next();
        var direction = at.isWord("LAST") ? Condition.Direction.LAST : Condition.Direction.NEXT;
        var span = tokens.<Optional<Span>>parenthesized(
                "behind " + at.shown(), () -> Optional.of(span()), Optional.empty());
        var moment = expressions.typing().moment(date, anniversary ? "ANNIVERSARY" : direction.name());
        return moment == null || span.isEmpty()
                ? UNREADABLE
                : new Condition.Within(
                        moment.value(),
                        anniversary,
                        direction,
                        span.get().count(),
                        span.get().unit());
    }

    private record Span(int count, CalendarUnit unit) {}

    private Span span() {
        var at = tokens.peek();
        var count = wholeNumber();
        tokens.expect(",", "before the unit");
        var unit = unit(true);
        return new Span(inRange(at, count, unit, 1), unit);
    }

    private CalendarUnit unit(boolean onlyOfDates) {
        var word = tokens.peek();
        var units = CalendarUnit.words(onlyOfDates);
        var unit = word.kind() == Token.Kind.NAME
                ? CalendarUnit.of(word.text()).filter(found -> units.contains(found.name()))
                : Optional.<CalendarUnit>empty();
        if (unit.isEmpty()) {
            throw complaints.unreadable(
                    word,
                    "unknown-unit",
                    "Found " + word.shown() + "; expected one of " + String.join(", ", units)
                            + Names.suggest(word.text(), units));
        }
        tokens.next();
        return unit.get();
    }

    private int count(CalendarUnit unit, int least) {
        var at = tokens.peek();
        return inRange(at, wholeNumber(), unit, least);
    }

    private int wholeNumber() {
        var minus = tokens.take("-");
        var token = tokens.peek();
        if (token.kind() != Token.Kind.NUMBER || !token.text().matches("\\d{1,9}")) {
            throw tokens.unexpected("a whole number");
        }
        var number = Integer.parseInt(tokens.next().text());
        return minus ? -number : number;
    }

    private int inRange(Token at, int count, CalendarUnit unit, int least) {
        if (count < least || count > unit.most()) {
            complaints.add(
                    at,
                    "out-of-range",
                    "Found " + count + "; expected a whole number of " + unit + " from " + least + " to "
                            + unit.most());
            return 1;
        }
        return count;
    }
}
