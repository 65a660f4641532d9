package sojourn.app.segments.language;

import java.util.List;
import java.util.stream.Stream;

/** Goes through trees, for those who look for something in them. */
final class TreeWalk {

    private TreeWalk() {}

    /** The values in it, at any depth. */
    static Stream<Value> values(Object node) {
        var below = children(node).flatMap(TreeWalk::values);
        return node instanceof Value value ? Stream.concat(Stream.of(value), below) : below;
    }

    /** Whether its answer changes with the clock although nothing happens. */
    static boolean readsClock(Object node) {
        return node instanceof Value.Now
                || node instanceof Value.Today
                || node instanceof Condition.Within
                || children(node).anyMatch(TreeWalk::readsClock);
    }

    /** Whether that may happen at any moment, and not only at midnight. */
    static boolean readsTime(Object node) {
        return node instanceof Value.Now || children(node).anyMatch(TreeWalk::readsTime);
    }

    /** The segments of which membership is asked. */
    static List<String> segments(Condition condition) {
        return condition instanceof Condition.Member(var segment)
                ? List.of(segment)
                : children(condition)
                        .filter(Condition.class::isInstance)
                        .flatMap(child -> segments((Condition) child).stream())
                        .toList();
    }

    static Stream<?> children(Object node) {
        return switch (node) {
            case Query query -> children(query);
            case Query.Step.Filter(var condition) -> Stream.of(condition);
            case Query.Step.Traverse _ -> Stream.of();
            case Having having -> Stream.of(having.left(), having.right());
            case Condition condition -> children(condition);
            case Value.Arithmetic(var left, var _, var right) -> Stream.of(left, right);
            case Value.Negative(var of) -> Stream.of(of);
            case Value.DateAdd(var _, var _, var to) -> Stream.of(to);
            case Value.DateDiff(var _, var from, var to) -> Stream.of(from, to);
            case Value.Aggregate(var _, var field) -> Stream.ofNullable(field);
            default -> Stream.of();
        };
    }

    private static Stream<?> children(Query query) {
        return switch (query) {
            case Query.Profile(var _, var steps) -> steps.stream();
            case Query.Interactions(var types, var filters, var havings) ->
                Stream.of(types, filters, havings).flatMap(part -> part.stream());
            case Query.Members _ -> Stream.of();
            case Query.Union(var of) -> of.stream();
            case Query.Intersect(var of) -> of.stream();
            case Query.Except(var from, var without) -> Stream.concat(Stream.of(from), without.stream());
        };
    }

    private static Stream<?> children(Condition condition) {
        return switch (condition) {
            case Condition.All(var of) -> of.stream();
            case Condition.Any(var of) -> of.stream();
            case Condition.Not(var of) -> Stream.of(of);
            case Condition.Compare(var left, var _, var right) -> Stream.of(left, right);
            case Condition.In(var value, var list) -> Stream.concat(Stream.of(value), list.stream());
            case Condition.HasText(var text, var _, var part) -> Stream.of(text, part);
            case Condition.HasOptions(var field, var _, var options) ->
                Stream.concat(Stream.of(field), options.stream());
            case Condition.IsNull(var value) -> Stream.of(value);
            case Condition.IsTrue(var value) -> Stream.of(value);
            case Condition.IsFalse(var value) -> Stream.of(value);
            case Condition.Within within -> Stream.of(within.value());
            case Condition.Near _, Condition.Member _ -> Stream.of();
        };
    }
}
