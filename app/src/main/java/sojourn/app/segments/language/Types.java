package sojourn.app.segments.language;

import sojourn.app.contacts.ValueType;
import sojourn.app.interactions.BuiltInProperties;

/** What a value is, as the two meanings of a query need to know it. */
final class Types {

    private Types() {}

    static ValueType of(Value value) {
        return switch (value) {
            case Value.Field field -> field.type();
            case Value.Text _ -> ValueType.TEXT;
            case Value.Numeral _, Value.Arithmetic _, Value.Negative _, Value.DateDiff _ -> ValueType.NUMBER;
            case Value.Truth _ -> ValueType.BOOLEAN;
            case Value.Day _ -> ValueType.DATE;
            case Value.LocalTime _, Value.Moment _, Value.Now _, Value.Today _ -> ValueType.TIMESTAMP;
            case Value.DateAdd(var unit, var _, var to) ->
                unit.isOfDates() && of(to) == ValueType.DATE ? ValueType.DATE : ValueType.TIMESTAMP;
            case Value.Aggregate aggregate ->
                switch (aggregate.function()) {
                    case COUNT, COUNT_DISTINCT, SUM, AVG -> ValueType.NUMBER;
                    case MIN, MAX -> aggregate.counted().type();
                };
        };
    }

    /** Whether it is known without looking at a contact. */
    static boolean isConstant(Value value) {
        return switch (value) {
            case Value.Field _, Value.Aggregate _ -> false;
            case Value.Arithmetic(var left, var _, var right) -> isConstant(left) && isConstant(right);
            case Value.Negative(var of) -> isConstant(of);
            case Value.DateAdd(var _, var _, var to) -> isConstant(to);
            case Value.DateDiff(var _, var from, var to) -> isConstant(from) && isConstant(to);
            case Value.Text _,
                    Value.Numeral _,
                    Value.Truth _,
                    Value.Day _,
                    Value.LocalTime _,
                    Value.Moment _,
                    Value.Now _,
                    Value.Today _ -> true;
        };
    }

    /** Whether two texts compare as they stand: {@code CASE '...'} or a key on either side. All else is folded. */
    static boolean isExact(Scope.Kind scope, Value left, Value right) {
        return isExact(scope, left) || isExact(scope, right);
    }

    /** Keys and ids are what they are; nobody means another one by writing it in capitals. */
    static boolean isExact(Scope.Kind scope, Value value) {
        return switch (value) {
            case Value.Text(var _, var exact) -> exact;
            case Value.Field field when field.type() == ValueType.LOOKUP -> true;
            case Value.Field field when field.of() != null -> isExact(Scope.Kind.PROFILE, field.bare());
            case Value.Field(var name, var _, var _) ->
                switch (scope) {
                    case CONTACT, PROFILE -> name.equals("externalId");
                    case INTERACTION -> BuiltInProperties.isKey(name);
                };
            default -> false;
        };
    }
}
