package sojourn.app.segments.language;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Trees with something left out, to show a failure by the least that fails. */
final class Smaller {

    private Smaller() {}

    static Stream<Query> than(Query query) {
        return switch (query) {
            case Query.Profile(var type, var steps) ->
                Stream.concat(
                        without(steps)
                                .filter(fewer -> leadsToContact(type, fewer))
                                .map(fewer -> new Query.Profile(type, fewer)),
                        each(steps, Smaller::than).map(other -> new Query.Profile(type, other)));
            case Query.Interactions(var types, var filters, var havings) ->
                Stream.of(
                                without(filters).map(fewer -> new Query.Interactions(types, fewer, havings)),
                                without(havings).map(fewer -> new Query.Interactions(types, filters, fewer)),
                                each(filters, Smaller::than)
                                        .map(other -> new Query.Interactions(types, other, havings)),
                                each(havings, Smaller::than)
                                        .map(other -> new Query.Interactions(types, filters, other)))
                        .flatMap(smaller -> smaller);
            case Query.Members _ -> Stream.of();
            case Query.Union(var of) ->
                Stream.concat(of.stream(), each(of, Smaller::than).map(Query.Union::new));
            case Query.Intersect(var of) ->
                Stream.concat(of.stream(), each(of, Smaller::than).map(Query.Intersect::new));
            case Query.Except(var from, var without) ->
                Stream.of(
                                Stream.of(from),
                                without.stream(),
                                than(from).map(other -> new Query.Except(other, without)),
                                each(without, Smaller::than).map(other -> new Query.Except(from, other)))
                        .flatMap(smaller -> smaller);
        };
    }

    /** Without a step in between, the rest may hang in the air. */
    private static boolean leadsToContact(String start, List<Query.Step> steps) {
        var type = start;
        for (var step : steps) {
            if (step instanceof Query.Step.Traverse(var relationship, var reverse, var to)) {
                var relation = Shop.CATALOG.relationships().getOrDefault(relationship, new Relation("", ""));
                if (!type.equals(reverse ? relation.to() : relation.from())) {
                    return false;
                }
                type = to;
            }
        }
        return type.equals("contact");
    }

    private static Stream<Query.Step> than(Query.Step step) {
        return switch (step) {
            case Query.Step.Filter(var condition) -> than(condition).map(Query.Step.Filter::new);
            case Query.Step.Traverse _ -> Stream.of();
        };
    }

    private static Stream<Having> than(Having having) {
        return having.window() == null
                ? Stream.of()
                : Stream.of(new Having(having.left(), having.operator(), having.right(), null));
    }

    private static Stream<Condition> than(Condition condition) {
        return switch (condition) {
            case Condition.All(var of) ->
                Stream.concat(of.stream(), each(of, Smaller::than).map(Condition.All::new));
            case Condition.Any(var of) ->
                Stream.concat(of.stream(), each(of, Smaller::than).map(Condition.Any::new));
            case Condition.Not(var of) -> Stream.concat(Stream.of(of), than(of).map(Condition.Not::new));
            case Condition.In(var value, var list)
            when list.size() > 1 -> without(list).map(fewer -> new Condition.In(value, fewer));
            case Condition.Compare(Value.Arithmetic(var left, var _, var _), var operator, var right) ->
                Stream.of(new Condition.Compare(left, operator, right));
            default -> Stream.of();
        };
    }

    private static <T> Stream<List<T>> without(List<T> list) {
        return IntStream.range(0, list.size()).mapToObj(i -> {
            var fewer = new ArrayList<>(list);
            fewer.remove(i);
            return List.copyOf(fewer);
        });
    }

    private static <T> Stream<List<T>> each(List<T> list, Function<T, Stream<T>> smaller) {
        return IntStream.range(0, list.size())
                .boxed()
                .flatMap(i -> smaller.apply(list.get(i)).map(other -> {
                    var changed = new ArrayList<>(list);
                    changed.set(i, other);
                    return List.copyOf(changed);
                }));
    }
}
