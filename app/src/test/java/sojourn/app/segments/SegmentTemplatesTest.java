package sojourn.app.segments;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.security.Role;
import sojourn.testing.Answer;
import sojourn.testing.App;

class SegmentTemplatesTest {

    @RegisterExtension
    static final App app = new App();

    private String key = "";

    @BeforeEach
    void newKey() {
        key = "s" + UUID.randomUUID().toString().replace("-", "");
    }

    @Test
    void a_segment_is_made_of_each_shipped_template_and_evaluated() {
        declarePurchase();
        app.request("PATCH", "/v1/profile-types/contact", Map.of("attributes", Map.of("birthday", "date")))
                .expect(200);
        app.request("POST", "/v1/segments", Map.of("key", "b" + key, "kind", "static"))
                .expect(201);
        var templates = app.request("GET", "/v1/segment-templates?limit=1000")
                .expect(200)
                .json();
        var shipped = templates
                .path("items")
                .valueStream()
                .filter(template -> template.path("shipped").asBoolean())
                .toList();

        assertThat(shipped).hasSizeGreaterThanOrEqualTo(33);
        var categories = new HashSet<String>();
        for (var template : shipped) {
            var name = template.path("key").asText();
            categories.add(template.path("category").asText());
            assertThat(template.path("name").asText()).isNotEmpty();
            assertThat(template.path("description").asText()).isNotEmpty();
            assertThat(template.path("parameters").findValuesAsText("help"))
                    .as(name)
                    .hasSameSizeAs(template.path("parameters"))
                    .doesNotContain("");
            Map<String, Object> parameters =
                    name.equals("all-but-suppressed") ? Map.of("base", "b" + key, "without", "b" + key) : Map.of();
            var made = make(name, name + "-" + key, parameters);
            assertThat(made.status()).as("%s: %s", name, made.body()).isEqualTo(201);
            assertThat(made.json().path("state").asText()).isEqualTo("draft");
            app.request("POST", "/v1/segments/" + name + "-" + key + "/estimate")
                    .expect(200);
        }
        assertThat(categories).contains("shop", "newsletter", "events", "sales", "hygiene");
    }

    @Test
    void templates_are_searched_filtered_and_paged() {
        assertThat(keys("q=OPENED%20but")).containsExactly("opened-not-clicked");
        assertThat(keys("category=events")).contains("attended").doesNotContain("not-purchased");
        assertThat(keys("category=nothing")).isEmpty();
        var first = app.request("GET", "/v1/segment-templates?limit=3").json();
        var second = app.request(
                        "GET",
                        "/v1/segment-templates?limit=3&cursor="
                                + first.path("next").asText())
                .json();
        assertThat(first.path("items").findValuesAsText("key"))
                .doesNotContainAnyElementsOf(second.path("items").findValuesAsText("key"));
        assertThat(app.request("GET", "/v1/segment-templates/not-purchased")
                        .expect(200)
                        .header("ETag"))
                .isNotEmpty();
        app.request("GET", "/v1/segment-templates/nothing").expect(404);
    }

    @Test
    void every_wrong_value_is_said_at_once_with_what_would_fit() {
        declarePurchase();

        var refused = make(
                        "vip-by-spend",
                        "Not A Key",
                        Map.of("purchase", "Purchas", "least", -1, "days", 1.5, "dais", 3, "amount", 7))
                .expect(422);

        assertThat(refused.json().path("errors").findValuesAsText("pointer"))
                .containsExactlyInAnyOrder(
                        "/key",
                        "/parameters/purchase",
                        "/parameters/least",
                        "/parameters/days",
                        "/parameters/dais",
                        "/parameters/amount");
        assertThat(refused.body()).contains("did you mean `Purchase`?", "did you mean `days`?", "from 1 to 3650");
        assertThat(make("vip-by-spent", key, Map.of()).expect(422).body()).contains("vip-by-spend");
        assertThat(make("all-but-suppressed", key, Map.of())
                        .expect(422)
                        .json()
                        .path("errors")
                        .findValuesAsText("code"))
                .containsExactly("missing", "missing");
    }

    @Test
    void values_are_literals_and_never_text_of_the_query() {
        var attack = "x') UNION PROFILE(contact).FILTER(ISNOTNULL(email) || city == '";

        make("contacts-in-a-city", key, Map.of("city", attack, "country", "D'E"))
                .expect(201);

        assertThat(app.request("GET", "/v1/segments/" + key)
                        .json()
                        .path("query")
                        .asText())
                .isEqualTo("PROFILE(contact).FILTER(address.city == '" + attack.replace("'", "''")
                        + "' && address.country == 'D''E')");
        for (var wrong : List.of(
                Map.of("days", "7) > 0 || COUNT() >= (1"),
                Map.of("days", -7),
                Map.of("days", 1e9),
                Map.of("days", List.of(1)))) {
            make("new-subscribers", key + "x", Map.of("days", wrong.get("days"), "topic", "a"))
                    .expect(422);
        }
        make("attribute-missing", key + "x", Map.of("attribute", "email) || ISNULL(phone"))
                .expect(422);
        make("bought-between", key + "x", Map.of("from", "2026-02-30")).expect(422);
    }

    @Test
    void a_template_says_which_words_are_missing() {
        app.jdbi()
                .useHandle(handle -> handle.execute("update interaction_type set key = 'Kept' where key = 'Purchase'"));
        try {
            var template =
                    app.request("GET", "/v1/segment-templates/vip-by-spend").json();
            var refused = make("vip-by-spend", key, Map.of()).expect(422);

            assertThat(template.path("missing").get(0).asText()).isEqualTo("interaction type Purchase");
            assertThat(refused.body()).contains("There is no 'Purchase' here", "POST /v1/interaction-types");
        } finally {
            app.jdbi()
                    .useHandle(handle ->
                            handle.execute("update interaction_type set key = 'Purchase' where key = 'Kept'"));
        }
    }

    @Test
    void any_segment_is_kept_as_a_template_with_its_values_to_be_filled_in() {
        declarePurchase();
        var query = "INTERACTION(Purchase).FILTER(amount > 50).HAVING(COUNT() >= 3, DAYS(50)) -- for '{x}' and 50";
        app.request("POST", "/v1/segments", Map.of("key", key, "query", query)).expect(201);

        var saved = app.request("POST", "/v1/segments/" + key + "/save-as-template", """
                        {"key": "%s", "name": "Mine", "category": "shop", "parameters": [
                          {"name": "times", "type": "number", "default": 3, "min": 1, "help": "How often."},
                          {"name": "type", "type": "interactionType", "default": "Purchase"}]}
                        """.formatted(key))
                .expect(201);

        assertThat(saved.json().path("query").asText())
                .isEqualTo(
                        "INTERACTION({type}).FILTER(amount > 50).HAVING(COUNT() >= {times}, DAYS(50)) -- for '{x}' and 50");
        assertThat(saved.json().path("createdBy").asText()).isEqualTo("test admin");
        assertThat(keys("category=shop&q=" + key)).containsExactly(key);
        make(key, key + "b", Map.of("times", 7)).expect(201);
        assertThat(app.request("GET", "/v1/segments/" + key + "b")
                        .json()
                        .path("query")
                        .asText())
                .isEqualTo(query.replace(">= 3", ">= 7"));
        make(key, key + "c", Map.of("times", 0)).expect(422);
        app.request("DELETE", "/v1/segment-templates/" + key).expect(204);
        app.request("DELETE", "/v1/segment-templates/" + key).expect(404);
    }

    @Test
    void a_template_that_cannot_be_is_refused() {
        declarePurchase();
        app.request("POST", "/v1/segments", Map.of("key", key, "query", "INTERACTION(Purchase).FILTER(amount > 50)"))
                .expect(201);

        var refused = app.request("POST", "/v1/segments/" + key + "/save-as-template", """
                        {"key": "No", "parameters": [
                          {"name": "Times", "type": "number", "default": 50},
                          {"name": "a", "type": "number", "default": 51},
                          {"name": "b", "type": "number"},
                          {"name": "b", "type": "text", "default": "x"}]}
                        """)
                .expect(422);

        assertThat(refused.json().path("errors").findValuesAsText("pointer"))
                .containsExactlyInAnyOrder(
                        "/key",
                        "/parameters/0/name",
                        "/parameters/1/default",
                        "/parameters/2/default",
                        "/parameters/3/name");
        for (var parameters : List.of("[{}]", "[null]", "7", "[{\"name\": \"a\", \"type\": \"colour\"}]")) {
            var body = "{\"key\": \"%s\", \"parameters\": %s}".formatted(key, parameters);
            app.request("POST", "/v1/segments/" + key + "/save-as-template", body)
                    .expect(422);
        }
        app.request("POST", "/v1/segments/" + key + "/save-as-template", Map.of("key", "not-purchased"))
                .expect(409);
        app.request("DELETE", "/v1/segment-templates/not-purchased").expect(409);
        app.request("POST", "/v1/segments", Map.of("key", key + "s", "kind", "static"))
                .expect(201);
        app.request("POST", "/v1/segments/" + key + "s/save-as-template", Map.of("key", key))
                .expect(409);
        app.as(Role.VIEWER)
                .request("POST", "/v1/segments/from-template", Map.of())
                .expect(403);
    }

    private static void declarePurchase() {
        app.request(
                "POST", "/v1/interaction-types", Map.of("key", "Purchase", "properties", Map.of("amount", "number")));
    }

    private static List<String> keys(String query) {
        return app.request("GET", "/v1/segment-templates?" + query)
                .expect(200)
                .json()
                .path("items")
                .findValuesAsText("key");
    }

    private static Answer make(String template, String segment, Map<String, Object> parameters) {
        return app.request(
                "POST",
                "/v1/segments/from-template",
                Map.of("template", template, "key", segment, "parameters", parameters));
    }
}
