package sojourn.app.contacts;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What is known about a record, by attribute name as queries write it.
 *
 * @param type the key of its profile type
 */
record Fields(String type, Map<String, Object> values) {

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(StreamWriteFeature.WRITE_BIGDECIMAL_AS_PLAIN)
            .build();

    static Fields none(String type) {
        return new Fields(type, Map.of());
    }

    static Fields of(String type, Map<String, @Nullable Object> values) {
        var present = new TreeMap<String, Object>();
        values.forEach((name, value) -> {
            if (value != null) {
                present.put(name, value);
            }
        });
        return new Fields(type, present);
    }

    Fields with(FieldChanges changes) {
        var merged = new HashMap<String, @Nullable Object>(values);
        if (changes.clearsAttributes()) {
            merged.keySet().retainAll(BuiltInAttributes.of(type).keySet());
        }
        merged.putAll(changes.values());
        return of(type, merged);
    }

    /** With another value of one attribute; null clears. */
    Fields with(String name, @Nullable Object value) {
        var merged = new HashMap<String, @Nullable Object>(values);
        merged.put(name, value);
        return of(type, merged);
    }

    @Nullable
    String text(String name) {
        return (String) values.get(name);
    }

    @Nullable
    Double number(String name) {
        return (Double) values.get(name);
    }

    @Nullable
    String externalId() {
        return text("externalId");
    }

    /** Custom values. */
    String attributes() {
        var attributes = new LinkedHashMap<>(values);
        attributes.keySet().removeAll(BuiltInAttributes.of(type).keySet());
        return json(attributes);
    }

    /** Every text and option, built-in ones too, as queries compare them. */
    Map<String, Object> folded(Shape shape) {
        var folded = new LinkedHashMap<String, Object>();
        values.forEach((name, value) -> {
            var declaration = shape.attributes().get(name);
            if (declaration == null
                    ? value instanceof String
                    : declaration.type().isFolded()) {
                folded.put(name, Fold.value(value));
            }
        });
        return folded;
    }

    static String json(Map<String, Object> object) {
        try {
            return JSON.writeValueAsString(object);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
