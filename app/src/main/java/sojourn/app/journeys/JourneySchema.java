package sojourn.app.journeys;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.type.TypeFactory;
import java.lang.reflect.RecordComponent;
import java.math.BigDecimal;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sojourn.workflows.journeys.JourneyDocument;
import sojourn.workflows.journeys.Offset;
import sojourn.workflows.journeys.SendingTile;
import sojourn.workflows.journeys.Span;
import sojourn.workflows.journeys.Tile;

/**
 * The JSON Schema of the journey document, made of the records that read it: what does not fit is what they refuse when a
 * draft is written. A draft may be incomplete, so nothing is required but the type of a tile.
 */
final class JourneySchema {

    private static final String SPAN =
            "P(?!$)(\\d+Y)?(\\d+M)?(\\d+W)?(\\d+D)?(T(?=\\d)(\\d+H)?(\\d+M)?(\\d+(\\.\\d{1,9})?S)?)?$";
    private static final String TIME = "([01]\\d|2[0-3]):[0-5]\\d(:[0-5]\\d(\\.\\d{1,9})?)?$";

    private static final Map<Class<?>, Map<String, Object>> SCALARS = Map.of(
            String.class, Map.of("type", "string"),
            Boolean.class, Map.of("type", "boolean"),
            Integer.class, Map.of("type", "integer"),
            BigDecimal.class, Map.of("type", "number"),
            Object.class, Map.of("type", List.of("string", "number", "boolean", "array", "object")),
            Span.class, text("^" + SPAN, "A duration with calendar and clock parts, like P5D, P1M, PT30M or P1DT2H"),
            Offset.class, text("^-?" + SPAN, "A duration after a moment, or with - before it, like -P3D"),
            LocalDateTime.class, text("^\\d{4}-\\d{2}-\\d{2}T" + TIME, "A local date and time, like 2026-12-01T09:00"),
            LocalTime.class, text("^" + TIME, "A time of day, like 09:00"));

    /** What is meant the same wherever it stands, by name. */
    private static final Map<String, String> MEANINGS = Map.of(
            "tiles", "By ids of the author's, which stay the same over versions",
            "start", "The first tile",
            "next", "The tile behind; null ends the run",
            "otherwise", "The tile behind when no branch is taken; null ends the run",
            "filter", "A condition of the segment language over the interaction",
            "timeZone", "IANA name, like Europe/Berlin",
            "suppressionSegment", "Keeps its members out, and takes out whoever joins it",
            "tags", "Texts by which journeys are told apart",
            "goal", "What counts as success; it ends nothing",
            "exit", "What ends a run early, at once");

    private JourneySchema() {}

    static Map<String, Object> make() {
        var schema = new LinkedHashMap<String, Object>();
        schema.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        schema.put("$id", "urn:sojourn:journey-document");
        schema.put("title", "The journey document");
        schema.putAll(object(JourneyDocument.class));
        schema.put("$defs", tiles());
        return schema;
    }

    /** Each type of tiles by its name, and {@code tile} for any of them. */
    private static Map<String, Object> tiles() {
        var definitions = new LinkedHashMap<String, Object>();
        var any = new ArrayList<Map<String, Object>>();
        definitions.put("tile", Map.of("oneOf", any));
        for (var tile : Tile.class.getAnnotation(JsonSubTypes.class).value()) {
            definitions.put(tile.name(), tile(tile.name(), tile.value()));
            any.add(Map.of("$ref", "#/$defs/" + tile.name()));
        }
        return definitions;
    }

    private static Map<String, Object> tile(String name, Class<?> type) {
        var properties = new LinkedHashMap<String, Object>();
        properties.put("type", Map.of("const", name));
        properties.putAll(properties(type));
        return object(properties, List.of("type"));
    }

    private static Map<String, Object> object(Class<?> type) {
        return object(properties(type), List.of());
    }

    private static Map<String, Object> object(Map<String, Object> properties, List<String> required) {
        var schema = new LinkedHashMap<String, Object>();
        schema.put("type", "object");
        schema.put("properties", properties);
        if (!required.isEmpty()) {
            schema.put("required", required);
        }
        schema.put("additionalProperties", false);
        return schema;
    }

    private static Map<String, Object> properties(Class<?> type) {
        var properties = new LinkedHashMap<String, Object>();
        for (var component : type.getRecordComponents()) {
            properties.put(name(component), property(component));
        }
        return properties;
    }

    private static String name(RecordComponent component) {
        var named = component.getAccessor().getAnnotation(JsonProperty.class);
        return named == null ? component.getName() : named.value();
    }

    private static Map<String, Object> property(RecordComponent component) {
        var schema = new LinkedHashMap<>(of(TypeFactory.defaultInstance().constructType(component.getGenericType())));
        if (component.getAnnotatedType().isAnnotationPresent(Nullable.class)) {
            schema.computeIfPresent("type", (_, type) -> withNull(type));
            schema.computeIfPresent("enum", (_, values) -> and((List<?>) values, null));
            schema.computeIfPresent("oneOf", (_, some) -> and((List<?>) some, Map.of("type", "null")));
        }
        var meaning = MEANINGS.get(name(component));
        if (meaning != null) {
            schema.put("description", meaning);
        }
        return schema;
    }

    private static List<?> withNull(Object type) {
        return and(type instanceof List<?> several ? several : List.of(type), "null");
    }

    private static List<?> and(List<?> values, @Nullable Object last) {
        var more = new ArrayList<@Nullable Object>(values);
        more.add(last);
        return more;
    }

    private static Map<String, Object> of(JavaType type) {
        var raw = type.getRawClass();
        var scalar = SCALARS.get(raw);
        if (scalar != null) {
            return scalar;
        }
        if (raw == Tile.class) {
            return Map.of("$ref", "#/$defs/tile");
        }
        if (raw == SendingTile.OfMessage.class) {
            return anyOf(raw);
        }
        if (raw.isEnum()) {
            var names =
                    Arrays.stream(raw.getEnumConstants()).map(Object::toString).toList();
            return ordered("type", "string", "enum", names);
        }
        if (type.isCollectionLikeType()) {
            return ordered("type", "array", "items", of(type.getContentType()));
        }
        if (type.isMapLikeType()) {
            return ordered("type", "object", "additionalProperties", of(type.getContentType()));
        }
        if (raw.isRecord()) {
            return object(raw);
        }
        throw new IllegalStateException("How " + type + " is written in documents is to be said here");
    }

    /** Any of the types of tiles that a sealed interface permits. */
    private static Map<String, Object> anyOf(Class<?> some) {
        var references = Arrays.stream(
                        Tile.class.getAnnotation(JsonSubTypes.class).value())
                .filter(tile -> some.isAssignableFrom(tile.value()))
                .map(tile -> Map.of("$ref", "#/$defs/" + tile.name()))
                .toList();
        return new LinkedHashMap<>(Map.of("oneOf", references));
    }

    private static Map<String, Object> text(String pattern, String description) {
        var schema = ordered("type", "string", "pattern", pattern);
        schema.put("description", description);
        return schema;
    }

    private static Map<String, Object> ordered(String first, Object value, String second, Object other) {
        var schema = new LinkedHashMap<String, Object>();
        schema.put(first, value);
        schema.put(second, other);
        return schema;
    }
}
