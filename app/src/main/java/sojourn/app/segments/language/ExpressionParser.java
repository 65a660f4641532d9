package sojourn.app.segments.language;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import sojourn.app.contacts.ValueType;
import sojourn.app.segments.language.Parsed.Operand;
import sojourn.app.segments.language.Parsed.Test;

/** Reads conditions and the values in them, from the loosest operator, or, to the tightest, a sign. */
final class ExpressionParser {

    private final Tokens tokens;
    private final Complaints complaints;
    private final Scope scope;
    private final Typing typing;
    private final FunctionParser functions;

    ExpressionParser(Tokens tokens, Complaints complaints, Catalog catalog, Scope scope) {
        this.tokens = tokens;
        this.complaints = complaints;
        this.scope = scope;
        this.typing = new Typing(complaints);
        this.functions = new FunctionParser(this, tokens, complaints, catalog, scope);
    }

    Condition condition() {
        return condition(or());
    }

    private Condition condition(Parsed parsed) {
        return switch (parsed) {
            case Test(var condition, var _) -> condition;
            case Operand operand -> {
                if (!operand.isUnknown()) {
                    var advice = operand.is(ValueType.BOOLEAN) ? "; ask ISTRUE(...) or ISFALSE(...)" : "";
                    complaints.add(
                            operand.at(), "wrong-type", "Expected a condition, but " + operand.described() + advice);
                }
                yield new Condition.IsNull(operand.value());
            }
        };
    }

    private Parsed or() {
        return joined(() -> joined(this::not, "&&", "AND", Condition.All::new), "||", "OR", Condition.Any::new);
    }

    private interface Join {
        Condition of(List<Condition> parts);
    }

    private Parsed joined(Supplier<Parsed> part, String symbol, String word, Join join) {
        var first = part.get();
        if (!isEither(symbol, word)) {
            return first;
        }
        var parts = new ArrayList<Condition>();
        parts.add(condition(first));
        while (isEither(symbol, word)) {
            tokens.next();
            parts.add(condition(part.get()));
        }
        return new Test(join.of(parts), first.at());
    }

    private static boolean isFunction(String name) {
        return Arrays.stream(Value.Function.values())
                .anyMatch(function -> function.name().equalsIgnoreCase(name));
    }

    private boolean isEither(String symbol, String word) {
        return tokens.peek().is(symbol) || tokens.peek().isWord(word);
    }

    /** An unreadable part is stepped over up to the next logical operator. */
    private Parsed not() {
        var start = tokens.peek();
        try {
            if (tokens.take("!") || tokens.takeWord("NOT")) {
                var inner = tokens.nested(this::not);
                return new Test(new Condition.Not(condition(inner)), start);
            }
            return comparison();
        } catch (Complaints.Unreadable known) {
            tokens.skipTo(ExpressionParser::endsPart);
            return Operand.unknown(start);
        }
    }

    private static boolean endsPart(Token token) {
        return token.is("&&") || token.is("||") || token.is(",") || token.isWord("AND") || token.isWord("OR");
    }

    private Parsed comparison() {
        var left = arithmetic(1);
        var at = tokens.peek();
        var operator = comparisonAt(at);
        if (operator.isPresent()) {
            tokens.next();
            return new Test(typing.compare(operand(left), operator.get(), operand(arithmetic(1)), at), left.at());
        }
        if (left instanceof Test || endsPart(at) || at.is(")") || at.kind() == Token.Kind.END) {
            return left;
        }
        return functions
                .behind(operand(left))
                .map(condition -> (Parsed) new Test(condition, left.at()))
                .orElseThrow(() -> tokens.unexpected(
                        "a comparison such as ==, <, IN or CONTAINS" + Names.suggest(at.text(), FunctionParser.INFIX)));
    }

    static Optional<Comparison> comparisonAt(Token token) {
        return Arrays.stream(Comparison.values())
                .filter(comparison -> token.is(comparison.text()))
                .findFirst();
    }

    Operand operand() {
        return operand(arithmetic(1));
    }

    private Operand operand(Parsed parsed) {
        return switch (parsed) {
            case Operand operand -> operand;
            case Test(var _, var at) -> {
                complaints.add(at, "wrong-type", "Expected a value, but found a condition at " + at.shown());
                yield Operand.unknown(at);
            }
        };
    }

    private Parsed arithmetic(int tightness) {
        var left = sign();
        while (true) {
            var at = tokens.peek();
            var operator = Arrays.stream(Value.Operator.values())
                    .filter(candidate -> at.is(candidate.text()) && candidate.precedence() >= tightness)
                    .findFirst();
            if (operator.isEmpty()) {
                return left;
            }
            tokens.next();
            var right = arithmetic(operator.get().precedence() + 1);
            left = typing.arithmetic(operand(left), operator.get(), operand(right), at);
        }
    }

    private Parsed sign() {
        var at = tokens.peek();
        if (!tokens.take("-")) {
            return primary();
        }
        return tokens.peek().kind() == Token.Kind.NUMBER
                ? number(tokens.next(), true)
                : typing.negative(operand(tokens.nested(this::sign)), at);
    }

    private Parsed primary() {
        var at = tokens.peek();
        return switch (at.kind()) {
            case NUMBER -> number(tokens.next(), false);
            case TEXT -> text(tokens.next(), false);
            case NAME -> name(at);
            case SYMBOL ->
                switch (at.text()) {
                    case "(" -> tokens.parenthesized("", this::or, Operand.unknown(at));
                    default -> throw tokens.unexpected("a condition or value");
                };
            case KEY, END -> throw tokens.unexpected("a condition or value");
        };
    }

    private Parsed name(Token at) {
        if (at.isWord("CASE") && tokens.peek(1).kind() == Token.Kind.TEXT) {
            tokens.next();
            return text(tokens.next(), true);
        } else if (tokens.isCall()) {
            return functions.call();
        } else if (tokens.takeWord("TRUE")) {
            return Operand.of(new Value.Truth(true), ValueType.BOOLEAN, at);
        } else if (tokens.takeWord("FALSE")) {
            return Operand.of(new Value.Truth(false), ValueType.BOOLEAN, at);
        } else if (Keywords.isReserved(at.text()) && !tokens.peek(1).is(".")) {
            throw tokens.unexpected("a condition or value");
        }
        if (scope.aggregates()) {
            if (isFunction(at.text())) {
                var meant = at.isWord("COUNT") ? "COUNT()" : at.text().toUpperCase(Locale.ROOT) + "(amount)";
                throw complaints.unreadable(
                        at, "unexpected", "An aggregate is written with parentheses, as in " + meant);
            }
            complaints.add(
                    at,
                    "wrong-type",
                    "`" + at.text() + "` is of one interaction, HAVING asks of all together; write SUM(" + at.text()
                            + ") or another aggregate");
        }
        return field();
    }

    /** A bare name with its dots; the prefix before it changes nothing. */
    Operand field() {
        var at = tokens.next();
        if (at.kind() != Token.Kind.NAME) {
            throw complaints.unreadable(at, "unexpected", "Found " + at.shown() + "; expected a name");
        }
        var name = new StringBuilder(at.text());
        while (tokens.peek().is(".") && tokens.peek(1).kind() == Token.Kind.NAME) {
            tokens.next();
            name.append('.').append(tokens.next().text());
        }
        var bare = scope.bare(name.toString());
        return scope.find(bare)
                .map(declaration -> new Operand(scope.field(bare, declaration), declaration, at))
                .orElseGet(() -> unknown(bare, at));
    }

    private Operand unknown(String name, Token at) {
        if (scope.differs(name)) {
            var reason = scope.any()
                    ? "Only the built-in properties can be asked for with ANY, and `" + name
                            + "` is none; name the types that have it"
                    : "`" + name
                            + "` is not declared alike in all of these interaction types; ask for one type at a time";
            complaints.add(at, "unknown-property", reason);
        } else if (scope.known()) {
            var noun = scope.kind().noun();
            var advice = scope.lookup(name)
                    .map(type -> "; records are asked for by PROFILE(" + type + ").FILTER(...).TRAVERSE(...)")
                    .orElseGet(() -> suggest(name));
            complaints.add(at, "unknown-" + noun, "Unknown " + noun + " `" + name + "`" + advice);
        }
        return Operand.unknown(at);
    }

    private String suggest(String name) {
        var suggestion = Names.suggest(name, scope.names().keySet());
        return suggestion.contains("did you mean") ? suggestion : suggestion + "; as a text it would be '" + name + "'";
    }

    private Operand text(Token token, boolean exact) {
        return token.text().isEmpty()
                ? Operand.unknown(token)
                : Operand.of(new Value.Text(token.text(), exact), ValueType.TEXT, token);
    }

    private Operand number(Token token, boolean negative) {
        return Numbers.read(token, complaints)
                .map(number -> negative ? number.negate() : number)
                .map((BigDecimal number) -> Operand.of(new Value.Numeral(number), ValueType.NUMBER, token))
                .orElseGet(() -> Operand.unknown(token));
    }

    /** A number as it stands, from one bound to another. */
    BigDecimal number(String wanted, int least, int most) {
        var at = tokens.peek();
        var negative = tokens.take("-");
        if (tokens.peek().kind() != Token.Kind.NUMBER) {
            throw tokens.unexpected(wanted);
        }
        var number = Numbers.read(tokens.next(), complaints).orElse(BigDecimal.ZERO);
        var signed = negative ? number.negate() : number;
        if (signed.compareTo(BigDecimal.valueOf(least)) < 0 || signed.compareTo(BigDecimal.valueOf(most)) > 0) {
            complaints.add(at, "out-of-range", "Found " + signed.toPlainString() + "; expected " + wanted);
            return BigDecimal.ZERO;
        }
        return signed;
    }

    Typing typing() {
        return typing;
    }
}
