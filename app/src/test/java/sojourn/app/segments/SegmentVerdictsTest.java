package sojourn.app.segments;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.App;
import sojourn.testing.Eventually;

/** What is asked about a segment heeds its scope and what people have decided, as its membership does. */
class SegmentVerdictsTest {

    @RegisterExtension
    static final App app = new App();

    private String key = "";
    private String unit = "";

    /** Number i is in the unit when i is even; the query has those below 5, and whoever the test picks. */
    @BeforeEach
    void tenContacts() {
        key = "s" + UUID.randomUUID().toString().replace("-", "");
        unit = "u" + key;
        app.request("PUT", "/v1/business-units/" + unit, Map.of("name", "Unit", "members", List.of()))
                .expect(201);
        for (var i = 0; i < 10; i++) {
            var contact = new HashMap<String, Object>(Map.of("lastName", key, "firstName", i < 5 ? "in" : "out"));
            if (i % 2 == 0) {
                contact.put("businessUnit", unit);
            }
            app.request("PUT", "/v1/contacts/external:" + i + key, contact).expect(201);
        }
        app.request("POST", "/v1/segments", Map.of("key", key, "scope", unit, "query", query("in")))
                .expect(201);
    }

    private String query(String firstName) {
        return "PROFILE(contact).FILTER(lastName == '" + key + "') INTERSECT PROFILE(contact).FILTER(firstName == '"
                + firstName + "')";
    }

    /** Of the contacts in scope 0, 2, 4 are in by the query: 2 is taken out, 6 put in; 1 and 3 change nothing. */
    private void decide() {
        override(2, "exclude");
        override(6, "include");
        override(1, "include");
        override(3, "exclude");
    }

    private void override(int contact, String kind) {
        app.request(
                        "PUT",
                        "/v1/segments/" + key + "/overrides/external:" + contact + key,
                        Map.of("kind", kind, "reason", "because " + contact))
                .expect(201);
    }

    private void goLive() throws InterruptedException {
        app.request("POST", "/v1/segments/" + key + "/go-live").expect(202);
        Eventually.holds(() -> app.request("GET", "/v1/segments/" + key).body().contains("\"state\":\"live\""));
    }

    private Set<String> members() {
        return new TreeSet<>(app.request("GET", "/v1/segments/" + key + "/members")
                .json()
                .path("items")
                .findValuesAsText("externalId"));
    }

    private JsonNode ask(String question) {
        return app.request("POST", "/v1/segments/" + key + "/" + question)
                .expect(200)
                .json();
    }

    private JsonNode explain(int contact, String more) {
        return app.request("GET", "/v1/segments/" + key + "/explain?contact=external:" + contact + key + more)
                .expect(200)
                .json();
    }

    @Test
    void a_flow_counts_those_in_scope_and_ends_with_the_overrides() {
        decide();

        var flow = ask("flow");

        var blocks = flow.path("blocks");
        assertThat(blocks.findValues("contacts").toString()).isEqualTo("[5, 3, 1, 1]");
        assertThat(blocks.findValues("in").toString()).isEqualTo("[0, 5, 3, 4]");
        assertThat(blocks.findValues("added").toString()).isEqualTo("[5, 0, 1, 0]");
        assertThat(blocks.findValues("removed").toString()).isEqualTo("[0, 2, 0, 1]");
        assertThat(blocks.findValues("out").toString()).isEqualTo("[5, 3, 4, 3]");
        assertThat(blocks.findValuesAsText("block").subList(2, 4)).containsExactly("include", "exclude");
        assertThat(blocks.findValues("operator").toString()).isEqualTo("[null, \"INTERSECT\", \"UNION\", \"EXCEPT\"]");
        assertThat(blocks.get(2).path("path").isNull()).isTrue();
        assertThat(flow.path("count")).isEqualTo(ask("estimate").path("count"));
    }

    @Test
    void a_flow_without_overrides_has_the_blocks_only() {
        var flow = ask("flow");

        assertThat(flow.path("blocks")).hasSize(2);
        assertThat(flow.path("count").asInt()).isEqualTo(3);
    }

    @Test
    void every_explanation_says_what_the_membership_is_and_what_decides_it() throws Exception {
        decide();
        goLive();
        Eventually.holds(() -> members().equals(new TreeSet<>(List.of("0" + key, "4" + key, "6" + key))));

        var decidedBy = IntStream.range(0, 8)
                .mapToObj(i -> explain(i, "").path("decidedBy").asText())
                .toList();

        assertThat(decidedBy)
                .containsExactly("query", "scope", "exclude", "scope", "query", "scope", "include", "scope");
        for (var i = 0; i < 10; i++) {
            var verdict = explain(i, "");
            assertThat(verdict.path("belongs").asBoolean())
                    .as("contact %d", i)
                    .isEqualTo(verdict.path("member").asBoolean())
                    .isEqualTo(members().contains(i + key));
            assertThat(verdict.at("/tree/holds").asBoolean()).isEqualTo(i < 5);
            assertThat(verdict.path("inScope").asBoolean()).isEqualTo(i % 2 == 0);
        }
        var excluded = explain(2, "").path("override");
        assertThat(excluded.path("kind").asText()).isEqualTo("exclude");
        assertThat(excluded.path("reason").asText()).isEqualTo("because 2");
        assertThat(excluded.path("by").asText()).isEqualTo("test admin");
        assertThat(excluded.path("at").asText()).isNotEmpty();
        assertThat(explain(0, "").has("override")).isFalse();
    }

    @Test
    void an_edit_is_previewed_and_explained_by_its_own_scope_and_the_overrides() throws Exception {
        decide();
        goLive();
        var etag =
                app.request("POST", "/v1/segments/" + key + "/edit").expect(200).header("ETag");
        app.admin()
                .with("If-Match", etag)
                .request("PUT", "/v1/segments/" + key, Map.of("query", query("in"), "scope", "organization"))
                .expect(200);

        var change = ask("edit/preview");

        // By the edit: 0 to 4 by the query without 2 and 3, and 1 and 6 by hand.
        assertThat(change.path("joiners").findValuesAsText("externalId")).containsExactly("1" + key);
        assertThat(change.path("leaving").asInt()).isZero();
        assertThat(explain(1, "").path("belongs").asBoolean()).isFalse();
        var byEdit = explain(1, "&edit=true");
        assertThat(byEdit.path("belongs").asBoolean()).isTrue();
        assertThat(byEdit.path("decidedBy").asText()).isEqualTo("include");
        var flow = ask("flow");
        assertThat(flow.path("count").asInt()).isEqualTo(4);
        assertThat(flow.path("count")).isEqualTo(ask("estimate").path("count"));
    }
}
