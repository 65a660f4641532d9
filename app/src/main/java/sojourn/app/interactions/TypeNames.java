package sojourn.app.interactions;

import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What others call a kind of interaction, as keys are written here: {@code Order Completed} is OrderCompleted. */
final class TypeNames {

    private static final Pattern KEY = Pattern.compile("[A-Za-z][A-Za-z0-9_]*");
    private static final Pattern BETWEEN = Pattern.compile("[^A-Za-z0-9_]+");

    private TypeNames() {}

    /** The name itself where it may be a key; else its words together, each beginning with a capital. */
    static @Nullable String key(@Nullable String name) {
        if (name == null || KEY.matcher(name).matches()) {
            return name;
        }
        var key = Arrays.stream(BETWEEN.split(name))
                .filter(word -> !word.isEmpty())
                .map(word -> Character.toUpperCase(word.charAt(0)) + word.substring(1))
                .collect(Collectors.joining());
        return key.isEmpty() ? name : key;
    }
}
