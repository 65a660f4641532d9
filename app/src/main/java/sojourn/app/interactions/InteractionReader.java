package sojourn.app.interactions;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Unfit;
import sojourn.app.contacts.Values;
import sojourn.app.platform.Nearest;
import sojourn.app.platform.ProblemError;

/** Reads interactions from JSON, token by token; whatever is wrong with the shape of one is said of that one. */
final class InteractionReader {

    /** Numbers are exact, names are unique. */
    static final JsonFactory JSON = new JsonFactoryBuilder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .build();

    private static final int LONGEST = 300;
    private static final List<String> FIELDS =
            List.of("id", "type", "contact", "anonymousId", "occurredAt", "properties", "bindingKey");

    private final JsonParser json;
    private final List<ProblemError> errors = new ArrayList<>();

    private @Nullable String id;
    private @Nullable String type;
    private @Nullable String contact;
    private @Nullable String anonymousId;
    private @Nullable Instant occurredAt;
    private @Nullable String bindingKey;
    private @Nullable Map<String, @Nullable Object> properties;

    private InteractionReader(JsonParser json) {
        this.json = json;
    }

    /** Reads the value that the parser stands at, and leaves it at the value's end. */
    static Sent read(JsonParser json, long index, @Nullable Long line) throws IOException {
        var reader = new InteractionReader(json);
        if (json.currentToken() == JsonToken.START_OBJECT) {
            reader.readFields();
            reader.require("id", reader.id);
            reader.require("type", reader.type);
            reader.requireOneOfTheContactsNames();
        } else {
            json.skipChildren();
            reader.errors.add(ProblemError.at("", "wrong-type", "an interaction is an object"));
        }
        return new Sent(
                index,
                line,
                reader.id,
                reader.type,
                reader.contact,
                reader.anonymousId,
                reader.occurredAt,
                reader.bindingKey,
                reader.properties,
                reader.errors);
    }

    private void readFields() throws IOException {
        while (json.nextToken() != JsonToken.END_OBJECT) {
            var name = json.currentName();
            json.nextToken();
            try {
                switch (name) {
                    case "id" -> id = text();
                    case "type" -> type = text();
                    case "contact" -> contact = text();
                    case "anonymousId" -> anonymousId = text();
                    case "bindingKey" -> bindingKey = text();
                    case "occurredAt" -> {
                        var text = text();
                        occurredAt = text == null ? null : Values.instant(text);
                    }
                    case "properties" -> properties = object();
                    default -> {
                        json.skipChildren();
                        throw new Unfit("unknown-field", "there is no such field" + Nearest.advice(name, FIELDS));
                    }
                }
            } catch (Unfit unfit) {
                errors.add(ProblemError.at(
                        "/" + name.replace("~", "~0").replace("/", "~1"), unfit.code(), unfit.detail()));
            }
        }
    }

    private void require(String name, @Nullable String value) {
        if (value == null && !isWrong(name)) {
            errors.add(ProblemError.at("/" + name, "required", "an interaction needs its " + name));
        }
    }

    private void requireOneOfTheContactsNames() {
        if (contact != null && anonymousId != null) {
            errors.add(ProblemError.at(
                    "/anonymousId", "ambiguous", "an interaction has a contact or an anonymousId, and not both"));
        } else if (contact == null && anonymousId == null && !isWrong("contact") && !isWrong("anonymousId")) {
            errors.add(ProblemError.at(
                    "/contact",
                    "required",
                    "an interaction needs its contact, or an anonymousId while nobody knows it"));
        }
    }

    private boolean isWrong(String name) {
        return errors.stream().anyMatch(error -> ("/" + name).equals(error.pointer()));
    }

    private @Nullable String text() throws IOException, Unfit {
        return switch (json.currentToken()) {
            case VALUE_STRING -> Values.text(json.getText(), LONGEST);
            case VALUE_NULL -> null;
            default -> {
                json.skipChildren();
                throw new Unfit("wrong-type", "text would fit");
            }
        };
    }

    private @Nullable Map<String, @Nullable Object> object() throws IOException, Unfit {
        if (json.currentToken() == JsonToken.VALUE_NULL) {
            return null;
        }
        if (json.currentToken() != JsonToken.START_OBJECT) {
            json.skipChildren();
            throw new Unfit("wrong-type", "an object would fit");
        }
        var object = new LinkedHashMap<String, @Nullable Object>();
        while (json.nextToken() != JsonToken.END_OBJECT) {
            var name = json.currentName();
            json.nextToken();
            object.put(name, value());
        }
        return object;
    }

    private @Nullable Object value() throws IOException {
        return switch (json.currentToken()) {
            case VALUE_STRING -> json.getText();
            case VALUE_NUMBER_INT -> json.getNumberValue();
            case VALUE_NUMBER_FLOAT -> json.getDecimalValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> null;
            case START_ARRAY -> {
                var list = new ArrayList<@Nullable Object>();
                while (json.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value());
                }
                yield list;
            }
            default -> {
                // No property holds an object: only that it was one is remembered.
                json.skipChildren();
                yield Map.of();
            }
        };
    }
}
