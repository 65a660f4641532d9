package sojourn.app.interactions;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemError;
import sojourn.app.platform.ProblemType;

/** Bodies of JSON as maps, lists, text, exact numbers, booleans and null; for formats that are not read token by token. */
final class JsonTree {

    private JsonTree() {}

    /** What a body says, which is JSON; null for the value null, and where there is no body. */
    static @Nullable Object read(InputStream body) {
        try (var json = InteractionReader.JSON.createParser(body)) {
            var tree = json.nextToken() == null ? null : value(json);
            if (json.nextToken() != null) {
                throw new Problem(ProblemType.MALFORMED_REQUEST, "There is more after the end of the JSON");
            }
            return tree;
        } catch (JsonProcessingException malformed) {
            throw new Problem(ProblemType.MALFORMED_REQUEST, JsonFault.describe(malformed));
        } catch (IOException cutOff) {
            throw new Problem(ProblemType.MALFORMED_REQUEST, "The body could not be read to its end");
        }
    }

    /** An object's fields; null with an error when it is none. */
    static @Nullable Map<String, @Nullable Object> object(
            String pointer, @Nullable Object value, List<ProblemError> errors) {
        if (!(value instanceof Map<?, ?> map)) {
            errors.add(ProblemError.at(pointer, "wrong-type", "an object would fit"));
            return null;
        }
        var object = new LinkedHashMap<String, @Nullable Object>();
        map.forEach((name, field) -> object.put(String.valueOf(name), field));
        return object;
    }

    private static @Nullable Object value(JsonParser json) throws IOException {
        return switch (json.currentToken()) {
            case VALUE_NUMBER_INT -> json.getNumberValue();
            case VALUE_NUMBER_FLOAT -> json.getDecimalValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case START_ARRAY -> {
                var list = new ArrayList<@Nullable Object>();
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(json));
                }
                yield list;
            }
            case START_OBJECT -> {
                var object = new LinkedHashMap<String, @Nullable Object>();
                while (json.nextToken() != JsonToken.END_OBJECT) {
                    var name = json.currentName();
                    json.nextToken();
                    object.put(name, value(json));
                }
                yield object;
            }
            default -> json.getText();
        };
    }
}
