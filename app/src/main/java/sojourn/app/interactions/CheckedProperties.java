package sojourn.app.interactions;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Fold;
import sojourn.app.contacts.Unfit;
import sojourn.app.contacts.Values;
import sojourn.app.platform.Nearest;
import sojourn.app.platform.ProblemError;

/**
 * Properties that fit their type, as they are stored.
 *
 * @param json the properties, null when there are none
 * @param folded text and options as queries compare them, null when there are none
 * @param lookups what records are called that are named, by property
 * @param values the properties once more where records are named, whose names may be other ones
 */
record CheckedProperties(
        @Nullable String journey,
        @Nullable String tile,
        @Nullable String json,
        @Nullable String folded,
        Map<String, String> lookups,
        Map<String, Object> values) {

    private static final CheckedProperties NONE = new CheckedProperties(null, null, null, null, Map.of(), Map.of());

    /** The same with the names that records have, by property. */
    CheckedProperties naming(Map<String, String> names) {
        if (names.equals(lookups)) {
            return this;
        }
        var named = new LinkedHashMap<>(values);
        named.putAll(names);
        return new CheckedProperties(journey, tile, json(named), folded, names, named);
    }

    @Nullable
    String lookupsAsJson() {
        return lookups.isEmpty() ? null : json(new LinkedHashMap<>(lookups));
    }

    static CheckedProperties of(
            InteractionType type, @Nullable Map<String, @Nullable Object> sent, List<ProblemError> errors) {
        if (sent == null || sent.isEmpty()) {
            return NONE;
        }
        var values = new LinkedHashMap<String, Object>();
        var folded = new LinkedHashMap<String, Object>();
        sent.forEach((name, value) -> check(type, name, value, values, folded, errors));
        return new CheckedProperties(
                values.get("journey") instanceof String journey ? journey : null,
                values.get("tile") instanceof String tile ? tile : null,
                json(values),
                json(folded),
                lookups(type, values),
                values);
    }

    private static Map<String, String> lookups(InteractionType type, Map<String, Object> values) {
        var lookups = new LinkedHashMap<String, String>();
        values.forEach((name, value) -> {
            var declaration = type.properties().get(name);
            if (declaration != null && declaration.lookup() != null) {
                lookups.put(name, value.toString());
            }
        });
        return lookups;
    }

    private static void check(
            InteractionType type,
            String name,
            @Nullable Object value,
            Map<String, Object> values,
            Map<String, Object> folded,
            List<ProblemError> errors) {
        var pointer = "/properties/" + name.replace("~", "~0").replace("/", "~1");
        var declaration = type.properties().get(name);
        if (declaration == null) {
            errors.add(ProblemError.at(
                    pointer,
                    "unknown-property",
                    type.key() + " has no such property"
                            + Nearest.advice(name, type.properties().keySet())));
            return;
        }
        try {
            var checked = Values.fromJson(declaration, value);
            if (checked != null) {
                values.put(name, checked);
                if (declaration.type().isFolded()) {
                    folded.put(name, Fold.value(checked));
                }
            }
        } catch (Unfit unfit) {
            errors.add(ProblemError.at(pointer, unfit.code(), unfit.detail()));
        }
    }

    private static @Nullable String json(Map<String, Object> object) {
        if (object.isEmpty()) {
            return null;
        }
        var text = new StringWriter(128);
        try (var json = InteractionReader.JSON.createGenerator(text)) {
            json.enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN.mappedFeature());
            json.writeStartObject();
            for (var entry : object.entrySet()) {
                json.writeFieldName(entry.getKey());
                write(json, entry.getValue());
            }
            json.writeEndObject();
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }

    private static void write(JsonGenerator json, Object value) throws IOException {
        switch (value) {
            case BigDecimal number -> json.writeNumber(number);
            case Integer number -> json.writeNumber(number);
            case Long number -> json.writeNumber(number);
            case Boolean bool -> json.writeBoolean(bool);
            case List<?> list -> {
                json.writeStartArray();
                for (var element : list) {
                    json.writeString(String.valueOf(element));
                }
                json.writeEndArray();
            }
            default -> json.writeString(value.toString());
        }
    }
}
