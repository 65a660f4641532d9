package sojourn.app;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sojourn.app.platform.Json;

/** What the guides name is there: files, headings, endpoints, settings of the environment. */
class DocsTest {

    private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
    private static final Pattern LINK = Pattern.compile("\\]\\((?!https?:|mailto:)([^)#\\s]*)(?:#([^)\\s]+))?\\)");
    private static final Pattern HEADING = Pattern.compile("(?m)^#+ (.*)$");
    private static final Pattern ENDPOINT =
            Pattern.compile("\\b(GET|HEAD|POST|PUT|PATCH|DELETE) (/(?:v1|t)/[^\\s`,;:)'\"?|]+)");
    private static final Pattern JSON = Pattern.compile("(?s)```json\n(.*?)```");
    private static final Pattern VARIABLE = Pattern.compile("\\b(?:SOJOURN|TEMPORAL)_[A-Z_]+\\b");

    static Stream<Path> guides() throws IOException {
        try (var docs = Files.walk(ROOT.resolve("docs"))) {
            return Stream.concat(
                    Stream.of(ROOT.resolve("README.md"), ROOT.resolve("CONTRIBUTING.md")),
                    docs.filter(file -> file.toString().endsWith(".md")))
                    .toList()
                    .stream();
        }
    }

    @ParameterizedTest
    @MethodSource("guides")
    void every_relative_link_leads_somewhere(Path guide) throws IOException {
        for (var link : LINK.matcher(Files.readString(guide)).results().toList()) {
            var target = link.group(1).isEmpty()
                    ? guide
                    : guide.resolveSibling(link.group(1)).normalize();
            assertThat(target).as(link.group()).exists();
            if (link.group(2) != null) {
                assertThat(anchors(target)).as(link.group()).contains(link.group(2));
            }
        }
    }

    @ParameterizedTest
    @MethodSource("guides")
    void every_example_in_json_is_json(Path guide) throws IOException {
        for (var example : JSON.matcher(Files.readString(guide)).results().toList()) {
            try {
                Json.mapper().readTree(example.group(1));
            } catch (JsonProcessingException wrong) {
                throw new AssertionError(wrong.getMessage() + " in\n" + example.group(1), wrong);
            }
        }
    }

    @ParameterizedTest
    @MethodSource("guides")
    void every_endpoint_is_there(Path guide) throws IOException {
        var endpoints = Files.readAllLines(Path.of("src/test/resources/sojourn/app/security/endpoints.txt")).stream()
                .filter(line -> !line.isBlank() && !line.startsWith("#"))
                .map(line -> line.split("\\s+"))
                .map(words -> Pattern.quote(words[0] + " " + words[1]).replaceAll("\\{[^}]+}", "\\\\E[^/]+\\\\Q"))
                .toList();

        var named = ENDPOINT.matcher(Files.readString(guide))
                .results()
                .map(found -> found.group(1) + " " + found.group(2))
                .toList();

        assertThat(named).allSatisfy(each -> assertThat(endpoints).as(each).anyMatch(each::matches));
    }

    @Test
    void every_variable_of_the_environment_is_explained_and_every_explained_one_is_there() throws IOException {
        var used = variables(List.of("config.yml", "sojourn"));
        used.add("SOJOURN_API_KEY");
        var explained = variables(List.of("docs/running.md"));

        assertThat(explained).containsAll(used);
        explained.removeIf(name -> used.contains(name) || used.contains(name.replaceFirst("_FILE$", "")));
        assertThat(explained).as("variables of Temporal itself").containsExactly("TEMPORAL_CLI_PATH");
    }

    private static Set<String> variables(List<String> files) throws IOException {
        var variables = new TreeSet<String>();
        for (var file : files) {
            VARIABLE.matcher(Files.readString(ROOT.resolve(file)))
                    .results()
                    .forEach(found -> variables.add(found.group()));
        }
        return variables;
    }

    /** As GitHub makes them of headings. */
    private static List<String> anchors(Path file) throws IOException {
        return HEADING.matcher(Files.readString(file))
                .results()
                .map(heading -> heading.group(1)
                        .toLowerCase(Locale.ROOT)
                        .replaceAll("[^\\p{L}\\p{N} _-]", "")
                        .replace(' ', '-'))
                .toList();
    }
}
