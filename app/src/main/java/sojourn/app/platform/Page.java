package sojourn.app.platform;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** One page of a list; {@code next} is the cursor of the page after it, null on the last. */
public record Page<T>(List<T> items, @JsonInclude @Nullable String next) {

    public static final int DEFAULT_LIMIT = 100;
    public static final int MAX_LIMIT = 1000;

    public Page {
        items = List.copyOf(items);
    }

    /**
     * Makes a page of rows that were read one beyond the limit.
     *
     * @param rows at most {@code limit + 1} rows in the order of the list
     * @param position what a row's place in that order is; becomes its cursor
     */
    public static <T> Page<T> of(List<T> rows, int limit, Function<T, Cursor> position) {
        if (rows.size() <= limit) {
            return new Page<>(rows, null);
        }
        var items = rows.subList(0, limit);
        return new Page<>(items, position.apply(items.getLast()).toString());
    }

    /** The limit asked for, or a problem. */
    public static int limit(@Nullable Integer asked) {
        if (asked == null) {
            return DEFAULT_LIMIT;
        }
        if (asked < 1 || asked > MAX_LIMIT) {
            throw Problem.invalid("/limit", "out-of-range", "limit is " + asked + "; 1 to " + MAX_LIMIT + " would fit");
        }
        return asked;
    }

    public <R> Page<R> map(Function<? super T, ? extends R> change) {
        return new Page<>(items.stream().<R>map(change).toList(), next);
    }
}
