package sojourn.app.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.DelegatingTransactionHandler;
import org.jdbi.v3.core.transaction.LocalTransactionHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.platform.JdbiPlugins;
import sojourn.app.platform.Json;
import sojourn.testing.App;

/** Who did what is kept, and read by admins. */
class AuditLogTest {

    @RegisterExtension
    static final App app = new App();

    private static List<JsonNode> entries(String query) {
        var items = app.request("GET", "/v1/audit?" + query).expect(200).json().path("items");
        return StreamSupport.stream(items.spliterator(), false).toList();
    }

    private static List<String> actions(String query) {
        return entries(query).stream().map(each -> each.path("action").asText()).toList();
    }

    @Test
    void the_life_of_a_key_is_kept_with_the_key_that_did_it() {
        var key = app.request("POST", "/v1/api-keys", Map.of("name", "shop", "role", "viewer"))
                .expect(201)
                .json();
        var id = key.path("id").asText();
        var renewed = app.request("POST", "/v1/api-keys/" + id + "/rotate")
                .expect(201)
                .json();
        for (var twice = 0; twice < 2; twice++) {
            app.request("DELETE", "/v1/api-keys/" + id).expect(204);
        }

        assertThat(actions("kind=api-key&thing=" + id)).containsExactly("revoked", "rotated", "created");
        var made = entries("kind=api-key&thing=" + id + "&action=created").getFirst();
        assertThat(made.at("/details/role").asText()).isEqualTo("viewer");
        assertThat(made.toString()).doesNotContain(key.path("key").asText());
        var by = made.path("by").asText();
        assertThat(entries("kind=api-key&keyId=" + made.path("keyId").asText() + "&by=" + by.replace(" ", "%20")))
                .extracting(each -> each.path("thing").asText())
                .contains(id, renewed.path("id").asText());
        assertThat(entries("thing=" + id + "&action=rotated")
                        .getFirst()
                        .at("/details/renewedAs")
                        .asText())
                .isEqualTo(renewed.path("id").asText());
    }

    @Test
    void what_a_command_does_is_kept_and_a_key_that_was_not_made_is_not() {
        var made = new ApiKeys(app.jdbi(), InstantSource.system()).create("cli", Role.ADMIN, null, "command line");
        var entry = entries("thing=" + made.record().id()).getFirst();
        assertThat(entry.path("by").asText()).isEqualTo("command line");
        assertThat(entry.path("keyId").isNull()).isTrue();

        var dying = JdbiPlugins.install(Jdbi.create(app.database().url()), Json.mapper());
        dying.setTransactionHandler(new DelegatingTransactionHandler(LocalTransactionHandler.binding()) {
            @Override
            public void commit(Handle handle) {
                throw new IllegalStateException("died");
            }
        });
        assertThatThrownBy(() ->
                        new ApiKeys(dying, InstantSource.system()).create("lost", Role.ADMIN, null, "nobody at all"))
                .hasMessage("died");
        assertThat(entries("by=nobody%20at%20all")).isEmpty();
    }

    @Test
    void reasons_go_with_whom_they_were_about_and_what_was_done_stays() {
        app.request(
                        "POST",
                        "/v1/segments",
                        Map.of("key", "everybody", "name", "Everybody", "kind", "dynamic", "query", "PROFILE(contact)"))
                .expect(201);
        for (var name : List.of("ada", "eva")) {
            app.request("PUT", "/v1/contacts/external:" + name, "{}").expect(201);
            app.request(
                            "PUT",
                            "/v1/segments/everybody/overrides/external:" + name,
                            Map.of("kind", "exclude", "reason", name + " rang"))
                    .expect(201);
        }
        var eva = app.request("GET", "/v1/contacts/external:eva")
                .json()
                .path("id")
                .asText();
        app.request("DELETE", "/v1/segments/everybody/overrides/external:eva").expect(204);
        app.request("POST", "/v1/contacts/external:ada/merge", Map.of("loser", "external:eva"))
                .expect(200);
        var ada = app.request("GET", "/v1/contacts/external:ada")
                .json()
                .path("id")
                .asText();
        assertThat(entries("contactId=" + eva + "&action=override-set")
                        .getFirst()
                        .path("reason")
                        .asText())
                .isEqualTo("eva rang");

        for (var twice = 0; twice < 2; twice++) {
            app.request("DELETE", "/v1/contacts/" + ada).expect(204);
        }

        assertThat(actions("contactId=" + ada)).containsExactly("erased", "override-set");
        assertThat(actions("contactId=" + eva)).containsExactly("merged", "override-removed", "override-set");
        assertThat(entries("limit=1000")).noneMatch(each -> each.toString().contains(" rang"));
        assertThat(entries("kind=segment&thing=everybody&action=override-set")).hasSize(2);
    }

    @Test
    void business_units_are_kept_too() {
        for (var name : List.of("North", "The North")) {
            app.request("PUT", "/v1/business-units/north", Map.of("name", name));
        }
        app.request("DELETE", "/v1/business-units/north").expect(204);

        assertThat(actions("kind=business-unit&thing=north")).containsExactly("deleted", "changed", "created");
    }

    @Test
    void it_is_read_page_by_page_and_by_time() {
        for (var number = 0; number < 5; number++) {
            app.request("POST", "/v1/api-keys", Map.of("name", "paged", "role", "viewer"))
                    .expect(201);
        }
        var all = entries("kind=api-key&action=created&limit=1000");
        var seen = new HashSet<String>();
        var cursor = "";
        do {
            var page = app.request("GET", "/v1/audit?kind=api-key&action=created&limit=2&cursor=" + cursor)
                    .expect(200)
                    .json();
            page.path("items")
                    .forEach(each ->
                            assertThat(seen.add(each.path("id").asText())).isTrue());
            cursor = page.path("next").isNull() ? "" : page.path("next").asText();
        } while (!cursor.isEmpty());
        assertThat(seen).hasSameSizeAs(all);

        var at = all.get(2).path("at").asText();
        assertThat(entries("from=" + at + "&limit=1000"))
                .allMatch(each -> each.path("at").asText().compareTo(at) >= 0);
        assertThat(entries("to=" + at + "&limit=1000"))
                .noneMatch(each -> each.path("id").equals(all.get(2).path("id")));
        var wrong = app.request("GET", "/v1/audit?from=yesterday&to=tomorrow")
                .expect(422)
                .json();
        assertThat(wrong.path("errors")).hasSize(2);
        assertThat(app.request("GET", "/v1/audit?keyId=nobody").status()).isBetween(400, 499);
    }
}
