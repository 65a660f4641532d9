package sojourn.app.contacts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.platform.Transactions;
import sojourn.testing.App;

class ProfileTypesResourceTest {

    @RegisterExtension
    static final App app = new App();

    @BeforeEach
    void only_the_seeds_are_there() {
        Transactions.use(app.jdbi(), handle -> {
            handle.execute("truncate contact, profile, link restart identity");
            handle.execute("delete from relationship where not built_in");
            handle.execute("delete from profile_attribute where not built_in");
            handle.execute("delete from profile_type where not built_in");
        });
    }

    @Test
    void the_types_of_a_shop_and_its_sales_people_are_there_from_the_start() {
        var types = app.request("GET", "/v1/profile-types?limit=3").expect(200).json();

        assertThat(types.get("items").findValuesAsText("key")).containsExactly("account", "contact", "event");
        var rest = app.request(
                        "GET", "/v1/profile-types?cursor=" + types.get("next").textValue())
                .expect(200)
                .json();
        assertThat(rest.get("items").findValuesAsText("key"))
                .containsExactly("event_registration", "lead", "marketing_list", "opportunity");
        var lead = app.request("GET", "/v1/profile-types/lead").expect(200).json();
        assertThat(lead.get("name").textValue()).isEqualTo("Lead");
        assertThat(lead.at("/attributes/contact").toString()).isEqualTo("{\"type\":\"lookup\",\"lookup\":\"contact\"}");
        assertThat(lead.at("/attributes/status/options").toString())
                .isEqualTo("[\"new\",\"open\",\"qualified\",\"disqualified\"]");
        assertThat(lead.get("builtIn").fieldNames())
                .toIterable()
                .containsExactly("externalId", "createdAt", "updatedAt");
        assertThat(app.request("GET", "/v1/profile-types/contact")
                        .expect(200)
                        .json()
                        .at("/attributes/account/lookup"))
                .asString()
                .isEqualTo("\"account\"");
    }

    @Test
    void a_type_is_declared_and_removed() {
        var made = app.request("POST", "/v1/profile-types", """
                {"key": "boat", "name": "Boat", "attributes": {"length": "number", "owner": "lookup",
                 "tender": {"type": "lookup", "lookup": "boat"},
                 "rig": {"type": "option", "options": ["sloop", "ketch"]}}}
                """).expect(201);

        assertThat(made.header("Location")).endsWith("/v1/profile-types/boat");
        assertThat(made.header("ETag")).isEqualTo("\"1\"");
        assertThat(made.json().at("/attributes").fieldNames())
                .toIterable()
                .containsExactly("length", "owner", "tender", "rig");
        assertThat(made.json().at("/attributes/owner/lookup").textValue()).isEqualTo("contact");
        assertThat(made.json().get("seeded").booleanValue()).isFalse();
        assertThat(app.request("GET", "/v1/profile-types/boat").expect(200).json())
                .isEqualTo(made.json());
        assertThat(type(app.request("POST", "/v1/profile-types", "{\"key\": \"boat\"}")
                        .expect(409)
                        .json()))
                .isEqualTo("key-taken");
        app.admin()
                .with("If-Match", "\"9\"")
                .request("DELETE", "/v1/profile-types/boat")
                .expect(412);
        app.request("DELETE", "/v1/profile-types/boat").expect(204);
        app.request("GET", "/v1/profile-types/boat").expect(404);
        app.request("DELETE", "/v1/profile-types/boat").expect(404);
    }

    @Test
    void everything_wrong_with_a_declaration_is_said_at_once() {
        var problem = app.request("POST", "/v1/profile-types", """
                {"key": "1boat", "name": "%s", "attributes": {"externalId": "text", "a b": "text", "size": "nummer",
                 "harbour": {"type": "lookup", "lookup": "harbor"}, "kind": {"type": "text", "lookup": "contact"}}}
                """.formatted("x".repeat(300)))
                .expect(422)
                .json();

        assertThat(errors(problem))
                .containsExactlyInAnyOrder(
                        "/key invalid-key",
                        "/name too-long",
                        "/attributes/externalId reserved-key",
                        "/attributes/a b invalid-key",
                        "/attributes/size unknown-value-type",
                        "/attributes/harbour/lookup unknown-profile-type",
                        "/attributes/kind/lookup unknown-field");
        assertThat(errors(app.request("POST", "/v1/profile-types", "{}")
                        .expect(422)
                        .json()))
                .containsExactly("/key required");
    }

    @Test
    void attributes_come_and_go_and_those_that_stay_keep_their_type() {
        app.request("POST", "/v1/profile-types", "{\"key\": \"boat\", \"attributes\": {\"length\": \"number\"}}")
                .expect(201);

        var changed = app.request("PATCH", "/v1/profile-types/boat", """
                {"name": "Boats", "attributes": {"length": null, "built": "date", "never": null}, "allowUndeclared": true}
                """).expect(200);

        assertThat(changed.header("ETag")).isEqualTo("\"2\"");
        assertThat(changed.json().get("attributes").toString()).isEqualTo("{\"built\":{\"type\":\"date\"}}");
        assertThat(changed.json().get("name").textValue()).isEqualTo("Boats");
        assertThat(changed.json().get("allowUndeclared").booleanValue()).isTrue();
        assertThat(errors(app.request("PATCH", "/v1/profile-types/boat", "{\"attributes\": {\"built\": \"text\"}}")
                        .expect(422)
                        .json()))
                .containsExactly("/attributes/built type-fixed");
    }

    @Test
    void what_is_used_stays_and_its_users_are_named() {
        app.request("POST", "/v1/profile-types", "{\"key\": \"harbour\"}").expect(201);
        app.request("POST", "/v1/profile-types", """
                {"key": "boat", "attributes": {"length": "number", "home": {"type": "lookup", "lookup": "harbour"}}}
                """).expect(201);

        assertThat(inUse("DELETE", "/v1/profile-types/harbour", "{}")).endsWith("is used by attribute home of boat");
        app.request("PATCH", "/v1/profile-types/contact", "{\"attributes\": {\"age\": \"number\"}}")
                .expect(200);
        app.request("PUT", "/v1/contacts/external:1", "{\"attributes\": {\"age\": 7}}")
                .expect(201);
        assertThat(inUse("PATCH", "/v1/profile-types/contact", "{\"attributes\": {\"age\": null}}"))
                .endsWith("is used by records that have a value");
        app.request("PUT", "/v1/contacts/external:1", "{}").expect(200);
        app.request("PATCH", "/v1/profile-types/contact", "{\"attributes\": {\"age\": null}}")
                .expect(200);
    }

    @Test
    void seeds_cannot_be_removed() {
        for (var seed : List.of("account", "contact", "lead")) {
            assertThat(type(app.request("DELETE", "/v1/profile-types/" + seed)
                            .expect(409)
                            .json()))
                    .isEqualTo("wrong-state");
        }
        app.request("PATCH", "/v1/profile-types/lead", "{\"attributes\": {\"email\": null}}")
                .expect(409);
    }

    static String inUse(String method, String path, String body) {
        var problem = app.request(method, path, body).expect(409).json();
        assertThat(type(problem)).isEqualTo("in-use");
        return problem.get("detail").textValue();
    }

    private static String type(JsonNode problem) {
        return problem.get("type").textValue().replace("urn:sojourn:problem:", "");
    }

    private static List<String> errors(JsonNode problem) {
        return problem.get("errors")
                .valueStream()
                .map(error -> error.get("pointer").textValue() + " "
                        + error.get("code").textValue())
                .toList();
    }
}
