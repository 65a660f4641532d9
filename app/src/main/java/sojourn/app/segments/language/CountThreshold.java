package sojourn.app.segments.language;

import java.math.BigDecimal;
import java.util.Optional;

/** Finds the comparisons of COUNT() that need no counting. */
final class CountThreshold {

    private CountThreshold() {}

    /** What a comparison says of every count from one on; empty when it depends on the count. */
    static Optional<Boolean> of(Having having) {
        if (isCount(having.left()) && having.right() instanceof Value.Numeral(var number)) {
            return fromOne(having.operator(), number);
        } else if (isCount(having.right()) && having.left() instanceof Value.Numeral(var number)) {
            return fromOne(having.operator().flipped(), number);
        }
        return Optional.empty();
    }

    private static boolean isCount(Value value) {
        return value instanceof Value.Aggregate(var function, var _) && function == Value.Function.COUNT;
    }

    private static Optional<Boolean> fromOne(Comparison operator, BigDecimal number) {
        var belowOne = number.compareTo(BigDecimal.ONE) < 0;
        var atMostOne = number.compareTo(BigDecimal.ONE) <= 0;
        var isCount = !belowOne && number.scale() <= 0;
        return switch (operator) {
            case GT -> belowOne ? Optional.of(true) : Optional.empty();
            case GE -> atMostOne ? Optional.of(true) : Optional.empty();
            case LT -> atMostOne ? Optional.of(false) : Optional.empty();
            case LE -> belowOne ? Optional.of(false) : Optional.empty();
            case EQ -> isCount ? Optional.empty() : Optional.of(false);
            case NE -> isCount ? Optional.empty() : Optional.of(true);
        };
    }
}
