package sojourn.app.segments.language;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What an explanation shows of a condition. */
final class ConditionView {

    private ConditionView() {}

    /** What it is, as in the tree of a query. */
    static String name(Condition condition) {
        return switch (condition) {
            case Condition.All _ -> "all";
            case Condition.Any _ -> "any";
            case Condition.Not _ -> "not";
            case Condition.Compare _ -> "compare";
            case Condition.In _ -> "in";
            case Condition.HasText _ -> "hasText";
            case Condition.HasOptions _ -> "hasOptions";
            case Condition.IsNull _ -> "isNull";
            case Condition.IsTrue _ -> "isTrue";
            case Condition.IsFalse _ -> "isFalse";
            case Condition.Within _ -> "within";
            case Condition.Near _ -> "near";
            case Condition.Member _ -> "member";
        };
    }

    /** The conditions that it joins; none of one that stands for itself. */
    static Stream<Condition> parts(Condition condition) {
        return TreeWalk.children(condition).filter(Condition.class::isInstance).map(Condition.class::cast);
    }

    /** What these are, by their text; null for what is not there. What says itself what it is is left out. */
    static Map<String, @Nullable Object> values(Stream<Value> asked, Evaluator evaluator) {
        var values = new LinkedHashMap<String, @Nullable Object>();
        asked.filter(value -> !isLiteral(value))
                .forEach(value -> values.put(Printer.print(value), evaluator.value(value)));
        return values;
    }

    private static boolean isLiteral(Value value) {
        return switch (value) {
            case Value.Text _, Value.Numeral _, Value.Truth _, Value.Day _, Value.LocalTime _, Value.Moment _ -> true;
            case Value.Field _,
                    Value.Now _,
                    Value.Today _,
                    Value.Arithmetic _,
                    Value.Negative _,
                    Value.DateAdd _,
                    Value.DateDiff _,
                    Value.Aggregate _ -> false;
        };
    }
}
