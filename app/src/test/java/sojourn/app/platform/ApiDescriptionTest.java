package sojourn.app.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
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
    void metrics_are_on_the_admin_port_for_prometheus() throws Exception {
        app.request("GET", "/v1/api-keys");

        var metrics = new String(
                URI.create(app.adminUrl() + "/metrics").toURL().openStream().readAllBytes(), StandardCharsets.UTF_8);

        assertThat(metrics).contains("# TYPE").contains("segments_drift");
    }
}
