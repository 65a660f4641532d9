package sojourn.app.segments.language;

import java.lang.reflect.RecordComponent;
import java.util.ArrayDeque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Where the parts of a tree lie, as JSON pointers: its fields are named as the components of its records. */
final class TreePlaces {

    /** A part, and the pointer to it; null where the tree has nothing. */
    private record Place(@Nullable Object node, String path) {}

    private final IdentityHashMap<Object, String> printed = new IdentityHashMap<>();

    /** Complains about everything that is not there and may not be missing. Without recursion, as is {@link TreeSize}. */
    static void requireAll(Query tree, Complaints complaints) {
        var todo = new ArrayDeque<Place>();
        todo.push(new Place(tree, ""));
        while (!todo.isEmpty()) {
            var place = todo.pop();
            if (place.node() == null) {
                complaints.addAt(place.path(), "missing", "A value is needed");
            } else {
                parts(place.node(), place.path()).forEach(todo::push);
            }
        }
    }

    private static List<Place> parts(Object node, String path) {
        return !(node instanceof Record)
                ? List.of()
                : Stream.of(node.getClass().getRecordComponents())
                        .flatMap(component -> {
                            var value = value(component, node);
                            var here = path + "/" + component.getName();
                            return value instanceof List<?> list
                                    ? IntStream.range(0, list.size())
                                            .mapToObj(index -> new Place(list.get(index), here + "/" + index))
                                    : value == null
                                                    && component
                                                            .getAnnotatedType()
                                                            .isAnnotationPresent(Nullable.class)
                                            ? Stream.<Place>empty()
                                            : Stream.of(new Place(value, here));
                        })
                        .toList();
    }

    private static @Nullable Object value(RecordComponent component, Object node) {
        try {
            return component.getAccessor().invoke(node);
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The smallest part of the tree of which what is printed at an offset is a part. */
    String at(Query tree, String text, int offset) {
        Object node = tree;
        var path = "";
        var from = 0;
        while (true) {
            Object inner = null;
            for (var part : parts(node, path)) {
                var own = part.node() == null ? "" : print(part.node());
                var begin = own.isEmpty() ? -1 : text.indexOf(own, from);
                if (begin < 0 || begin > offset) {
                    continue;
                }
                if (offset < begin + own.length()) {
                    inner = part.node();
                    path = part.path();
                    from = begin;
                    break;
                }
                from = begin + own.length();
            }
            if (inner == null) {
                return path;
            }
            node = inner;
        }
    }

    /** As it stands in the text of what it is a part of; empty when it does not stand there by itself. */
    private String print(Object node) {
        return printed.computeIfAbsent(node, part -> switch (part) {
            case Query query -> Printer.print(query);
            case Query.Step.Filter(var condition) -> Printer.print(condition);
            case Query.Step.Traverse(var relationship, var _, var _) -> "TRAVERSE(" + relationship;
            case Having having -> Printer.having(having);
            case Condition condition -> Printer.print(condition);
            case Value value -> Printer.print(value);
            default -> "";
        });
    }

    /** Where two trees begin to differ. */
    static String difference(Object one, Object other) {
        var mine = parts(one, "");
        var theirs = parts(other, "");
        var differing = IntStream.range(0, Math.min(mine.size(), theirs.size()))
                .filter(index -> !mine.get(index).equals(theirs.get(index)))
                .toArray();
        if (one.getClass() != other.getClass() || mine.size() != theirs.size() || differing.length != 1) {
            return "";
        }
        var left = mine.get(differing[0]);
        var right = theirs.get(differing[0]).node();
        return left.node() == null || right == null ? left.path() : left.path() + difference(left.node(), right);
    }
}
