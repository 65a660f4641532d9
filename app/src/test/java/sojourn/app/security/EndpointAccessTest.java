package sojourn.app.security;

import static org.assertj.core.api.Assertions.assertThat;

import jakarta.ws.rs.Path;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.glassfish.jersey.server.model.Resource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.App;
import sojourn.testing.Client;

/**
 * Walks every endpoint of the running application with no key, a bad key and a key of each role, against the table in
 * {@code endpoints.txt} beside this test. A new endpoint has to be written there.
 */
class EndpointAccessTest {

    private static final String TABLE = "src/test/resources/sojourn/app/security/endpoints.txt";
    private static final String OPEN = "open";

    @RegisterExtension
    static final App app = new App();

    @Test
    void every_endpoint_is_in_the_table_and_every_line_of_it_is_an_endpoint() {
        var missing = new TreeSet<>(endpoints());
        missing.removeAll(table().keySet());
        var gone = new TreeSet<>(table().keySet());
        gone.removeAll(endpoints());

        assertThat(missing)
                .as("Add these endpoints to %s, each with the roles that may call it (or `open`)", TABLE)
                .isEmpty();
        assertThat(gone)
                .as("No such endpoints any more: take them out of %s", TABLE)
                .isEmpty();
    }

    @Test
    void nobody_gets_past_the_guard_of_an_endpoint_without_a_key_of_its_roles() {
        var keys = new LinkedHashMap<String, Client>();
        keys.put("no key", app.anonymous());
        keys.put("a bad key", app.anonymous().withKey("sjk_bad"));
        Role.ALL.forEach(role -> keys.put(role, app.as(role)));

        table().forEach((endpoint, allowed) -> keys.forEach((who, client) -> {
            var status = call(client, endpoint);
            if (allowed.contains(OPEN) || allowed.contains(who)) {
                assertThat(status).as("%s with %s may", endpoint, who).isNotIn(401, 403, 500);
            } else {
                var refusal = Role.ALL.contains(who) ? 403 : 401;
                assertThat(status).as("%s with %s may not", endpoint, who).isEqualTo(refusal);
            }
        }));
    }

    private static int call(Client client, String endpoint) {
        var parts = endpoint.split(" ");
        var path = parts[1].replaceAll("\\{[^}]*}", "0193a7c0-0000-7000-8000-000000000000");
        var body = Set.of("POST", "PUT", "PATCH").contains(parts[0]) ? "{}" : null;
        var status = client.request(parts[0], path, body).status();
        if (status == 415) {
            // An endpoint that reads something else than JSON; which one does not matter to its guard.
            var types = Stream.of(
                    "application/x-ndjson",
                    "text/csv",
                    "application/merge-patch+json",
                    "text/plain",
                    "application/x-www-form-urlencoded");
            return types.map(type -> client.with("Content-Type", type)
                            .request(parts[0], path, "")
                            .status())
                    .filter(other -> other != 415)
                    .findFirst()
                    .orElse(status);
        }
        return status;
    }

    /** Each endpoint as {@code METHOD /path/{parameter}}, from what Jersey runs. */
    private static Set<String> endpoints() {
        var found = new TreeSet<String>();
        var resources = app.support().getEnvironment().jersey().getResourceConfig();
        Stream.concat(resources.getInstances().stream().map(Object::getClass), resources.getClasses().stream())
                .filter(type -> type.isAnnotationPresent(Path.class))
                .forEach(type -> collect("", Resource.from(type), found));
        return found;
    }

    private static void collect(String prefix, Resource resource, Set<String> found) {
        var path = prefix + slash(resource.getPath());
        resource.getResourceMethods().forEach(method -> found.add(method.getHttpMethod() + " " + plain(path)));
        resource.getChildResources().forEach(child -> collect(path, child, found));
    }

    private static String slash(String path) {
        var trimmed = path.replaceAll("^/+|/+$", "");
        return trimmed.isEmpty() ? "" : "/" + trimmed;
    }

    /** Without the patterns of path parameters. */
    private static String plain(String path) {
        return path.replaceAll("\\{\\s*(\\w+)\\s*:[^/]*}", "{$1}");
    }

    /** Endpoint to who may call it. */
    private static Map<String, List<String>> table() {
        try (InputStream in = EndpointAccessTest.class.getResourceAsStream("endpoints.txt")) {
            var table = new TreeMap<String, List<String>>();
            new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(String::strip)
                    .filter(line -> !line.isEmpty() && !line.startsWith("#"))
                    .forEach(line -> {
                        var words = line.split("\\s+");
                        table.put(words[0] + " " + words[1], expand(words));
                    });
            return table;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static List<String> expand(String[] words) {
        return Arrays.stream(words)
                .skip(2)
                .flatMap(word -> switch (word) {
                    case "readers" -> Role.ALL.stream().filter(role -> !role.equals(Role.INTEGRATOR));
                    case "everyone" -> Role.ALL.stream();
                    case String role -> Stream.of(role);
                })
                .toList();
    }
}
