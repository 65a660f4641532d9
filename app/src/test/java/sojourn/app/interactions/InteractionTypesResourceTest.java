package sojourn.app.interactions;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.App;

class InteractionTypesResourceTest {

    @RegisterExtension
    static final App app = new App();

    @Test
    void a_type_comes_back_as_it_was_declared() {
        var created = app.request("POST", "/v1/interaction-types", """
                {"key": "Visit", "properties": {"minutes": "number", "mood": {"type": "option", "options": ["good", "bad"]}}}
                """).expect(201);

        assertThat(created.header("Location")).endsWith("/v1/interaction-types/Visit");
        var type = app.request("GET", "/v1/interaction-types/Visit").expect(200);
        assertThat(type.json().at("/properties/minutes").textValue()).isEqualTo("number");
        assertThat(type.json().at("/properties/mood/options/1").textValue()).isEqualTo("bad");
        assertThat(type.header("ETag")).isEqualTo("\"1\"");
        app.request("POST", "/v1/interaction-types", "{\"key\": \"Visit\"}").expect(409);
    }

    @Test
    void a_type_can_get_more_properties_but_none_can_change() {
        app.request("POST", "/v1/interaction-types", """
                {"key": "Ride", "properties": {"km": "number", "kind": {"type": "option", "options": ["bus"]}}}
                """).expect(201);

        var changed = app.request("PATCH", "/v1/interaction-types/Ride", """
                {"properties": {"line": "text", "kind": {"type": "option", "options": ["bus", "tram"]}}}
                """).expect(200);

        assertThat(changed.json().get("properties")).hasSize(3);
        assertThat(changed.header("ETag")).isEqualTo("\"2\"");
        var refused = app.request("PATCH", "/v1/interaction-types/Ride", """
                {"properties": {"km": "text", "kind": {"type": "option", "options": ["tram"]}, "journey": "text"}}
                """)
                .expect(422)
                .json();
        assertThat(refused.get("errors").findValuesAsText("code"))
                .containsExactlyInAnyOrder("type-fixed", "options-fixed", "reserved-key");
        app.admin()
                .with("If-Match", "\"1\"")
                .request("PATCH", "/v1/interaction-types/Ride", "{\"properties\": {}}")
                .expect(412);
        app.request("PATCH", "/v1/interaction-types/Nothing", "{\"properties\": {}}")
                .expect(404);
    }

    @Test
    void no_type_is_called_as_queries_call_all_of_them() {
        for (var key : List.of("ANY", "any", "Any")) {
            var errors = app.request("POST", "/v1/interaction-types", Map.of("key", key))
                    .expect(422)
                    .json()
                    .get("errors");
            assertThat(errors.findValuesAsText("code")).containsExactly("reserved-key");
        }
        app.request("POST", "/v1/interaction-types", Map.of("key", "Anyhow")).expect(201);
        var bundled = app.request("POST", "/v1/journeys/import", """
                        {"journeys": [{"key": "any", "document": {"start": "a", "tiles": {}}}],
                         "declarations": {"interactionTypes": {"Any": {}}}}
                        """)
                .expect(422)
                .json()
                .get("errors");
        assertThat(bundled.findValuesAsText("pointer")).contains("/declarations/interactionTypes/Any");
    }

    @Test
    void everything_wrong_with_a_declaration_is_said_at_once() {
        var errors = app.request("POST", "/v1/interaction-types", """
                {"key": "1st", "properties": {"a-b": "text", "n": "numbr", "o": "option", "l": {"type": "lookup", "lookup": "x"},
                 "p": {"type": "options", "options": ["A", "a", ""]}, "q": 7, "r": {"typ": "text"}}}
                """)
                .expect(422)
                .json()
                .get("errors");

        assertThat(errors.findValuesAsText("pointer"))
                .containsExactly(
                        "/key",
                        "/properties/a-b",
                        "/properties/n",
                        "/properties/o/options",
                        "/properties/l/lookup",
                        "/properties/p/options/1",
                        "/properties/p/options/2",
                        "/properties/q",
                        "/properties/r/typ",
                        "/properties/r/type");
        assertThat(errors.get(2).get("detail").textValue()).contains("did you mean `number`?");
    }

    @Test
    void types_are_listed_page_by_page_built_in_ones_too() {
        var first =
                app.request("GET", "/v1/interaction-types?limit=5").expect(200).json();
        var second = app.request(
                        "GET",
                        "/v1/interaction-types?limit=1000&cursor="
                                + first.get("next").textValue())
                .expect(200)
                .json();

        assertThat(first.get("items")).hasSize(5);
        assertThat(second.get("items").findValuesAsText("key")).contains("TileEntered");
    }

    @Test
    void attributes_of_contacts_are_declared() {
        var changed = app.request("PATCH", "/v1/profile-types/contact", """
                {"attributes": {"tier": {"type": "option", "options": ["gold", "silver"]}, "age": "number"}}
                """)
                .expect(200)
                .json();

        assertThat(changed.at("/attributes/tier/options/0").textValue()).isEqualTo("gold");
        assertThat(changed.at("/attributes/age/type").textValue()).isEqualTo("number");
        assertThat(app.request("GET", "/v1/profile-types").expect(200).json().get("items"))
                .contains(changed);
        app.request("PATCH", "/v1/profile-types/contact", """
                {"attributes": {"email": "text", "address": "text", "tier": "text"}}
                """).expect(422);
        app.request("PATCH", "/v1/profile-types/boat", "{}").expect(404);
    }
}
