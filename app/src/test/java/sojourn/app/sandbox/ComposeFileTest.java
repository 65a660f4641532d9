package sojourn.app.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.yaml.snakeyaml.Yaml;

/** What can be said of {@code docker-compose.yml} and {@code Dockerfile} without Docker. */
class ComposeFileTest {

    private static final Path ROOT = Path.of("..");
    private static final Pattern VARIABLE = Pattern.compile("(?<!\\$)\\$\\{([A-Z_]+)([^}]*)}");

    private String text;
    private JsonNode file;
    private JsonNode services;

    @BeforeEach
    void read() throws IOException {
        text = Files.readString(ROOT.resolve("docker-compose.yml"));
        file = new ObjectMapper().valueToTree(new Yaml().load(text));
        services = file.get("services");
    }

    @Test
    void every_variable_is_explained_at_the_top_and_has_a_default_or_says_that_it_is_needed() {
        var head = text.substring(0, text.indexOf("\nname:"));

        var variables = VARIABLE.matcher(text).results().toList();

        assertThat(variables).isNotEmpty().allSatisfy(variable -> {
            assertThat(head).contains("#   " + variable.group(1) + " ");
            assertThat(variable.group(2)).matches("(:-.+|:\\?.+)");
        });
    }

    @Test
    void nothing_is_published_beyond_this_machine() {
        assertThat(services.findValues("ports").stream().flatMap(ComposeFileTest::texts))
                .isNotEmpty()
                .allSatisfy(port -> assertThat(port).startsWith("127.0.0.1:"));
        assertThat(services.findValues("network_mode")).isEmpty();
        assertThat(services.findValues("privileged")).isEmpty();
    }

    @Test
    void each_service_waits_for_what_exists_and_can_be_waited_for() {
        services.properties()
                .forEach(service -> service.getValue()
                        .path("depends_on")
                        .properties()
                        .forEach(other -> {
                            var waits = service.getKey() + " -> " + other.getKey();
                            assertThat(services.has(other.getKey())).as(waits).isTrue();
                            switch (other.getValue().path("condition").asText()) {
                                case "service_healthy" ->
                                    assertThat(canBeHealthy(services.get(other.getKey())))
                                            .as(waits)
                                            .isTrue();
                                case "service_completed_successfully" ->
                                    assertThat(services.get(other.getKey())
                                                    .path("restart")
                                                    .asText())
                                            .as(waits)
                                            .startsWith("on-failure");
                                default -> throw new AssertionError(waits + " waits for nothing");
                            }
                        }));
    }

    @Test
    void no_service_waits_for_itself() {
        services.fieldNames()
                .forEachRemaining(name ->
                        assertThat(waitedFor(name, new TreeSet<>())).as(name).doesNotContain(name));
    }

    @Test
    void volumes_and_configs_are_declared_and_used() {
        var volumes = services.findValues("volumes").stream()
                .flatMap(ComposeFileTest::texts)
                .map(volume -> volume.split(":")[0])
                .toList();
        var configs = services.findValues("configs").stream()
                .flatMap(list -> list.findValuesAsText("source").stream())
                .toList();

        assertThat(volumes).containsExactlyInAnyOrderElementsOf(names(file.get("volumes")));
        assertThat(configs).containsExactlyInAnyOrderElementsOf(names(file.get("configs")));
    }

    @Test
    void images_are_pinned() throws IOException {
        assertThat(services.findValuesAsText("image"))
                .allSatisfy(image ->
                        assertThat(image).matches("[a-z/-]+:[a-z0-9.]+").doesNotEndWith(":latest"));
        assertThat(Files.readAllLines(ROOT.resolve("Dockerfile")).stream().filter(line -> line.startsWith("FROM")))
                .allSatisfy(from -> assertThat(from).contains("25"));
    }

    @Test
    void what_sojourn_is_told_is_what_its_settings_ask_for() throws IOException {
        var settings = Files.readString(ROOT.resolve("config.yml"));

        assertThat(names(services.get("server").get("environment")))
                .isNotEmpty()
                .allSatisfy(name -> assertThat(settings).contains("${" + name + ":-"));
    }

    @Test
    void the_image_is_built_of_files_that_are_there_and_does_not_run_as_root() throws IOException {
        var lines = Files.readAllLines(ROOT.resolve("Dockerfile"));

        var sources = lines.stream()
                .filter(line -> line.startsWith("COPY") && !line.contains("--from"))
                .flatMap(line -> Stream.of(line.split(" ")).skip(1))
                .toList();
        assertThat(lines).contains("USER sojourn");
        assertThat(sources.stream().filter(name -> !name.equals("./")))
                .allSatisfy(name -> assertThat(ROOT.resolve(name)).exists());
    }

    private static boolean canBeHealthy(JsonNode service) {
        return service.has("healthcheck") || service.has("build");
    }

    private Set<String> waitedFor(String name, Set<String> seen) {
        services.get(name).path("depends_on").fieldNames().forEachRemaining(other -> {
            if (seen.add(other)) {
                waitedFor(other, seen);
            }
        });
        return seen;
    }

    private static Stream<String> texts(JsonNode list) {
        var texts = new ArrayList<String>();
        list.forEach(item -> texts.add(item.asText()));
        return texts.stream();
    }

    private static List<String> names(JsonNode object) {
        var names = new ArrayList<String>();
        object.fieldNames().forEachRemaining(names::add);
        return names;
    }
}
