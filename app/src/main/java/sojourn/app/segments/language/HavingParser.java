package sojourn.app.segments.language;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.ValueType;
import sojourn.app.segments.language.Parsed.Operand;

/** Reads what stands in {@code HAVING(...)}: a comparison of aggregates, and perhaps a window. */
final class HavingParser {

    static final List<String> WINDOWS = Stream.concat(
                    Arrays.stream(Window.Unit.values()).flatMap(unit -> Stream.of(unit.name(), "UTC" + unit)),
                    Stream.of("BETWEEN", "THIS", "PREVIOUS"))
            .toList();

    private final Tokens tokens;
    private final Complaints complaints;
    private final ExpressionParser expressions;

    HavingParser(Tokens tokens, Complaints complaints, ExpressionParser expressions) {
        this.tokens = tokens;
        this.complaints = complaints;
        this.expressions = expressions;
    }

    Having having() {
        var left = expressions.operand();
        var at = tokens.peek();
        var operator = ExpressionParser.comparisonAt(at)
                .orElseThrow(() -> tokens.unexpected("a comparison, as in COUNT() >= 3"));
        tokens.next();
        var right = expressions.operand();
        if (tokens.peek().is("&&") || tokens.peek().isWord("AND")) {
            throw tokens.unexpected("`)` or a window; HAVING compares once, a second .HAVING(...) must hold as well");
        }
        var window = tokens.take(",") ? window() : null;
        if (!left.isUnknown() && !right.isUnknown() && !hasAggregate(left.value()) && !hasAggregate(right.value())) {
            complaints.add(left.at(), "wrong-type", "HAVING compares an aggregate, as in COUNT() >= 3");
        }
        return expressions.typing().having(left, operator, right, at, window);
    }

    private static boolean hasAggregate(Value value) {
        return TreeWalk.values(value).anyMatch(Value.Aggregate.class::isInstance);
    }

    private @Nullable Window window() {
        var name = tokens.peek();
        var word = name.text().toUpperCase(Locale.ROOT);
        if (name.kind() != Token.Kind.NAME || !WINDOWS.contains(word)) {
            throw complaints.unreadable(
                    name,
                    "unknown-window",
                    "Found " + name.shown() + "; expected a window such as DAYS(30), BETWEEN(from, to), THIS(MONTH)"
                            + Names.suggest(word, WINDOWS));
        }
        tokens.next();
        return tokens.<Optional<Window>>parenthesized(
                        "behind " + name.shown(), () -> Optional.of(arguments(word)), Optional.empty())
                .orElse(null);
    }

    private Window arguments(String word) {
        return switch (word) {
            case "BETWEEN" -> between();
            case "THIS" -> new Window.This(calendar());
            case "PREVIOUS" -> {
                var count = count();
                tokens.expect(",", "before the unit");
                yield new Window.Previous(count, calendar());
            }
            default -> {
                var utc = word.startsWith("UTC");
                yield new Window.Rolling(count(), Window.Unit.valueOf(utc ? word.substring(3) : word), utc);
            }
        };
    }

    private int count() {
        var minus = tokens.peek().is("-");
        var at = minus ? tokens.next() : tokens.peek();
        var count = Numbers.count(tokens.peek(), Window.LONGEST);
        if (minus || count.isEmpty()) {
            throw complaints.unreadable(
                    at,
                    "invalid-window",
                    "A window takes a whole number from 1 to " + Window.LONGEST + ", but found "
                            + (minus ? "a minus" : tokens.peek().shown()));
        }
        tokens.next();
        return count.getAsInt();
    }

    private Window.Calendar calendar() {
        var name = tokens.peek();
        var units = Arrays.stream(Window.Calendar.values()).map(Enum::name).toList();
        var word = name.text().toUpperCase(Locale.ROOT);
        if (name.kind() != Token.Kind.NAME || !units.contains(word)) {
            throw complaints.unreadable(
                    name,
                    "invalid-window",
                    "Found " + name.shown() + "; expected one of " + String.join(", ", units)
                            + Names.suggest(word, units));
        }
        tokens.next();
        return Window.Calendar.valueOf(word);
    }

    private Window between() {
        var from = moment();
        tokens.expect(",", "between the two moments");
        var to = moment();
        var window = new Window.Between(from.value(), to.value());
        if (!from.isUnknown() && !to.isUnknown() && !window.everRunsForward()) {
            complaints.add(from.at(), "invalid-window", "BETWEEN runs from the earlier to the later moment");
        }
        return window;
    }

    private Operand moment() {
        var at = tokens.peek();
        var operand = expressions.operand();
        if (operand.value() instanceof Value.Text(var text, var _)) {
            return DateLiterals.read(text, at, complaints);
        }
        var fits = operand.is(ValueType.DATE, ValueType.TIMESTAMP) && Types.isConstant(operand.value());
        if (!operand.isUnknown() && !fits) {
            complaints.add(
                    at, "wrong-type", "BETWEEN takes dates and times, as in BETWEEN('2026-11-01', '2026-12-01')");
            return Operand.unknown(at);
        }
        return operand.is(ValueType.DATE, ValueType.TIMESTAMP) ? operand : Operand.unknown(at);
    }
}
