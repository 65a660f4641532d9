package sojourn.app.platform;

import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverterContext;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.core.jackson.ModelResolver;
import io.swagger.v3.core.jackson.TypeNameResolver;
import io.swagger.v3.core.util.Json31;
import io.swagger.v3.oas.models.media.JsonSchema;
import io.swagger.v3.oas.models.media.Schema;
import java.time.Duration;
import java.time.Period;
import java.time.ZoneId;
import java.util.Iterator;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How types of ours are described. Nested ones have the name of what they are nested in too, for many are called alike, and
 * one would stand for the other; and what is written as a text is said to be one.
 */
final class OpenApiTypes extends ModelResolver {

    private static final Set<Class<?>> TEXTS = Set.of(ZoneId.class, Duration.class, Period.class, Locale.class);

    private static final class Names extends TypeNameResolver {

        @Override
        protected String getNameOfClass(Class<?> type) {
            var outer = type.getEnclosingClass();
            return outer == null ? type.getSimpleName() : getNameOfClass(outer) + "." + type.getSimpleName();
        }
    }

    private OpenApiTypes() {
        super(Json31.mapper(), new Names());
        openapi31(true);
    }

    /** Makes whoever describes the API use it; once is enough. */
    static void use() {
        var converters = ModelConverters.getInstance(true);
        if (converters.getConverters().stream().noneMatch(OpenApiTypes.class::isInstance)) {
            converters.addConverter(new OpenApiTypes());
        }
    }

    @Override
    public @Nullable Schema<?> resolve(
            AnnotatedType type, ModelConverterContext context, Iterator<ModelConverter> next) {
        var described = type.getType() == null
                ? null
                : Json31.mapper().constructType(type.getType()).getRawClass();
        if (described != null && TEXTS.contains(described)) {
            var text = new JsonSchema();
            text.setTypes(Set.of("string"));
            return text;
        }
        return super.resolve(type, context, next);
    }
}
