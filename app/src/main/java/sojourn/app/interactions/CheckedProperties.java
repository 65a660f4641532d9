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
import sojourn.app.contacts.Declaration;
import sojourn.app.contacts.Fold;
import sojourn.app.contacts.ProfileTypes;
import sojourn.app.contacts.Unfit;
import sojourn.app.contacts.Values;
import sojourn.app.platform.Nearest;
import sojourn.app.platform.ProblemError;

/**
 * Properties that fit their type, as they are stored.
 *
 * @param json the properties, null when there are none
 * @param folded text and options as queries compare them, null when there are none
 * @param lookups the records other than contacts that are named, null when there are none
 */
record CheckedProperties(
        @Nullable String journey,
        @Nullable String tile,
        @Nullable String json,
        @Nullable String folded,
        @Nullable String lookups) {

    private static final CheckedProperties NONE = new CheckedProperties(null, null, null, null, null);

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
                json(lookups(type, values)));
    }

    private static Map<String, Object> lookups(InteractionType type, Map<String, Object> values) {
        var lookups = new LinkedHashMap<String, Object>();
        values.forEach((name, value) -> {
            if (namesRecord(type.properties().get(name))) {
                lookups.put(name, value);
            }
        });
        return lookups;
    }

    private static boolean namesRecord(@Nullable Declaration declaration) {
        var lookup = declaration == null ? null : declaration.lookup();
        return lookup != null && !lookup.equals(ProfileTypes.CONTACT);
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
