package sojourn.app.segments.language;

import static sojourn.app.contacts.ValueType.BOOLEAN;
import static sojourn.app.contacts.ValueType.DATE;
import static sojourn.app.contacts.ValueType.LOOKUP;
import static sojourn.app.contacts.ValueType.NUMBER;
import static sojourn.app.contacts.ValueType.OPTION;
import static sojourn.app.contacts.ValueType.OPTIONS;
import static sojourn.app.contacts.ValueType.TEXT;
import static sojourn.app.contacts.ValueType.TIMESTAMP;

import java.math.BigDecimal;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Declaration;
import sojourn.app.contacts.Fold;
import sojourn.app.contacts.ValueType;

/** Makes queries at random, of everything the language has, with values that the data has too. */
final class RandomTrees {

    private final Random random;
    private final RandomValues values;
    private Map<String, Declaration> names = Map.of();
    private Map<String, String> followed = Map.of();
    private boolean onContact;

    RandomTrees(Random random, RandomValues values) {
        this.random = random;
        this.values = values;
    }

    Query query(int depth) {
        if (depth == 0 || random.nextInt(3) == 0) {
            return block();
        }
        return switch (random.nextInt(3)) {
            case 0 -> new Query.Union(several(2, () -> query(depth - 1)));
            case 1 -> new Query.Intersect(several(2, () -> query(depth - 1)));
            default -> new Query.Except(query(depth - 1), several(1, () -> query(depth - 1)));
        };
    }

    /** As journeys ask of a contact: membership is a condition too. */
    Condition contactCondition() {
        names = Shop.CATALOG.contactAttributes();
        followed = Map.of();
        onContact = true;
        var member = new Condition.Member(pick(List.copyOf(Shop.CATALOG.segmentKeys())));
        return switch (random.nextInt(3)) {
            case 0 -> new Condition.All(List.of(condition(1), member));
            case 1 -> new Condition.Any(List.of(new Condition.Not(member), condition(1)));
            default -> condition(2);
        };
    }

    /** Of dates and timestamps alone, where zones and their clock changes come in. */
    Condition momentCondition() {
        names = Shop.CATALOG.contactAttributes();
        followed = Map.of();
        return moments(
                random.nextBoolean() ? new Value.Field("birthday", DATE) : new Value.Field("lastCall", TIMESTAMP));
    }

    private Query block() {
        return switch (random.nextInt(7)) {
            case 0, 1, 2 -> profile(random.nextInt(2) == 0 ? 0 : 1 + random.nextInt(3));
            case 3 -> new Query.Members(pick(List.copyOf(Shop.CATALOG.segmentKeys())));
            default -> {
                var types = pick(List.of(
                        List.<String>of(),
                        List.of("Purchase"),
                        List.of("Purchase"),
                        List.of("EmailOpened"),
                        List.of("Return", "Purchase")));
                names = Scope.interaction(Shop.CATALOG, types).names();
                followed = Scope.interaction(Shop.CATALOG, types).followed();
                onContact = false;
                yield new Query.Interactions(
                        types,
                        IntStream.range(0, random.nextInt(2))
                                .mapToObj(i -> condition(2))
                                .toList(),
                        IntStream.range(0, random.nextInt(3))
                                .mapToObj(i -> having())
                                .toList());
            }
        };
    }

    /** A walk away from contact, told from its far end. */
    private Query profile(int hops) {
        var steps = new ArrayList<Query.Step>();
        var type = "contact";
        steps.addAll(0, filters(type));
        for (var i = 0; i < hops; i++) {
            var here = type;
            var key = pick(Shop.CATALOG.relationships().entrySet().stream()
                    .filter(entry -> entry.getValue().touches(here))
                    .map(Map.Entry::getKey)
                    .sorted()
                    .toList());
            var relation = Shop.CATALOG.relationships().getOrDefault(key, new Relation("", ""));
            var reverse =
                    relation.isWithin() ? random.nextBoolean() : relation.from().equals(here);
            steps.add(0, new Query.Step.Traverse(key, reverse, here));
            type = reverse ? relation.to() : relation.from();
            steps.addAll(0, filters(type));
        }
        return new Query.Profile(type, steps);
    }

    private List<Query.Step> filters(String type) {
        names = Shop.CATALOG.profileTypes().getOrDefault(type, Map.of());
        followed = Map.of();
        onContact = type.equals("contact");
        return IntStream.range(0, random.nextInt(3) == 0 ? 2 : random.nextInt(2))
                .<Query.Step>mapToObj(i -> new Query.Step.Filter(condition(2)))
                .toList();
    }

    private Having having() {
        var window = random.nextInt(3) == 0 ? null : window();
        if (random.nextInt(2) == 0) {
            return new Having(count(), comparison(), new Value.Numeral(values.count()), window);
        }
        if (random.nextInt(4) == 0) {
            var field = field(random.nextBoolean() ? DATE : TIMESTAMP);
            if (field != null) {
                var extreme =
                        new Value.Aggregate(random.nextBoolean() ? Value.Function.MIN : Value.Function.MAX, field);
                return new Having(extreme, comparison(), momentLiteral(), window);
            }
        }
        var left = aggregateNumber(1);
        return random.nextBoolean()
                ? new Having(left, comparison(), new Value.Numeral(values.number()), window)
                : new Having(new Value.Numeral(values.number()), comparison(), left, window);
    }

    private static Value.Aggregate count() {
        return new Value.Aggregate(Value.Function.COUNT, null);
    }

    private Value aggregateNumber(int depth) {
        if (depth > 0 && random.nextInt(3) == 0) {
            return new Value.Arithmetic(
                    aggregateNumber(depth - 1), pick(List.of(Value.Operator.values())), aggregateNumber(depth - 1));
        }
        var functions = List.of(
                Value.Function.SUM, Value.Function.SUM, Value.Function.AVG, Value.Function.MIN, Value.Function.MAX);
        var number = field(NUMBER);
        if (number != null && random.nextInt(4) > 0) {
            return new Value.Aggregate(pick(functions), number);
        }
        var distinct = field(pick(List.of(TEXT, NUMBER, BOOLEAN, DATE, TIMESTAMP, OPTION)));
        return distinct == null ? count() : new Value.Aggregate(Value.Function.COUNT_DISTINCT, distinct);
    }

    private Window window() {
        return switch (random.nextInt(6)) {
            case 0 -> new Window.This(pick(List.of(Window.Calendar.values())));
            case 1 -> new Window.Previous(1 + random.nextInt(2), pick(List.of(Window.Calendar.values())));
            case 2 -> {
                var from = values.date();
                var to = from.plusDays(1 + random.nextInt(40));
                yield new Window.Between(
                        random.nextBoolean() ? new Value.Day(from) : new Value.LocalTime(from.atTime(2, 30)),
                        random.nextBoolean() ? new Value.Day(to) : new Value.LocalTime(to.atTime(3, 15, 1)));
            }
            default ->
                new Window.Rolling(1 + random.nextInt(3), pick(List.of(Window.Unit.values())), random.nextInt(4) == 0);
        };
    }

    private Condition condition(int depth) {
        if (depth > 0 && random.nextInt(2) == 0) {
            return switch (random.nextInt(3)) {
                case 0 -> new Condition.All(several(2, () -> condition(depth - 1)));
                case 1 -> new Condition.Any(several(2, () -> condition(depth - 1)));
                default -> new Condition.Not(condition(depth - 1));
            };
        }
        return simple();
    }

    private Condition simple() {
        if (onContact && random.nextInt(15) == 0) {
            return near();
        }
        var type = pick(List.of(TEXT, TEXT, NUMBER, NUMBER, BOOLEAN, DATE, TIMESTAMP, OPTION, OPTIONS, LOOKUP));
        var field = field(type);
        if (field == null) {
            return new Condition.IsNull(
                    new Value.Field(names.containsKey("occurredAt") ? "occurredAt" : "createdAt", TIMESTAMP));
        }
        if (random.nextInt(8) == 0) {
            return new Condition.IsNull(field);
        }
        return switch (type) {
            case TEXT -> text(field);
            case OPTION -> equality(field, () -> new Value.Text(option(field), false));
            case LOOKUP -> equality(field, () -> new Value.Text(values.text(), false));
            case NUMBER ->
                random.nextInt(6) == 0
                        ? new Condition.In(number(1), several(1, () -> number(0)))
                        : swapped(number(2), number(1));
            case BOOLEAN ->
                switch (random.nextInt(3)) {
                    case 0 -> new Condition.IsTrue(field);
                    case 1 -> new Condition.IsFalse(field);
                    default -> equality(field, () -> new Value.Truth(random.nextBoolean()));
                };
            case DATE, TIMESTAMP -> moments(field);
            case OPTIONS ->
                new Condition.HasOptions(
                        field, pick(List.of(Condition.Quantifier.values())), several(1, () -> option(field)));
        };
    }

    private Condition text(Value.Field field) {
        return switch (random.nextInt(4)) {
            case 0 ->
                new Condition.HasText(
                        field,
                        pick(List.of(Condition.Place.values())),
                        random.nextInt(5) == 0
                                ? orElse(field(TEXT), field)
                                : new Value.Text(values.textPart(), random.nextInt(4) == 0));
            case 1 -> new Condition.In(field, several(1, this::textLiteral));
            case 2 -> new Condition.Compare(field, comparison(), orElse(field(TEXT), field));
            default -> swapped(field, textLiteral());
        };
    }

    private Condition near() {
        return new Condition.Near(
                BigDecimal.valueOf(pick(List.of(52.5, 0.1, -89.0, 18.0))),
                BigDecimal.valueOf(pick(List.of(13.4, 0.0, 179.9, -179.9))),
                BigDecimal.valueOf(pick(List.of(5.0, 100.0, 5000.0, 19_000.0))));
    }

    private Condition within(Value.Field field) {
        var units = Arrays.stream(CalendarUnit.values())
                .filter(CalendarUnit::isOfDates)
                .toList();
        return new Condition.Within(
                moved(field),
                random.nextBoolean(),
                pick(List.of(Condition.Direction.values())),
                1 + random.nextInt(3),
                pick(units));
    }

    /** Perhaps by some units, perhaps not. */
    private Value moved(Value moment) {
        return random.nextBoolean()
                ? moment
                : new Value.DateAdd(pick(List.of(CalendarUnit.values())), random.nextInt(7) - 3, moment);
    }

    private Value difference(Value moment) {
        var other = pick(List.of(new Value.Now(), new Value.Today(), momentLiteral()));
        var unit = pick(List.of(CalendarUnit.values()));
        return random.nextBoolean()
                ? new Value.DateDiff(unit, moved(moment), other)
                : new Value.DateDiff(unit, other, moment);
    }

    private Condition moments(Value.Field field) {
        return switch (random.nextInt(8)) {
            case 5 -> within(field);
            case 6 -> swapped(difference(field), new Value.Numeral(values.count()));
            case 7 -> swapped(moved(field), moved(random.nextBoolean() ? new Value.Now() : momentLiteral()));
            case 0 -> new Condition.In(field, several(1, this::momentLiteral));
            case 1 ->
                new Condition.Compare(
                        field, comparison(), orElse(field(random.nextBoolean() ? DATE : TIMESTAMP), field));
            case 2 -> swapped(field, random.nextBoolean() ? new Value.Now() : new Value.Today());
            default -> swapped(field, momentLiteral());
        };
    }

    private Condition equality(Value.Field field, Supplier<Value> literal) {
        return random.nextInt(4) == 0
                ? new Condition.In(field, several(1, literal))
                : new Condition.Compare(field, random.nextBoolean() ? Comparison.EQ : Comparison.NE, literal.get());
    }

    private Condition swapped(Value one, Value other) {
        return random.nextInt(4) == 0
                ? new Condition.Compare(other, comparison(), one)
                : new Condition.Compare(one, comparison(), other);
    }

    private Value number(int depth) {
        if (depth > 0 && random.nextInt(3) == 0) {
            return random.nextInt(5) == 0
                    ? new Value.Negative(number(depth - 1))
                    : new Value.Arithmetic(
                            number(depth - 1), pick(List.of(Value.Operator.values())), number(depth - 1));
        }
        var field = field(NUMBER);
        return field == null || random.nextInt(2) == 0 ? new Value.Numeral(values.number()) : field;
    }

    private Value textLiteral() {
        return new Value.Text(values.text(), random.nextInt(5) == 0);
    }

    private Value momentLiteral() {
        return switch (random.nextInt(3)) {
            case 0 -> new Value.Day(values.date());
            case 1 ->
                new Value.LocalTime(values.instant().atZone(ZoneOffset.UTC).toLocalDateTime());
            default -> new Value.Moment(values.instant());
        };
    }

    private String option(Value.Field field) {
        var declaration = names.getOrDefault(field.name(), Declaration.option("gold"));
        var option = pick(declaration.options().isEmpty() ? RandomValues.TAGS : declaration.options());
        return random.nextBoolean() ? option : Fold.text(option);
    }

    private Value.@Nullable Field field(ValueType type) {
        var fitting = names.entrySet().stream()
                .filter(entry -> entry.getValue().type() == type)
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
        if (fitting.isEmpty()) {
            return null;
        }
        var name = pick(fitting);
        return new Value.Field(name, type, followed.get(name));
    }

    private static Value orElse(Value.@Nullable Field field, Value other) {
        return field == null ? other : field;
    }

    private Comparison comparison() {
        return pick(List.of(Comparison.values()));
    }

    private <T> List<T> several(int atLeast, Supplier<T> one) {
        return IntStream.range(0, atLeast + random.nextInt(2))
                .mapToObj(i -> one.get())
                .toList();
    }

    private <T> T pick(List<T> list) {
        return list.get(random.nextInt(list.size()));
    }
}
