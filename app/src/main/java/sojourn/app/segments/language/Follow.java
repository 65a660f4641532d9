package sojourn.app.segments.language;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A property of interactions that is followed to the record that it names.
 *
 * @param of the type of that record: a profile type, or the property itself where it names a record of the product
 */
public record Follow(String property, String of) {

    /** Empty for a lookup of a profile type. */
    public Optional<NamedRecord> named() {
        return NamedRecord.by(property);
    }

    /** Every property that these parts of a tree follow, each once. */
    static List<Follow> in(Stream<?> nodes) {
        return nodes.flatMap(TreeWalk::values)
                .flatMap(value -> value instanceof Value.Field field ? field.follow().stream() : Stream.empty())
                .distinct()
                .toList();
    }

    public static List<Follow> in(Condition condition) {
        return in(Stream.of(condition));
    }
}
