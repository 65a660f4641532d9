package sojourn.app.platform;

import io.swagger.v3.oas.models.Operation;
import java.util.Map;

/** What those parameters mean that mean the same everywhere. */
final class OpenApiParameters {

    private static final Map<String, String> MEANINGS = Map.of(
            "limit", "How many at most, 1 to 1,000; 100 when left out",
            "cursor", "`next` of the page before",
            "contact", "A UUID, or `external:` and the external id",
            "If-Match", "The `ETag` of what is changed; 412 when somebody was faster");

    private OpenApiParameters() {}

    static void explain(Operation operation) {
        if (operation.getParameters() == null) {
            return;
        }
        for (var parameter : operation.getParameters()) {
            if (parameter.getDescription() == null) {
                parameter.setDescription(MEANINGS.get(parameter.getName()));
            }
        }
    }
}
