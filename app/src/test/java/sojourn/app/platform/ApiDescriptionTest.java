package sojourn.app.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.App;

class ApiDescriptionTest {

    @RegisterExtension
    static final App app = new App();

    @Test
    void the_description_has_every_resource_and_says_how_to_authenticate() {
        var described =
                app.anonymous().request("GET", "/openapi.json").expect(200).json();

        assertThat(described.get("openapi").asText()).startsWith("3.1");
        assertThat(described.get("paths").has("/v1/api-keys/{id}/rotate")).isTrue();
        assertThat(described.at("/components/securitySchemes/apiKey/scheme").asText())
                .isEqualTo("bearer");
        var create = described.at("/paths/~1v1~1api-keys/post");
        assertThat(create.get("description").asText()).contains("admin");
        assertThat(create.at("/responses/4XX/content").has("application/problem+json"))
                .isTrue();
        assertThat(described.at("/paths/~1v1~1api-keys~1{id}/get/responses").toString())
                .contains("#/components/schemas/ApiKey");
        assertThat(create.at("/responses/429/headers").has("Retry-After")).isTrue();
        assertThat(described.at("/paths/~1healthz/get/responses").has("429")).isFalse();
        assertThat(create.at("/requestBody/content/application~1json/schema").toString())
                .contains("KeyWanted");
        assertThat(described.at("/components/schemas/KeyWanted/properties").has("expiresAt"))
                .isTrue();
        assertThat(described.at("/components/schemas").has("Caller")).isFalse();
        assertThat(described.at("/paths/~1v1~1track/post/security").findValues("apiKeyAsUserName"))
                .hasSize(1);
    }

    @Test
    void what_is_called_alike_is_not_taken_for_one_another() {
        var schemas = app.anonymous()
                .request("GET", "/openapi.json")
                .expect(200)
                .json()
                .at("/components/schemas");

        assertThat(schemas.at("/SegmentMembers.Member/properties").has("contactId"))
                .isTrue();
        assertThat(schemas.has("Condition.Member")).isTrue();
        assertThat(schemas.has("ZoneId")).isFalse();
        assertThat(schemas.findValues("timeZone"))
                .isNotEmpty()
                .allSatisfy(zone ->
                        assertThat(zone.toString()).contains("\"string\"").doesNotContain("$ref"));
    }

    @Test
    void the_page_loads_only_what_this_server_has() {
        var page = app.anonymous().request("GET", "/docs").expect(200);

        var links = Pattern.compile("(?:src|href)=\"([^\"]+)\"")
                .matcher(page.body())
                .results()
                .toList();
        assertThat(links).hasSizeGreaterThan(2).allSatisfy(link -> {
            assertThat(link.group(1)).startsWith("/docs/");
            assertThat(app.anonymous().request("GET", link.group(1)).expect(200).body())
                    .isNotEmpty();
        });
        app.anonymous().request("GET", "/docs/nothing.js").expect(404);
    }

    @Test
    void guides_are_read_here_and_lead_from_one_to_another() {
        var pages = new HashMap<String, String>();
        var waiting = new ArrayDeque<>(List.of("api.md"));
        var links = new HashSet<String>();
        while (!waiting.isEmpty()) {
            var name = waiting.remove();
            var page = app.anonymous()
                    .request("GET", "/docs/guides/" + name)
                    .expect(200)
                    .body();
            pages.put(name, page);
            Pattern.compile("href=\"([^\"/:#]*(?:/[^\"/:#]+)?[.]md)?(#[^\"]+)?\"")
                    .matcher(page)
                    .results()
                    .forEach(link -> {
                        var folder = name.startsWith("decisions/") ? "decisions/" : "";
                        var to = link.group(1) == null ? name : (folder + link.group(1)).replace("decisions/../", "");
                        links.add(to + (link.group(2) == null ? "" : link.group(2)));
                        if (pages.putIfAbsent(to, "") == null) {
                            waiting.add(to);
                        }
                    });
        }

        assertThat(pages)
                .containsKeys("segment-language.md", "segment-meaning.md", "journey-document.md", "running.md");
        assertThat(pages.get("segment-language.md")).contains("<table>").contains("HAVING");
        assertThat(links).anySatisfy(link -> assertThat(link).contains("#")).allSatisfy(link -> {
            var parts = link.split("#", 2);
            assertThat(parts.length == 1 || pages.getOrDefault(parts[0], "").contains("id=\"" + parts[1] + "\""))
                    .as(link)
                    .isTrue();
        });
        app.anonymous().request("GET", "/docs/guides/nothing.md").expect(404);
    }

    @Test
    void metrics_are_on_the_admin_port_for_prometheus() throws Exception {
        app.request("GET", "/v1/api-keys");

        var metrics = new String(
                URI.create(app.adminUrl() + "/metrics").toURL().openStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(metrics).contains("# TYPE").contains("segments_drift");
    }
}
