package sojourn.app.contacts;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.Answer;
import sojourn.testing.App;
import sojourn.testing.Noted;

/** Who declared what, and who brought records in, is in the audit log; the records themselves are not. */
class DeclarationAuditTest {

    @RegisterExtension
    static final App app = new App();

    @Test
    void profile_types_and_relationships_are_kept_with_the_names_of_what_changed() {
        app.request("POST", "/v1/profile-types", """
                {"key": "store", "attributes": {"city": "text", "size": {"type": "option", "options": ["small"]}}}
                """).expect(201);
        app.request("PATCH", "/v1/profile-types/store", """
                {"attributes": {"city": null, "opened": "date", "size": {"type": "option", "options": ["small", "large"]},
                                "neighbour": {"type": "lookup", "lookup": "store"}},
                 "allowUndeclared": true}
                """).expect(200);
        app.request("PATCH", "/v1/profile-types/store", "{\"name\": \"Stores\", \"allowUndeclared\": true}")
                .expect(200);
        app.request("POST", "/v1/relationships", Map.of("key", "near", "from", "store", "to", "store"))
                .expect(201);
        app.request(
                        "POST",
                        "/v1/relationships",
                        Map.of("key", "beside", "from", "store", "to", "store", "attribute", "neighbour"))
                .expect(201);
        app.request("DELETE", "/v1/profile-types/store").expect(409);
        app.request("DELETE", "/v1/relationships/near").expect(204);
        app.request("DELETE", "/v1/relationships/beside").expect(204);
        app.request("DELETE", "/v1/profile-types/store").expect(204);

        assertThat(Noted.about(app, "profile-type", "store"))
                .containsExactly(
                        Noted.of("created", "{\"added\": [\"city\", \"size\"]}"),
                        Noted.of("changed", """
                                {"added": ["neighbour", "opened"], "changed": ["size"], "removed": ["city"],
                                 "allowUndeclared": true}
                                """),
                        Noted.of("changed", "{}"),
                        Noted.of("deleted", "{}"));
        assertThat(Noted.about(app, "relationship", "near"))
                .containsExactly(
                        Noted.of("created", "{\"from\": \"store\", \"to\": \"store\"}"),
                        Noted.of("deleted", "{\"from\": \"store\", \"to\": \"store\"}"));
        assertThat(Noted.about(app, "relationship", "beside").getFirst())
                .isEqualTo(
                        Noted.of("created", "{\"from\": \"store\", \"to\": \"store\", \"attribute\": \"neighbour\"}"));
    }

    @Test
    void an_import_is_one_entry_with_its_counts_and_records_one_by_one_are_none() {
        app.request("PUT", "/v1/contacts/external:ada", "{\"firstName\": \"Ada\"}")
                .expect(201);
        app.request("PATCH", "/v1/contacts/external:ada", "{\"lastName\": \"Lovelace\"}");
        var ada = app.request("GET", "/v1/contacts/external:ada")
                .json()
                .path("id")
                .asText();

        var contacts =
                imported("/v1/contacts/import", "externalId,firstName,email\nada,Ada,\nbob,Bob,\neva,Eva,none\n");
        var empty = imported("/v1/contacts/import", "externalId,firstName\n");
        var accounts = imported("/v1/profiles/account/import", "externalId,name\na1,Acme\n");

        assertThat(Noted.entries(app, "contactId=" + ada)).isEmpty();
        assertThat(Noted.about(app, "import", contacts)).containsExactly(Noted.of("imported", """
                        {"type": "contact", "state": "succeeded", "created": 1, "updated": 1, "rejected": 1}
                        """));
        assertThat(Noted.about(app, "import", empty)).isEmpty();
        assertThat(Noted.about(app, "import", accounts))
                .extracting(noted -> noted.details().path("type").asText())
                .containsExactly("account");
        var entry = Noted.entries(app, "kind=import&thing=" + contacts).getFirst();
        assertThat(entry.path("by").asText()).isEqualTo("test admin");
        assertThat(entry.path("keyId").isTextual()).isTrue();
        assertThat(entry.toString()).doesNotContain("Bob", "bob");
    }

    /** The id of the job, which has ended. */
    private static String imported(String path, String table) {
        var job = app.admin()
                .with("Content-Type", "text/csv")
                .request("POST", path, table)
                .expect(202)
                .json()
                .path("id")
                .asText();
        var patience = System.nanoTime() + Answer.SOON.toNanos();
        while (app.request("GET", "/v1/jobs/" + job).json().path("endedAt").isNull()) {
            assertThat(System.nanoTime()).isLessThan(patience);
            LockSupport.parkNanos(50_000_000);
        }
        return job;
    }
}
