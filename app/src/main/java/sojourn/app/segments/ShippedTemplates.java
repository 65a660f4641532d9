package sojourn.app.segments;

import static java.util.stream.Collectors.toMap;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.module.paramnames.ParameterNamesModule;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The templates that come with the program, a file a category. */
final class ShippedTemplates {

    private static final List<String> CATEGORIES = List.of("shop", "newsletter", "events", "sales", "hygiene");
    private static final ObjectMapper YAML =
            YAMLMapper.builder().addModule(new ParameterNamesModule()).build();

    private ShippedTemplates() {}

    private record Written(
            String key, String name, @Nullable String description, String query, List<TemplateParameter> parameters) {}

    /** By key. */
    static NavigableMap<String, SegmentTemplate> read() {
        return CATEGORIES.stream()
                .flatMap(category -> read(category).stream())
                .collect(toMap(
                        SegmentTemplate::key,
                        template -> template,
                        (one, other) -> {
                            throw new IllegalStateException("Two templates are called " + one.key());
                        },
                        TreeMap::new));
    }

    private static List<SegmentTemplate> read(String category) {
        try (var file = ShippedTemplates.class.getResourceAsStream("templates/" + category + ".yml")) {
            return YAML.readValue(file, new TypeReference<List<Written>>() {}).stream()
                    .map(written -> new SegmentTemplate(
                            written.key(),
                            written.name(),
                            written.description(),
                            category,
                            written.query(),
                            written.parameters(),
                            true,
                            List.of(),
                            null,
                            null))
                    .toList();
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
