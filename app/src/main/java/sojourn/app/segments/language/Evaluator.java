package sojourn.app.segments.language;

import java.math.BigDecimal;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Fold;
import sojourn.app.segments.language.ContactState.Occurrence;

/** Computes values and compares them, for one contact or one interaction, or over many of them. */
final class Evaluator {

    private final Scope.Kind scope;
    private final Function<String, @Nullable Object> fields;
    private final Collection<Occurrence> occurrences;
    private final Instant now;
    private final ZoneId zone;

    private Evaluator(
            Scope.Kind scope,
            Function<String, @Nullable Object> fields,
            Collection<Occurrence> occurrences,
            Instant now,
            ZoneId zone) {
        this.scope = scope;
        this.fields = fields;
        this.occurrences = occurrences;
        this.now = now;
        this.zone = zone;
    }

    static Evaluator onRecord(Scope.Kind scope, Map<String, Object> attributes, Instant now, ZoneId zone) {
        return new Evaluator(scope, attributes::get, List.of(), now, zone);
    }

    static Evaluator onInteraction(Occurrence interaction, Instant now, ZoneId zone) {
        return new Evaluator(Scope.Kind.INTERACTION, interaction::get, List.of(), now, zone);
    }

    static Evaluator overInteractions(Collection<Occurrence> interactions, Instant now, ZoneId zone) {
        return new Evaluator(Scope.Kind.INTERACTION, name -> null, interactions, now, zone);
    }

    /** False as soon as either side is null. */
    boolean compare(Value left, Comparison operator, Value right) {
        var first = value(left);
        var second = value(right);
        if (first == null || second == null) {
            return false;
        }
        return operator.holds(
                switch (first) {
                    case String text -> order(text, (String) second, Types.isExact(scope, left, right));
                    case BigDecimal number -> number.compareTo((BigDecimal) second);
                    case Boolean truth -> truth.compareTo((Boolean) second);
                    case LocalDate date when second instanceof LocalDate other -> date.compareTo(other);
                    default -> instant(first).compareTo(instant(second));
                });
    }

    private Instant instant(Object moment) {
        return moment instanceof LocalDate date ? Moments.midnight(date, zone) : (Instant) moment;
    }

    private static int order(String one, String other, boolean exact) {
        return exact ? byCodePoint(one, other) : byCodePoint(Fold.text(one), Fold.text(other));
    }

    /** The order of {@code String} itself puts what lies beyond the basic plane before U+E000. */
    private static int byCodePoint(String one, String other) {
        var first = one.codePoints().iterator();
        var second = other.codePoints().iterator();
        while (first.hasNext() && second.hasNext()) {
            var order = Integer.compare(first.nextInt(), second.nextInt());
            if (order != 0) {
                return order;
            }
        }
        return Boolean.compare(first.hasNext(), second.hasNext());
    }

    boolean hasText(Value text, Condition.Place place, Value part) {
        var exact = Types.isExact(scope, text, part);
        if (!(value(text) instanceof String within) || !(value(part) instanceof String wanted)) {
            return false;
        }
        var where = exact ? within : Fold.text(within);
        var what = exact ? wanted : Fold.text(wanted);
        return switch (place) {
            case CONTAINS -> where.contains(what);
            case STARTSWITH -> where.startsWith(what);
            case ENDSWITH -> where.endsWith(what);
        };
    }

    boolean hasOptions(Value.Field field, Condition.Quantifier quantifier, List<String> options) {
        var chosen = value(field) instanceof List<?> list
                ? list.stream().map(option -> Fold.text((String) option)).toList()
                : List.<String>of();
        return switch (quantifier) {
            case CONTAINSALL -> options.stream().map(Fold::text).allMatch(chosen::contains);
            case CONTAINSANY -> options.stream().map(Fold::text).anyMatch(chosen::contains);
        };
    }

    @Nullable
    Object value(Value value) {
        return switch (value) {
            case Value.Field(var name, var _, var _) -> fields.apply(name);
            case Value.Text(var text, var _) -> text;
            case Value.Numeral(var number) -> number;
            case Value.Truth(var truth) -> truth;
            case Value.Day(var date) -> date;
            case Value.LocalTime _, Value.Moment _, Value.Now _, Value.Today _ -> Moments.instant(value, now, zone);
            case Value.DateAdd moved -> moved(moved);
            case Value.DateDiff difference -> difference(difference);
            case Value.Arithmetic(var left, var operator, var right) -> {
                var first = (BigDecimal) value(left);
                var second = (BigDecimal) value(right);
                yield first == null || second == null ? null : compute(first, operator, second);
            }
            case Value.Negative(var of) -> value(of) instanceof BigDecimal number ? number.negate() : null;
            case Value.Aggregate aggregate -> aggregate(aggregate);
        };
    }

    private @Nullable Object moved(Value.DateAdd moved) {
        return switch (value(moved.to())) {
            case null -> null;
            case LocalDate date when moved.unit().isOfDates() -> CalendarMath.add(date, moved.unit(), moved.count());
            case Object moment -> CalendarMath.add(instant(moment), moved.unit(), moved.count(), zone);
        };
    }

    private @Nullable BigDecimal difference(Value.DateDiff difference) {
        var from = value(difference.from());
        var to = value(difference.to());
        if (from == null || to == null) {
            return null;
        }
        return BigDecimal.valueOf(
                difference.unit().isOfDates()
                        ? CalendarMath.elapsed(local(from), local(to), difference.unit())
                        : CalendarMath.elapsed(instant(from), instant(to), difference.unit()));
    }

    private LocalDateTime local(Object moment) {
        return moment instanceof LocalDate date ? date.atStartOfDay() : LocalDateTime.ofInstant((Instant) moment, zone);
    }

    boolean isWithin(Condition.Within within) {
        var moment = value(within.value());
        if (moment == null) {
            return false;
        }
        var dates = CalendarMath.within(within, now.atZone(zone).toLocalDate());
        if (within.anniversary()) {
            return CalendarMath.hasAnniversary(local(moment).toLocalDate(), dates);
        }
        // By the midnights, as everywhere: where a clock change repeats one, it is the first that ends the day.
        return moment instanceof LocalDate day
                ? dates.contain(day)
                : !instant(moment).isBefore(Moments.midnight(dates.from(), zone))
                        && instant(moment).isBefore(Moments.midnight(dates.until(), zone));
    }

    /** By the haversine formula. */
    boolean isNear(Condition.Near near) {
        if (!(fields.apply("latitude") instanceof BigDecimal latitude)
                || !(fields.apply("longitude") instanceof BigDecimal longitude)) {
            return false;
        }
        return Geography.kilometres(
                        near.latitude().doubleValue(),
                        near.longitude().doubleValue(),
                        latitude.doubleValue(),
                        longitude.doubleValue())
                <= near.kilometres().doubleValue();
    }

    private static @Nullable BigDecimal compute(BigDecimal left, Value.Operator operator, BigDecimal right) {
        return switch (operator) {
            case PLUS -> left.add(right);
            case MINUS -> left.subtract(right);
            case TIMES -> left.multiply(right);
            case DIVIDED -> Numbers.quotient(left, right).orElse(null);
        };
    }

    private @Nullable Object aggregate(Value.Aggregate aggregate) {
        return switch (aggregate.function()) {
            case COUNT -> BigDecimal.valueOf(occurrences.size());
            case COUNT_DISTINCT ->
                BigDecimal.valueOf(values(aggregate)
                        .map(value -> identity(aggregate.counted(), value))
                        .distinct()
                        .count());
            case SUM -> sum(aggregate).orElse(null);
            case AVG ->
                sum(aggregate)
                        .flatMap(sum -> Numbers.quotient(
                                sum, BigDecimal.valueOf(values(aggregate).count())))
                        .orElse(null);
            case MIN -> smallest(aggregate, (one, other) -> order(one, other));
            case MAX -> smallest(aggregate, (one, other) -> order(other, one));
        };
    }

    private Stream<Object> values(Value.Aggregate aggregate) {
        return occurrences.stream()
                .map(occurrence -> occurrence.get(aggregate.counted().name()))
                .filter(Objects::nonNull)
                .map(Objects::requireNonNull);
    }

    private Optional<BigDecimal> sum(Value.Aggregate aggregate) {
        return values(aggregate).map(BigDecimal.class::cast).reduce(BigDecimal::add);
    }

    private @Nullable Object smallest(Value.Aggregate aggregate, Comparator<Object> order) {
        return values(aggregate).min(order).orElse(null);
    }

    private static int order(Object one, Object other) {
        return switch (one) {
            case BigDecimal number -> number.compareTo((BigDecimal) other);
            case LocalDate date -> date.compareTo((LocalDate) other);
            default -> ((Instant) one).compareTo((Instant) other);
        };
    }

    /** What two values have in common that count as one. */
    private Object identity(Value.Field field, Object value) {
        return switch (value) {
            case String text -> Types.isExact(scope, field) ? text : Fold.text(text);
            case BigDecimal number -> number.stripTrailingZeros();
            default -> value;
        };
    }
}
