package sojourn.workflows.journeys;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What workflows of somebody else answer, as branches tell it apart. */
public final class OtherResults {

    private OtherResults() {}

    /** A text, number or boolean, or the {@code branch} of an object. */
    public static @Nullable String text(@Nullable Object value) {
        return switch (value) {
            case null -> null;
            case Map<?, ?> object -> text(object.get("branch"));
            case Object plain -> plain.toString();
        };
    }
}
