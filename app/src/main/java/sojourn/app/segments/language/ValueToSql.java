package sojourn.app.segments.language;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import sojourn.app.contacts.Fold;
import sojourn.app.contacts.ValueType;

/** Values as SQL expressions. */
final class ValueToSql {

    private final Columns columns;
    private final SqlContext context;

    ValueToSql(Columns columns, SqlContext context) {
        this.columns = columns;
        this.context = context;
    }

    /** As it stands; what the type of the value wants. */
    Sql typed(Value value) {
        return switch (value) {
            case Value.Field field -> columns.typed(field);
            case Value.Text(var text, var _) -> Sql.of("?", text);
            case Value.Numeral(var number) -> Sql.of("?", number);
            case Value.Truth(var truth) -> Sql.of(truth ? "true" : "false");
            case Value.Day(var date) -> Sql.of("?", date);
            case Value.LocalTime _, Value.Moment _, Value.Now _, Value.Today _ ->
                instant(Moments.instant(value, context.now(), context.zone()));
            case Value.Arithmetic(var left, var operator, var right) ->
                switch (operator) {
                    case PLUS, MINUS, TIMES -> Sql.fill("({} " + operator.text() + " {})", typed(left), typed(right));
                    case DIVIDED -> Sql.fill("segment_quotient({}, {})", typed(left), typed(right));
                };
            case Value.Negative(var of) -> Sql.fill("(- {})", typed(of));
            case Value.DateAdd moved -> moved(moved);
            case Value.DateDiff difference -> difference(difference);
            case Value.Aggregate aggregate -> aggregate(aggregate);
        };
    }

    private Sql moved(Value.DateAdd moved) {
        if (Types.isConstant(moved)) {
            return Types.of(moved) == ValueType.DATE
                    ? date(Moments.date(moved))
                    : instant(Moments.instant(moved, context.now(), context.zone()));
        }
        return Types.of(moved) == ValueType.DATE
                ? DatesToSql.add(typed(moved.to()), moved)
                : DatesToSql.add(moment(moved.to()), moved, context.zone());
    }

    private Sql difference(Value.DateDiff difference) {
        var unit = difference.unit();
        return unit.isOfDates()
                ? DatesToSql.elapsed(local(difference.from()), local(difference.to()), unit)
                : DatesToSql.elapsed(moment(difference.from()), moment(difference.to()), unit);
    }

    /** The wall clock of the zone at that moment. */
    private Sql local(Value value) {
        return Types.of(value) == ValueType.DATE
                ? Sql.fill("({}::timestamp)", typed(value))
                : Sql.fill(
                        "({} at time zone {})",
                        typed(value),
                        Sql.of("?", context.zone().getId()));
    }

    static Sql instant(Instant instant) {
        return Sql.of("?", instant.atOffset(ZoneOffset.UTC));
    }

    static Sql date(LocalDate date) {
        return Sql.of("?", date);
    }

    Sql text(Value value, boolean exact) {
        return switch (value) {
            case Value.Text(var text, var _) -> Sql.of("?", exact ? text : Fold.text(text));
            case Value.Field field when !exact -> columns.folded(field);
            default -> typed(value);
        };
    }

    /**
     * A date as the midnight of its day in the zone, an instant as itself. Of a midnight that a clock change repeats the
     * database takes the second, Java the first: an hour before it is never repeated with it.
     */
    Sql moment(Value value) {
        if (Types.of(value) != ValueType.DATE) {
            return typed(value);
        } else if (Types.isConstant(value)) {
            return instant(Moments.instant(value, context.now(), context.zone()));
        }
        var zone = Sql.of("?", context.zone().getId());
        return Sql.fill(
                "least({}::timestamp at time zone {},"
                        + " ({}::timestamp - interval '1 hour') at time zone {} + interval '1 hour')",
                typed(value),
                zone,
                typed(value),
                zone);
    }

    private Sql aggregate(Value.Aggregate aggregate) {
        return switch (aggregate.function()) {
            case COUNT -> Sql.of("count(*)");
            case COUNT_DISTINCT -> Sql.fill("count(distinct {})", counted(aggregate.counted()));
            case SUM -> Sql.fill("sum({})", typed(aggregate.counted()));
            case AVG ->
                Sql.fill(
                        "segment_quotient(sum({}), count({}))", typed(aggregate.counted()), typed(aggregate.counted()));
            case MIN -> Sql.fill("min({})", typed(aggregate.counted()));
            case MAX -> Sql.fill("max({})", typed(aggregate.counted()));
        };
    }

    private Sql counted(Value.Field field) {
        var folds = field.type().isFolded() && !Types.isExact(columns.scope(), field);
        return folds ? columns.folded(field) : typed(field);
    }
}
