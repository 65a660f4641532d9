package sojourn.app.platform;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.configuration.ConfigurationException;
import io.dropwizard.configuration.YamlConfigurationFactory;
import io.dropwizard.jackson.Jackson;
import jakarta.validation.Validator;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.stream.Stream;

/** Reads config.yml so that all its mistakes are told at once: the setting's path, its value, what would fit. */
public final class SettingsFactory<T> extends YamlConfigurationFactory<T> {

    private final Variables variables;

    /** The settings were filled with {@code variables}, whose mistakes are told with the others. */
    public SettingsFactory(Class<T> type, Validator validator, String prefix, Variables variables) {
        super(type, validator, mapper(), prefix);
        this.variables = variables;
    }

    private static ObjectMapper mapper() {
        return Jackson.newObjectMapper().addHandler(new FaultCollector());
    }

    @Override
    protected T build(JsonNode node, String path) throws IOException, ConfigurationException {
        var faults = FaultCollector.start();
        try {
            var settings = super.build(node, path);
            if (faults.isEmpty() && variables.mistakes().isEmpty()) {
                return settings;
            }
            throw new Mistakes(path, messages(faults, node));
        } catch (Mistakes all) {
            throw all;
        } catch (ConfigurationException other) {
            if (faults.isEmpty() && variables.mistakes().isEmpty()) {
                throw other;
            }
            var all = new ArrayList<>(messages(faults, node));
            String.valueOf(other.getMessage())
                    .lines()
                    .map(String::strip)
                    .filter(line -> line.startsWith("* "))
                    .forEach(line -> all.add(line.substring(2)));
            throw new Mistakes(path, all);
        } finally {
            FaultCollector.end();
        }
    }

    private List<String> messages(List<ProblemError> faults, JsonNode node) {
        var settings = faults.stream().map(fault -> {
            var pointer = String.valueOf(fault.pointer());
            var value = node.at(pointer);
            var setting = pointer.replaceFirst("^/", "").replace('/', '.');
            return setting + (value.isValueNode() ? " is `" + value.asText() + "`" : "") + ": " + fault.detail();
        });
        return Stream.concat(variables.mistakes().stream(), settings).toList();
    }

    private static final class Mistakes extends ConfigurationException {

        private static final long serialVersionUID = 1;

        private Mistakes(String path, Collection<String> messages) {
            super(path, messages);
        }

        /** Where the code was is nothing to whoever wrote the file: what a terminal shows is the message alone. */
        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }

        @Override
        @SuppressWarnings("OverrideThrowableToString") // the name of the class is nothing to them either
        public String toString() {
            return String.valueOf(getMessage());
        }
    }
}
