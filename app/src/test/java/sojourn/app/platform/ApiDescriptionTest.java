package sojourn.app.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
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
    void every_request_says_what_it_does_under_one_heading() {
        var described =
                app.anonymous().request("GET", "/openapi.json").expect(200).json();

        var headings = new ArrayList<String>();
        described.get("tags").forEach(tag -> {
            headings.add(tag.get("name").asText());
            assertThat(tag.path("description").asText()).as(tag.toString()).isNotBlank();
        });
        assertThat(headings)
                .doesNotHaveDuplicates()
                .containsSubsequence(
                        "Contacts", "Interactions", "Segments", "Messages", "Journeys", "Runs", "Insights");
        var used = new HashSet<String>();
        described
                .get("paths")
                .properties()
                .forEach(path -> path.getValue().properties().forEach(operation -> {
                    var request = operation.getKey() + " " + path.getKey();
                    var summary = operation.getValue().path("summary").asText();
                    assertThat(summary)
                            .as("%s needs an @Operation(summary = ...)", request)
                            .isNotBlank();
                    assertThat(summary).as(request).hasSizeLessThanOrEqualTo(90).doesNotEndWith(".");
                    var tags = operation.getValue().path("tags");
                    assertThat(tags)
                            .as("%s needs a heading in OpenApiTags", request)
                            .hasSize(1);
                    assertThat(headings).as(request).contains(tags.get(0).asText());
                    used.add(tags.get(0).asText());
                }));
        assertThat(used).hasSameElementsAs(headings);
    }

    @Test
    void what_is_answered_is_described_though_methods_build_their_answers() {
        var described =
                app.anonymous().request("GET", "/openapi.json").expect(200).json();

        var schema = "/content/application~1json/schema/$ref";
        var goLive = described.at("/paths/~1v1~1segments~1{segment}~1go-live/post/responses");
        assertThat(goLive.at("/200" + schema).asText()).endsWith("/SegmentAnswer");
        assertThat(goLive.at("/202" + schema).asText()).endsWith("/SegmentAnswer");
        assertThat(described.at("/components/schemas/SegmentAnswer/properties").has("size"))
                .isTrue();
        assertThat(goLive.has("default")).isFalse();
        var many = described.at("/paths/~1v1~1journeys~1{journey}~1runs~1stop/post/responses");
        assertThat(many.at("/200" + schema).asText()).endsWith("/JourneyRunsResource.Counted");
        assertThat(many.at("/202" + schema).asText()).endsWith("/Job");
        var deleted = described.at("/paths/~1v1~1contacts~1{contact}/delete/responses");
        assertThat(deleted.has("204")).isTrue();
        assertThat(deleted.has("default")).isFalse();
    }

    @Test
    void parameters_that_need_a_word_are_explained() {
        var explained = parameters("/paths/~1v1~1segments~1{segment}~1evaluations/get/parameters");
        assertThat(explained.getOrDefault("limit", "")).contains("1,000");

        explained = parameters("/paths/~1v1~1segments~1{segment}~1sql/get/parameters");
        assertThat(explained.getOrDefault("edit", "")).contains("beside the segment");
    }

    @Test
    void parameters_that_come_in_a_bean_are_described_too() {
        var explained = parameters("/paths/~1v1~1segments~1{segment}~1members/get/parameters");

        assertThat(explained).containsKeys("contact", "q", "joinedFrom", "limit");
        assertThat(explained.getOrDefault("asOf", "")).contains("past moment");
    }

    private static Map<String, String> parameters(String place) {
        var explained = new HashMap<String, String>();
        app.anonymous()
                .request("GET", "/openapi.json")
                .expect(200)
                .json()
                .at(place)
                .forEach(parameter -> explained.put(
                        parameter.get("name").asText(),
                        parameter.path("description").asText()));
        return explained;
    }

    @Test
    void every_reference_leads_somewhere() {
        var described =
                app.anonymous().request("GET", "/openapi.json").expect(200).json();

        assertThat(described.findValuesAsText("$ref"))
                .isNotEmpty()
                .allSatisfy(to -> assertThat(described.at(to.substring(1)).isMissingNode())
                        .as(to)
                        .isFalse());
    }

    @Test
    void methods_that_share_a_request_are_described_as_one() {
        var paths = app.anonymous()
                .request("GET", "/openapi.json")
                .expect(200)
                .json()
                .get("paths");

        var list = paths.at("/~1v1~1segments/get");
        assertThat(list.at("/responses/200/content").propertyStream().map(Map.Entry::getKey))
                .containsExactly("application/json", "application/x-ndjson", "text/csv");
        assertThat(list.findValuesAsText("name"))
                .contains("limit", "cursor", "q", "sort")
                .doesNotHaveDuplicates();
        assertThat(paths.at("/~1v1~1interactions/post/requestBody/content")
                        .propertyStream()
                        .map(Map.Entry::getKey))
                .contains("application/json", "application/x-ndjson", "text/csv");
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
