package sojourn.app.platform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.NullNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import io.dropwizard.configuration.ConfigurationSourceProvider;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.text.StringSubstitutor;

/**
 * Settings whose {@code ${NAME:-default}} are filled after the YAML is read: whatever is in a variable is a value, also a
 * password with a {@code #}. What comes out is JSON, which is YAML too.
 */
public final class FilledSettings implements ConfigurationSourceProvider {

    private static final ObjectMapper YAML = new ObjectMapper(new YAMLFactory());
    private static final ObjectMapper JSON = new ObjectMapper();

    private final ConfigurationSourceProvider settings;
    private final StringSubstitutor variables;

    public FilledSettings(ConfigurationSourceProvider settings, Variables variables) {
        this.settings = settings;
        this.variables = new StringSubstitutor(variables.values());
    }

    @Override
    public InputStream open(String path) throws IOException {
        try (var text = settings.open(path)) {
            return new ByteArrayInputStream(JSON.writeValueAsBytes(filled(YAML.readTree(text))));
        }
    }

    private JsonNode filled(JsonNode node) {
        switch (node) {
            case ObjectNode object -> object.properties().forEach(field -> field.setValue(filled(field.getValue())));
            case ArrayNode array -> {
                for (var index = 0; index < array.size(); index++) {
                    array.set(index, filled(array.get(index)));
                }
            }
            case TextNode text -> {
                return filled(text);
            }
            default -> {
                // a number, true, false, null: nothing to fill
            }
        }
        return node;
    }

    /** An empty variable is no value, as an empty place in YAML is none. */
    private JsonNode filled(TextNode text) {
        var value = variables.replace(text.textValue());
        return value.isEmpty() && !text.textValue().isEmpty() ? NullNode.getInstance() : TextNode.valueOf(value);
    }
}
