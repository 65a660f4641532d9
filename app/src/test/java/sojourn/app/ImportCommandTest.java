package sojourn.app;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.dropwizard.core.setup.Bootstrap;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import net.sourceforge.argparse4j.inf.Namespace;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import sojourn.app.security.ApiKeys;
import sojourn.testing.App;

class ImportCommandTest {

    @RegisterExtension
    static final App app = new App();

    @TempDir
    Path directory;

    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();

    @Test
    void contacts_and_interactions_are_sent_and_what_is_rejected_is_named() throws Exception {
        app.request(
                        "POST",
                        "/v1/interaction-types",
                        "{\"key\": \"Purchase\", \"properties\": {\"amount\": \"number\"}}")
                .expect(201);
        var contacts = file("people.csv", "externalId,email\n1,ada@example.com\n2,bob@example.com\n");
        var interactions = file("orders.ndjson", """
                {"id": "a", "type": "Purchase", "contact": "external:1", "properties": {"amount": 1}}
                {"id": "b", "type": "Purchase", "contact": "external:3"}
                """);

        run("contacts", contacts);
        assertThatThrownBy(() -> run("interactions", interactions)).hasMessage("1 rejected");

        assertThat(shown())
                .contains("succeeded: 2 created, 0 updated, 0 rejected")
                .contains("1 accepted, 0 duplicates, 1 rejected")
                .contains("line 2: unknown-contact");
    }

    @Test
    void interactions_come_as_a_table_too() throws Exception {
        app.request("PUT", "/v1/contacts/external:21", "{\"externalId\": \"21\"}")
                .expect(201);
        app.request("POST", "/v1/interaction-types", "{\"key\": \"Visit\", \"properties\": {\"stay\": \"number\"}}")
                .expect(201);
        var visits = file(
                "visits.CSV", "id,type,contact,properties.stay\nv1,Visit,external:21,2.5\nv2,Visit,external:21,long\n");

        assertThatThrownBy(() -> run("interactions", visits)).hasMessage("1 rejected");

        assertThat(shown())
                .contains("1 accepted, 0 duplicates, 1 rejected")
                .contains("line 3: wrong-type: /properties/stay: a number would fit, this is text");
    }

    @Test
    void bad_lines_of_a_table_are_shown() throws Exception {
        var contacts = file("people.csv", "externalId,email\n11,nonsense\n12,bob@example.com\n");

        assertThatThrownBy(() -> run("contacts", contacts)).hasMessage("1 rejected");

        assertThat(shown()).contains("1 created, 0 updated, 1 rejected").contains("line 2: invalid-email");
    }

    @Test
    void a_missing_file_and_a_wrong_key_are_told_in_a_line() throws Exception {
        assertThatThrownBy(() -> run("contacts", directory.resolve("none.csv"))).hasMessageContaining("no file");
        assertThatThrownBy(() -> run("contacts", file("people.csv", "externalId\n"), "sjk_wrong"))
                .hasMessageContaining("401");
    }

    private void run(String what, Path file) throws Exception {
        var key = new ApiKeys(app.jdbi(), InstantSource.system()).create("import", "admin", null, "test");
        run(what, file, key.key());
    }

    private void run(String what, Path file, String key) throws Exception {
        var arguments = new HashMap<String, Object>(
                Map.of("what", what, "file", file.toString(), "url", app.url(), "key", key));
        new ImportCommand(new PrintStream(screen, true, StandardCharsets.UTF_8))
                .run(new Bootstrap<>(new Sojourn()), new Namespace(arguments));
    }

    private Path file(String name, String content) throws Exception {
        return Files.writeString(directory.resolve(name), content);
    }

    private String shown() {
        return screen.toString(StandardCharsets.UTF_8);
    }
}
