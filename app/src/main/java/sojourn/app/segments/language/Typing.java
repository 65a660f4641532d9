package sojourn.app.segments.language;

import static sojourn.app.contacts.ValueType.BOOLEAN;
import static sojourn.app.contacts.ValueType.DATE;
import static sojourn.app.contacts.ValueType.LOOKUP;
import static sojourn.app.contacts.ValueType.NUMBER;
import static sojourn.app.contacts.ValueType.OPTION;
import static sojourn.app.contacts.ValueType.OPTIONS;
import static sojourn.app.contacts.ValueType.TEXT;
import static sojourn.app.contacts.ValueType.TIMESTAMP;

import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Fold;
import sojourn.app.segments.language.Parsed.Operand;

/** Judges which values go together, and reads text literals as what stands beside them wants. */
final class Typing {

    private final Complaints complaints;

    Typing(Complaints complaints) {
        this.complaints = complaints;
    }

    Condition compare(Operand left, Comparison operator, Operand right, Token at) {
        var first = fit(left, right);
        var second = fit(right, left);
        check(first, operator, second, at);
        return new Condition.Compare(first.value(), operator, second.value());
    }

    Having having(Operand left, Comparison operator, Operand right, Token at, @Nullable Window window) {
        var condition = (Condition.Compare) compare(left, operator, right, at);
        return new Having(condition.left(), operator, condition.right(), window);
    }

    Condition in(Operand value, List<Operand> list) {
        var fitted = list.stream().map(option -> fit(option, value)).toList();
        var subject = list.isEmpty() ? value : fit(value, list.getFirst());
        fitted.forEach(option -> check(subject, Comparison.EQ, option, option.at()));
        return new Condition.In(
                subject.value(), fitted.stream().map(Operand::value).toList());
    }

    Condition hasText(Operand text, Condition.Place place, Operand part) {
        for (var operand : List.of(text, part)) {
            if (!operand.isUnknown() && !operand.is(TEXT, OPTION)) {
                var advice = operand.is(OPTIONS) ? "; CONTAINSANY and CONTAINSALL ask for options" : "";
                wrong(operand.at(), place + " looks into texts, but " + operand.described() + advice);
            }
        }
        return new Condition.HasText(text.value(), place, part.value());
    }

    Condition hasOptions(Operand field, Condition.Quantifier quantifier, List<Token> options, Token at) {
        if (!(field.value() instanceof Value.Field known) || !field.is(OPTIONS)) {
            if (!field.isUnknown()) {
                wrong(field.at(), quantifier + " asks for a set of options, but " + field.described());
            }
            return new Condition.HasOptions(new Value.Field("?", OPTIONS), quantifier, List.of("?"));
        }
        options.forEach(option -> checkOption(field, option.text(), option));
        return new Condition.HasOptions(
                known, quantifier, options.stream().map(Token::text).toList());
    }

    Operand arithmetic(Operand left, Value.Operator operator, Operand right, Token at) {
        for (var operand : List.of(left, right)) {
            if (!operand.isUnknown() && !operand.is(NUMBER)) {
                wrong(operand.at(), "`" + operator.text() + "` takes numbers, but " + operand.described());
                return Operand.unknown(at);
            }
        }
        return left.isUnknown() || right.isUnknown()
                ? Operand.unknown(at)
                : Operand.of(new Value.Arithmetic(left.value(), operator, right.value()), NUMBER, left.at());
    }

    Operand negative(Operand of, Token at) {
        if (!of.isUnknown() && !of.is(NUMBER)) {
            wrong(of.at(), "`-` takes a number, but " + of.described());
        }
        return of.is(NUMBER) ? Operand.of(new Value.Negative(of.value()), NUMBER, at) : Operand.unknown(at);
    }

    Condition truth(Operand of, boolean wanted) {
        if (!of.isUnknown() && !of.is(BOOLEAN)) {
            wrong(of.at(), (wanted ? "ISTRUE" : "ISFALSE") + " takes what is true or false, but " + of.described());
        }
        return wanted ? new Condition.IsTrue(of.value()) : new Condition.IsFalse(of.value());
    }

    /** A date or timestamp, from what may be a text that says one; null when it is neither. */
    @Nullable
    Operand moment(Operand operand, String purpose) {
        var read = operand.value() instanceof Value.Text(var text, var _) && !operand.isUnknown()
                ? DateLiterals.read(text, operand.at(), complaints)
                : operand;
        if (read.isUnknown()) {
            return null;
        }
        if (!read.is(DATE, TIMESTAMP)) {
            wrong(read.at(), purpose + " takes a date or timestamp, but " + read.described());
            return null;
        }
        return read;
    }

    /** A text literal beside a date or timestamp is one. */
    private Operand fit(Operand operand, Operand beside) {
        return beside.is(DATE, TIMESTAMP) && operand.value() instanceof Value.Text(var text, var _)
                ? DateLiterals.read(text, operand.at(), complaints)
                : operand;
    }

    private void check(Operand left, Comparison operator, Operand right, Token at) {
        if (left.isUnknown() || right.isUnknown()) {
            return;
        }
        if (Stream.of(left, right).anyMatch(side -> side.is(OPTIONS))) {
            var options = left.is(OPTIONS) ? left : right;
            wrong(at, options.described() + "; ask CONTAINSANY(...) or CONTAINSALL(...)");
        } else if (!comparable(left, right)) {
            wrong(at, left.described() + ", but " + right.described() + adviceFor(left, right));
        } else if (operator.orders() && Stream.of(left, right).anyMatch(side -> side.is(OPTION, LOOKUP, BOOLEAN))) {
            var unordered = left.is(OPTION, LOOKUP, BOOLEAN) ? left : right;
            wrong(at, unordered.described() + " and has no order; only == and != compare it");
        } else {
            checkOptionBeside(left, right);
            checkOptionBeside(right, left);
        }
    }

    private void checkOptionBeside(Operand field, Operand literal) {
        if (field.is(OPTION) && literal.value() instanceof Value.Text(var text, var _)) {
            checkOption(field, text, literal.at());
        }
    }

    private void checkOption(Operand field, String text, Token at) {
        var declaration = field.declaration();
        var options = declaration == null ? List.<String>of() : declaration.options();
        if (options.isEmpty()) {
            return;
        }
        var folded = Fold.text(text);
        if (options.stream().noneMatch(option -> Fold.text(option).equals(folded))) {
            var all = options.size() <= 20 ? ": " + String.join(", ", options) : "";
            complaints.add(
                    at,
                    "unknown-option",
                    "'" + text + "' is not among the options" + all + Names.suggest(text, options));
        }
    }

    private static boolean comparable(Operand left, Operand right) {
        return (textual(left) && textual(right))
                || (left.is(NUMBER) && right.is(NUMBER))
                || (left.is(BOOLEAN) && right.is(BOOLEAN))
                || (left.is(DATE, TIMESTAMP) && right.is(DATE, TIMESTAMP));
    }

    private static boolean textual(Operand operand) {
        return operand.is(TEXT, OPTION, LOOKUP);
    }

    private static String adviceFor(Operand left, Operand right) {
        if ((left.is(NUMBER) && right.isTextLiteral()) || (right.is(NUMBER) && left.isTextLiteral())) {
            return "; numbers stand without quotes";
        }
        if ((textual(left) && right.is(NUMBER)) || (textual(right) && left.is(NUMBER))) {
            return "; texts stand in single quotes";
        }
        return left.is(BOOLEAN) || right.is(BOOLEAN) ? "; ask ISTRUE(...) or ISFALSE(...)" : "";
    }

    private void wrong(Token at, String detail) {
        complaints.add(at, "wrong-type", Character.toUpperCase(detail.charAt(0)) + detail.substring(1));
    }
}
