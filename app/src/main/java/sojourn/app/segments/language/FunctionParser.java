package sojourn.app.segments.language;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import sojourn.app.contacts.ValueType;
import sojourn.app.segments.language.Condition.Place;
import sojourn.app.segments.language.Condition.Quantifier;
import sojourn.app.segments.language.Parsed.Operand;
import sojourn.app.segments.language.Parsed.Test;
import sojourn.app.segments.language.Value.Function;

/** Reads what is written as a word with parentheses, and the words that stand behind a value. */
final class FunctionParser {

    /** The words that may follow a value. */
    static final Set<String> INFIX = Set.of(
            "IN",
            "NOT",
            "CONTAINS",
            "STARTSWITH",
            "ENDSWITH",
            "CONTAINSALL",
            "CONTAINSANY",
            "ISNULL",
            "ISNOTNULL",
            "ISTRUE",
            "ISFALSE",
            "WITHIN",
            "ANNIVERSARY");

    private static final String DATE_ARGUMENTS = "DATE takes year, month, day[, hour, minute, second, millisecond]";

    private static final Set<String> FUNCTIONS = Set.of(
            "ISNULL",
            "ISNOTNULL",
            "ISTRUE",
            "ISFALSE",
            "CONTAINS",
            "STARTSWITH",
            "ENDSWITH",
            "CONTAINSALL",
            "CONTAINSANY",
            "DATE",
            "DATETIMEUTCNOW",
            "TODAY",
            "DATEADD",
            "DATEDIFF",
            "ANNIVERSARY",
            "NEAR",
            "SEGMENT",
            "COUNT",
            "SUM",
            "AVG",
            "MIN",
            "MAX");

    private final ExpressionParser expressions;
    private final Tokens tokens;
    private final Complaints complaints;
    private final Catalog catalog;
    private final Scope scope;
    private final DateFunctionParser dates;

    FunctionParser(ExpressionParser expressions, Tokens tokens, Complaints complaints, Catalog catalog, Scope scope) {
        this.expressions = expressions;
        this.tokens = tokens;
        this.complaints = complaints;
        this.catalog = catalog;
        this.scope = scope;
        this.dates = new DateFunctionParser(expressions, tokens, complaints);
    }

    Parsed call() {
        var name = tokens.next();
        var word = name.text().toUpperCase(Locale.ROOT);
        return switch (word) {
            case "ISNULL", "ISNOTNULL", "ISTRUE", "ISFALSE" -> test(name, () -> is(word, expressions.operand()));
            case "CONTAINS", "STARTSWITH", "ENDSWITH" -> test(name, () -> hasText(word));
            case "CONTAINSALL", "CONTAINSANY" -> test(name, () -> hasOptions(word, name));
            case "DATE" -> argument(name, () -> DateLiterals.of(integers(), name, complaints));
            case "DATETIMEUTCNOW" -> argument(name, () -> Operand.of(new Value.Now(), ValueType.TIMESTAMP, name));
            case "TODAY" -> argument(name, () -> Operand.of(new Value.Today(), ValueType.TIMESTAMP, name));
            case "DATEADD" -> argument(name, () -> dates.add(name));
            case "DATEDIFF" -> argument(name, () -> dates.difference(name));
            case "ANNIVERSARY" -> anniversary(name);
            case "NEAR" -> test(name, () -> near(name));
            case "SEGMENT" -> test(name, this::membership);
            case "COUNT", "SUM", "AVG", "MIN", "MAX" -> argument(name, () -> aggregate(word, name));
            default -> unknown(name);
        };
    }

    private Parsed test(Token name, Supplier<Condition> body) {
        var unreadable = new Condition.IsNull(new Value.Truth(true));
        return new Test(tokens.parenthesized("behind " + name.shown(), body, unreadable), name);
    }

    private Parsed argument(Token name, Supplier<Operand> body) {
        return tokens.parenthesized("behind " + name.shown(), body, Operand.unknown(name));
    }

    /** Written as a function, {@code ANNIVERSARY(birthday) WITHIN NEXT(7, DAY)}, or behind the date. */
    private Parsed anniversary(Token name) {
        var date = (Operand) argument(name, expressions::operand);
        return new Test(dates.within(date, true), name);
    }

    private Condition near(Token name) {
        if (scope.kind() != Scope.Kind.CONTACT) {
            complaints.add(
                    name, "unexpected", "NEAR asks where a contact is; it stands in PROFILE(contact).FILTER(...)");
        }
        var latitude = expressions.number("the latitude in degrees, from -90 to 90", -90, 90);
        tokens.expect(",", "between latitude and longitude");
        var longitude = expressions.number("the longitude in degrees, from -180 to 180", -180, 180);
        tokens.expect(",", "before the distance");
        var kilometres = expressions.number("the distance in kilometres, from 0 to 20040", 0, 20_040);
        return new Condition.Near(latitude, longitude, kilometres);
    }

    private Parsed unknown(Token name) {
        var advice = HavingParser.WINDOWS.contains(name.text().toUpperCase(Locale.ROOT))
                ? "; a window stands in HAVING, as in INTERACTION(Purchase).HAVING(COUNT() > 0, DAYS(60))"
                : Names.suggest(name.text(), FUNCTIONS);
        complaints.add(name, "unknown-function", "Unknown function " + name.shown() + advice);
        tokens.next();
        tokens.skipTo(token -> false);
        tokens.take(")");
        return Operand.unknown(name);
    }

    /** What stands behind a value: IN, a word that looks into it, a word that says what it is. */
    Optional<Condition> behind(Operand left) {
        var word = tokens.peek();
        var name = word.kind() == Token.Kind.NAME ? word.text().toUpperCase(Locale.ROOT) : "";
        return Optional.ofNullable(
                switch (name) {
                    case "IN" -> DateFunctionParser.isRange(tokens.peek(1)) ? dates.within(left, false) : in(left);
                    case "WITHIN", "LAST", "NEXT" -> dates.within(left, false);
                    case "ANNIVERSARY" -> {
                        tokens.next();
                        yield dates.within(left, true);
                    }
                    case "NOT" -> tokens.peek(1).isWord("IN") ? notIn(left) : null;
                    case "CONTAINS", "STARTSWITH", "ENDSWITH" -> {
                        tokens.next();
                        yield expressions.typing().hasText(left, Place.valueOf(name), expressions.operand());
                    }
                    case "CONTAINSALL", "CONTAINSANY" -> {
                        tokens.next();
                        var options = tokens.parenthesized("behind " + word.shown(), this::texts, List.<Token>of());
                        yield expressions
                                .typing()
                                .hasOptions(left, Quantifier.valueOf(name), orPlaceholder(options, word), word);
                    }
                    case "ISNULL", "ISNOTNULL", "ISTRUE", "ISFALSE" -> {
                        tokens.next();
                        yield is(name, left);
                    }
                    default -> null;
                });
    }

    private Condition notIn(Operand left) {
        tokens.next();
        return new Condition.Not(in(left));
    }

    private Condition in(Operand left) {
        tokens.next();
        Supplier<List<Operand>> body = () -> {
            var list = new ArrayList<Operand>();
            do {
                list.add(expressions.operand());
            } while (tokens.take(","));
            return list;
        };
        var unreadable = List.of(Operand.unknown(tokens.peek()));
        return expressions.typing().in(left, tokens.parenthesized("behind IN", body, unreadable));
    }

    private Condition is(String word, Operand of) {
        return switch (word) {
            case "ISNULL" -> new Condition.IsNull(of.value());
            case "ISNOTNULL" -> new Condition.Not(new Condition.IsNull(of.value()));
            case "ISTRUE" -> expressions.typing().truth(of, true);
            default -> expressions.typing().truth(of, false);
        };
    }

    private Condition hasText(String word) {
        var text = expressions.operand();
        tokens.expect(",", "between the text and what to look for");
        return expressions.typing().hasText(text, Place.valueOf(word), expressions.operand());
    }

    private Condition hasOptions(String word, Token name) {
        var field = expressions.operand();
        tokens.expect(",", "before the options");
        return expressions.typing().hasOptions(field, Quantifier.valueOf(word), texts(), name);
    }

    private List<Token> texts() {
        var texts = new ArrayList<Token>();
        do {
            if (tokens.peek().kind() != Token.Kind.TEXT) {
                throw tokens.unexpected("an option in single quotes");
            }
            texts.add(tokens.next());
        } while (tokens.take(","));
        return texts;
    }

    private static List<Token> orPlaceholder(List<Token> options, Token at) {
        return options.isEmpty() ? List.of(at) : options;
    }

    private List<Integer> integers() {
        var numbers = new ArrayList<Integer>();
        do {
            var token = tokens.peek();
            if (token.kind() != Token.Kind.NUMBER || !token.text().matches("\\d{1,4}")) {
                throw tokens.unexpected("a whole number; " + DATE_ARGUMENTS);
            }
            numbers.add(Integer.valueOf(tokens.next().text()));
        } while (tokens.take(","));
        if (numbers.size() < 3 || numbers.size() > 7) {
            throw complaints.unreadable(tokens.peek(), "invalid-date", DATE_ARGUMENTS);
        }
        return numbers;
    }

    private Condition membership() {
        if (!scope.membership()) {
            complaints.add(
                    tokens.peek(),
                    "unexpected",
                    "SEGMENT(key) is a block of its own here; join it by UNION, INTERSECT or EXCEPT");
        }
        return new Condition.Member(SegmentKeys.read(tokens, complaints, catalog));
    }

    private Operand aggregate(String word, Token name) {
        if (!scope.aggregates()) {
            complaints.add(
                    name,
                    "unexpected",
                    "`" + name.text() + "` asks of all interactions together; it belongs in HAVING");
        }
        if (word.equals("COUNT") && !tokens.peek().isWord("DISTINCT")) {
            return Operand.of(new Value.Aggregate(Function.COUNT, null), ValueType.NUMBER, name);
        }
        var function = word.equals("COUNT") ? Function.COUNT_DISTINCT : Function.valueOf(word);
        if (function == Function.COUNT_DISTINCT) {
            tokens.next();
        }
        var field = expressions.field();
        if (!(field.value() instanceof Value.Field known)) {
            return Operand.unknown(name);
        }
        return aggregate(function, known, field, name);
    }

    private Operand aggregate(Function function, Value.Field field, Operand operand, Token name) {
        var fits = switch (function) {
            case COUNT, COUNT_DISTINCT -> !operand.is(ValueType.OPTIONS);
            case SUM, AVG -> operand.is(ValueType.NUMBER);
            case MIN, MAX -> operand.is(ValueType.NUMBER, ValueType.DATE, ValueType.TIMESTAMP);
        };
        if (!fits) {
            complaints.add(operand.at(), "wrong-type", name.text() + " does not go with this: " + operand.described());
            return Operand.unknown(name);
        }
        var type = switch (function) {
            case MIN, MAX -> field.type();
            case COUNT, COUNT_DISTINCT, SUM, AVG -> ValueType.NUMBER;
        };
        return Operand.of(new Value.Aggregate(function, field), type, name);
    }
}
