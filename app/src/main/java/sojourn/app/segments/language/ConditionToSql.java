package sojourn.app.segments.language;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;
import sojourn.app.contacts.Fold;
import sojourn.app.contacts.ValueType;

/**
 * Conditions as SQL to stand in a WHERE. Comparisons are left to be null where a side is null, which WHERE, AND and OR
 * take for false, so that indexes can serve them; only NOT must not, and is written {@code is not true}.
 */
final class ConditionToSql {

    /** Up to so many alternatives are looked up in the index one by one. */
    private static final int LOOKED_UP = 10;

    private final Columns columns;
    private final ValueToSql values;
    private final SqlContext context;

    ConditionToSql(Columns columns, SqlContext context) {
        this.columns = columns;
        this.values = new ValueToSql(columns, context);
        this.context = context;
    }

    Sql compile(Condition condition) {
        return switch (condition) {
            case Condition.All(var of) -> Sql.all(of.stream().map(this::compile));
            case Condition.Any(var of) -> Sql.any(of.stream().map(this::compile));
            case Condition.Not(var of) -> compile(of).not();
            case Condition.Compare(var left, var operator, var right) -> compare(left, operator, right);
            case Condition.In(var value, var list) -> in(value, list);
            case Condition.HasText(var text, var place, var part) -> hasText(text, place, part);
            case Condition.HasOptions(var field, var quantifier, var options) -> hasOptions(field, quantifier, options);
            case Condition.IsNull(var value) -> Sql.fill("({}) is null", values.typed(value));
            case Condition.IsTrue(var value) -> Sql.fill("({}) is true", values.typed(value));
            case Condition.IsFalse(var value) -> Sql.fill("({}) is false", values.typed(value));
            case Condition.Within within -> DatesToSql.within(within, values.typed(within.value()), context);
            case Condition.Near near -> Geography.near(near, columns.alias());
            case Condition.Member(var segment) -> member(context.segment(segment), columns.alias());
        };
    }

    static Sql member(int segment, String alias) {
        return Sql.of(
                "exists (select 1 from membership m where m.segment_id = ? and m.contact_id = " + alias + ".id)",
                segment);
    }

    Sql compare(Value left, Comparison operator, Value right) {
        return switch (Types.of(left)) {
            case TEXT, OPTION, LOOKUP -> compareTexts(left, operator, right);
            case DATE, TIMESTAMP -> compareMoments(left, operator, right);
            case NUMBER -> plain(numberBeside(left, right), operator, numberBeside(right, left));
            case BOOLEAN -> plain(values.typed(left), operator, values.typed(right));
            case OPTIONS -> throw new IllegalArgumentException("Options are not compared");
        };
    }

    private static Sql plain(Sql left, Comparison operator, Sql right) {
        return Sql.fill("{} " + operator.sql() + " {}", left, right);
    }

    /** A count is compared as the whole number that it is, where the other side is one too. */
    private Sql numberBeside(Value value, Value other) {
        return value instanceof Value.Numeral(var number)
                        && other instanceof Value.Aggregate
                        && number.scale() <= 0
                        && number.precision() - number.scale() <= 18
                ? Sql.of("?", number.longValueExact())
                : values.typed(value);
    }

    private Sql compareTexts(Value left, Comparison operator, Value right) {
        var exact = Types.isExact(columns.scope(), left, right);
        if (operator == Comparison.EQ && !exact && isIndexed(left) && right instanceof Value.Text(var text, var _)) {
            return columns.contains((Value.Field) left, JsonNodeFactory.instance.textNode(Fold.text(text)));
        } else if (operator == Comparison.EQ && !exact && isIndexed(right) && left instanceof Value.Text) {
            return compareTexts(right, operator, left);
        }
        var first = values.text(left, exact);
        var second = values.text(right, exact);
        return operator.orders()
                ? Sql.fill("{} collate \"C\" " + operator.sql() + " {}", first, second)
                : plain(first, operator, second);
    }

    private boolean isIndexed(Value value) {
        return value instanceof Value.Field field && (columns.scope() != Scope.Kind.INTERACTION || field.of() != null);
    }

    private Sql compareMoments(Value left, Comparison operator, Value right) {
        if (Types.of(left) == Types.of(right)) {
            return plain(values.typed(left), operator, values.typed(right));
        } else if (Types.of(left) == ValueType.DATE && !Types.isConstant(left) && Types.isConstant(right)) {
            return compareDays(values.typed(left), operator, moment(right));
        } else if (Types.of(right) == ValueType.DATE && !Types.isConstant(right) && Types.isConstant(left)) {
            return compareDays(values.typed(right), operator.flipped(), moment(left));
        }
        return plain(values.moment(left), operator, values.moment(right));
    }

    private Instant moment(Value constant) {
        return Moments.instant(constant, context.now(), context.zone());
    }

    /** The midnights of dates against an instant: a comparison with the last date whose midnight it has reached. */
    private Sql compareDays(Sql dates, Comparison operator, Instant instant) {
        var zone = context.zone();
        var last = instant.atZone(zone).toLocalDate();
        while (!Moments.midnight(last.plusDays(1), zone).isAfter(instant)) {
            last = last.plusDays(1);
        }
        var date = ValueToSql.date(last);
        if (Moments.midnight(last, zone).equals(instant)) {
            return plain(dates, operator, date);
        }
        return switch (operator) {
            case LT, LE -> plain(dates, Comparison.LE, date);
            case GT, GE -> plain(dates, Comparison.GT, date);
            case EQ -> Sql.of("false");
            case NE -> Sql.fill("{} is not null", dates);
        };
    }

    private Sql in(Value value, List<Value> list) {
        if (list.size() > LOOKED_UP && list.stream().allMatch(Value.Numeral.class::isInstance)) {
            return inList(values.typed(value), list.stream().map(values::typed));
        }
        var folds = value instanceof Value.Field
                && list.stream().allMatch(Value.Text.class::isInstance)
                && list.stream().noneMatch(option -> Types.isExact(columns.scope(), value, option));
        if (folds && list.size() > LOOKED_UP) {
            return inList(values.text(value, false), list.stream().map(option -> values.text(option, false)));
        }
        return Sql.any(list.stream().map(option -> compare(value, Comparison.EQ, option)));
    }

    private static Sql inList(Sql value, Stream<Sql> list) {
        return Sql.fill("{} in ({})", value, Sql.join(", ", list.toList()));
    }

    private Sql hasText(Value text, Condition.Place place, Value part) {
        var exact = Types.isExact(columns.scope(), text, part);
        var where = values.text(text, exact);
        var what = values.text(part, exact);
        return switch (place) {
            case CONTAINS -> Sql.fill("strpos({}, {}) > 0", where, what);
            case STARTSWITH -> Sql.fill("starts_with({}, {})", where, what);
            case ENDSWITH -> Sql.fill("right({}, length({})) = {}", where, what, what);
        };
    }

    private Sql hasOptions(Value.Field field, Condition.Quantifier quantifier, List<String> options) {
        var single = options.stream().map(option -> {
            var array = JsonNodeFactory.instance.arrayNode().add(Fold.text(option));
            return columns.contains(field, array);
        });
        return switch (quantifier) {
            case CONTAINSALL -> Sql.all(single);
            case CONTAINSANY -> Sql.any(single);
        };
    }
}
