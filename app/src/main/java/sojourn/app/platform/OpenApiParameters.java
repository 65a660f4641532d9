package sojourn.app.platform;

import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.parameters.Parameter;
import io.swagger.v3.oas.models.parameters.QueryParameter;
import jakarta.ws.rs.QueryParam;
import java.lang.reflect.Field;
import java.lang.reflect.Type;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** What swagger does not see of parameters: those of a bean, and what those mean that mean the same everywhere. */
final class OpenApiParameters {

    private static final Map<String, String> MEANINGS = Map.of(
            "limit", "How many at most, 1 to 1,000; 100 when left out",
            "cursor", "`next` of the page before",
            "contact", "A UUID, or `external:` and the external id",
            "If-Match", "The `ETag` of what is changed; 412 when somebody was faster");

    private OpenApiParameters() {}

    /** The texts that a bean has from the query: swagger does not see fields that are not public. */
    static List<Parameter> ofBean(Type bean) {
        return Arrays.stream(Json31.mapper().constructType(bean).getRawClass().getDeclaredFields())
                .flatMap(field -> Stream.ofNullable(field.getAnnotation(QueryParam.class))
                        .map(query -> ofField(query.value(), field)))
                .toList();
    }

    private static Parameter ofField(String name, Field field) {
        var parameter = new QueryParameter().name(name).schema(OpenApiOperations.typed("string"));
        var said = field.getAnnotation(io.swagger.v3.oas.annotations.Parameter.class);
        return said == null ? parameter : parameter.description(said.description());
    }

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
