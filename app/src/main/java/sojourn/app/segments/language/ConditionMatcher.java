package sojourn.app.segments.language;

import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Set;
import sojourn.app.segments.language.ContactState.Occurrence;

/** The meaning of a condition for one contact or one interaction, in Java. */
public final class ConditionMatcher {

    private final Evaluator evaluator;
    private final Set<String> segments;

    private ConditionMatcher(Evaluator evaluator, Set<String> segments) {
        this.evaluator = evaluator;
        this.segments = segments;
    }

    public static boolean matches(Condition condition, ContactState contact, Instant now, ZoneId zone) {
        var evaluator =
                Evaluator.onRecord(Scope.Kind.CONTACT, contact.attributes(), now.truncatedTo(ChronoUnit.MICROS), zone);
        return new ConditionMatcher(evaluator, contact.segments()).matches(condition);
    }

    /** A condition on a contact or on a record related to it, which knows nothing of memberships. */
    static boolean matches(
            Condition condition, Scope.Kind scope, Map<String, Object> attributes, Instant now, ZoneId zone) {
        return new ConditionMatcher(Evaluator.onRecord(scope, attributes, now, zone), Set.of()).matches(condition);
    }

    public static boolean matches(Condition condition, Occurrence interaction, Instant now, ZoneId zone) {
        var evaluator = Evaluator.onInteraction(interaction, now.truncatedTo(ChronoUnit.MICROS), zone);
        return new ConditionMatcher(evaluator, Set.of()).matches(condition);
    }

    private boolean matches(Condition condition) {
        return switch (condition) {
            case Condition.All(var of) -> all(of);
            case Condition.Any(var of) -> any(of);
            case Condition.Not(var of) -> !matches(of);
            case Condition.Compare(var left, var operator, var right) -> evaluator.compare(left, operator, right);
            case Condition.In(var value, var list) ->
                list.stream().anyMatch(option -> evaluator.compare(value, Comparison.EQ, option));
            case Condition.HasText(var text, var place, var part) -> evaluator.hasText(text, place, part);
            case Condition.HasOptions(var field, var quantifier, var options) ->
                evaluator.hasOptions(field, quantifier, options);
            case Condition.IsNull(var value) -> evaluator.value(value) == null;
            case Condition.IsTrue(var value) -> Boolean.TRUE.equals(evaluator.value(value));
            case Condition.IsFalse(var value) -> Boolean.FALSE.equals(evaluator.value(value));
            case Condition.Within within -> evaluator.isWithin(within);
            case Condition.Near near -> evaluator.isNear(near);
            case Condition.Member(var segment) -> segments.contains(segment);
        };
    }

    private boolean all(List<Condition> conditions) {
        for (var condition : conditions) {
            if (!matches(condition)) {
                return false;
            }
        }
        return true;
    }

    private boolean any(List<Condition> conditions) {
        for (var condition : conditions) {
            if (matches(condition)) {
                return true;
            }
        }
        return false;
    }
}
