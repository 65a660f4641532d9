package sojourn.app.journeys;

import com.fasterxml.jackson.databind.JsonNode;
import org.jspecify.annotations.Nullable;

/** The value by which runs of one contact side by side are told apart. */
final class Binding {

    private Binding() {}

    /** As text, numbers in their shortest form; null when the interaction says nothing of it. */
    static @Nullable String of(JsonNode properties, String key) {
        var value = properties.path(key);
        if (value.isMissingNode() || value.isNull()) {
            return null;
        }
        return value.isNumber() ? value.decimalValue().stripTrailingZeros().toPlainString() : value.asText();
    }
}
