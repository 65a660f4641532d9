package sojourn.app.segments;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.Answer;
import sojourn.testing.App;
import sojourn.testing.Eventually;

/** Lists come as tables and as lines too, whole. */
class ListExportTest {

    @RegisterExtension
    static final App app = new App();

    @BeforeAll
    static void segments() throws Exception {
        app.request("PUT", "/v1/contacts/external:ada", "{}").expect(201);
        app.jdbi().useHandle(handle -> handle.execute("""
                insert into segment (key, name, kind, state, time_zone, query, created_at, created_by, updated_at, updated_by)
                select 's-' || lpad(n::text, 4, '0'), '=evil', 'dynamic', 'draft', 'UTC', 'PROFILE(contact)', now(), '', now(), ''
                from generate_series(1, 1500) as n
                """));
        app.request(
                        "POST",
                        "/v1/segments",
                        Map.of("key", "a", "name", "A, \"B\"", "query", "PROFILE(contact)", "tags", new String[] {
                            "x", "y"
                        }))
                .expect(201);
        app.request("POST", "/v1/segments/a/go-live").expect(202);
        Eventually.holds(() -> app.request("GET", "/v1/segments/a").body().contains("\"state\":\"live\""));
        app.request("PUT", "/v1/segments/a/overrides/external:ada", Map.of("kind", "exclude", "reason", "asked"))
                .expect(201);
    }

    @Test
    void segments_come_as_a_table_and_as_lines_however_many_they_are() {
        var table = get("text/csv", "/v1/segments");
        var lines = get("application/x-ndjson", "/v1/segments?q=s-&sort=-key");

        assertThat(table.header("Content-Type")).isEqualTo("text/csv;charset=UTF-8");
        assertThat(table.body().lines()).hasSize(1502);
        assertThat(table.body().lines().findFirst().orElseThrow()).startsWith("id,key,name,description,kind,state,");
        assertThat(table.body())
                .contains(",a,\"A, \"\"B\"\"\",,dynamic,live,")
                .contains(",x;y,")
                .contains(",'=evil,");
        assertThat(lines.header("Content-Type")).isEqualTo("application/x-ndjson");
        assertThat(lines.body().lines()).hasSize(1500);
        assertThat(lines.body()).startsWith("{\"id\":\"").contains("\"key\":\"s-1500\"");
        assertThat(app.request("GET", "/v1/segments").json().get("items")).hasSize(100);
        assertThat(get("*/*", "/v1/segments").header("Content-Type")).startsWith("application/json");
        app.admin()
                .with("Accept", "text/csv")
                .request("GET", "/v1/segments?state=odd")
                .expect(422);
    }

    @Test
    void so_do_evaluations_and_overrides() {
        var evaluations = get("text/csv", "/v1/segments/a/evaluations").body();
        var overrides = get("text/csv", "/v1/segments/a/overrides").body();

        assertThat(evaluations.lines()).hasSize(2);
        assertThat(evaluations)
                .startsWith("at,took,size,joined,left,kind,drift\r\n")
                .contains(",PT0.")
                .contains(",1,1,0,first,0");
        assertThat(overrides)
                .startsWith("contactId,externalId,kind,reason,at,by\r\n")
                .contains(",ada,exclude,asked,");
        assertThat(get("application/x-ndjson", "/v1/segments/a/overrides")
                        .body()
                        .lines())
                .hasSize(1);
        assertThat(get("application/x-ndjson", "/v1/segments/a/evaluations")
                        .body()
                        .lines())
                .hasSize(1);
        app.admin()
                .with("Accept", "text/csv")
                .request("GET", "/v1/segments/none/evaluations")
                .expect(404);
    }

    private static Answer get(String accept, String path) {
        return app.admin().with("Accept", accept).request("GET", path).expect(200);
    }
}
