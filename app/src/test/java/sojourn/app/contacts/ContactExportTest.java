package sojourn.app.contacts;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.platform.Json;
import sojourn.app.platform.Transactions;
import sojourn.app.security.Role;
import sojourn.testing.App;
import sojourn.testing.Client;

/** Contacts go out and come back as they were. */
class ContactExportTest {

    private static final String CSV = "text/csv";
    private static final String NDJSON = "application/x-ndjson";

    @RegisterExtension
    static final App app = new App();

    @BeforeEach
    void only_the_attributes_are_there() {
        Transactions.use(app.jdbi(), handle -> {
            handle.execute("truncate contact, profile, link restart identity");
            handle.execute("update profile_type set allow_undeclared = false");
        });
        app.request("PATCH", "/v1/profile-types/contact", """
                {"attributes": {"tier": {"type": "option", "options": ["gold", "silver"]}, "age": "number", "vip": "boolean",
                 "born": "date", "seen": "timestamp", "likes": {"type": "options", "options": ["tea", "rock"]}, "note": "text"}}
                """).expect(200);
        app.request("PUT", "/v1/business-units/north", "{\"name\": \"North\"}");
        app.request("PUT", "/v1/profiles/account/external:acme", "{\"attributes\": {\"name\": \"ACME\"}}");
    }

    private static void people() {
        app.request("PUT", "/v1/contacts/external:1", """
                {"email": "ada@example.com", "phone": "+4930123456", "firstName": "Ada 😀", "lastName": "=1+1",
                 "locale": "de-DE", "timeZone": "Europe/Berlin", "owner": "kim", "businessUnit": "north",
                 "address": {"city": "Köln", "region": "-", "postalCode": "01099", "country": "DE"},
                 "latitude": -52.123456789, "longitude": 0.00001,
                 "attributes": {"tier": "gold", "age": -36.125, "vip": false, "born": "2000-02-29", "account": "acme",
                  "seen": "2026-11-01T08:00:00.123456Z", "likes": ["tea", "rock"], "note": "two\\nlines, \\"quoted\\"; and more"}}
                """).expect(201);
        app.request("PUT", "/v1/contacts/external:-2", "{\"state\": \"inactive\", \"attributes\": {\"note\": \"'+x\"}}")
                .expect(201);
        app.request(
                        "PUT",
                        "/v1/contacts/01930000-0000-7000-8000-000000000003",
                        "{\"firstName\": \"'quoted'\", \"lastName\": \"@a\"}")
                .expect(201);
        app.request("PUT", "/v1/contacts/external:erased", "{\"firstName\": \"Zoe\"}")
                .expect(201);
        app.request("DELETE", "/v1/contacts/external:erased").expect(204);
    }

    @Test
    void a_table_that_went_out_comes_back_into_an_empty_installation_as_it_was() throws Exception {
        people();
        var out = export(CSV);
        var before = app.request("GET", "/v1/contacts").json().get("items");
        app.jdbi().useHandle(handle -> handle.execute("truncate contact, link restart identity"));

        var job = upload(CSV, out);

        assertThat(out)
                .startsWith("id,externalId,email,phone,firstName,lastName,locale,timeZone,address.city,")
                .contains("attributes.tier,attributes.age")
                .contains(",'=1+1,")
                .contains(",-36.125,")
                .contains("'+4930123456");
        assertThat(out.lines().count()).isEqualTo(5);
        assertThat(job.at("/result/created").intValue()).isEqualTo(3);
        assertThat(export(CSV)).isEqualTo(out);
        assertThat(timeless(app.request("GET", "/v1/contacts").json().get("items")))
                .isEqualTo(timeless(before));
        assertThat(upload(CSV, out).at("/result/updated").intValue()).isEqualTo(3);
        assertThat(timeless(app.request("GET", "/v1/contacts").json().get("items")))
                .isEqualTo(timeless(before));
    }

    @Test
    void lines_that_went_out_come_back_too() throws Exception {
        people();
        var out = export(NDJSON);
        app.jdbi().useHandle(handle -> handle.execute("truncate contact, link restart identity"));

        upload(NDJSON, out);

        assertThat(out.lines().count()).isEqualTo(3);
        assertThat(out.lines().findFirst().orElseThrow())
                .startsWith("{\"id\":\"")
                .contains("\"age\":-36.125");
        assertThat(export(NDJSON).replaceAll("\"(created|updated)At\":\"[^\"]*\"", ""))
                .isEqualTo(out.replaceAll("\"(created|updated)At\":\"[^\"]*\"", ""));
    }

    @Test
    void what_is_looked_for_goes_out_whole_however_many_they_are() {
        app.jdbi().useHandle(handle -> handle.execute("""
                insert into contact (external_id, first_name, folded, created_at, updated_at)
                select n, 'Ada', jsonb_build_object('firstName', case when n % 2 = 0 then 'ada' else 'bob' end), now(), now()
                from generate_series(1, 5000) as n
                """));

        var out = app.admin()
                .with("Accept", CSV)
                .request("GET", "/v1/contacts/export?q=ADA")
                .expect(200);

        assertThat(out.body().lines().skip(1).map(line -> line.split(",")[1]))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, 2500)
                        .mapToObj(n -> String.valueOf(n * 2))
                        .toList());
        assertThat(out.header("Content-Type")).isEqualTo("text/csv;charset=UTF-8");
        assertThat(out.header("Content-Disposition")).isEqualTo("attachment; filename=\"contacts.csv\"");
        app.request("GET", "/v1/contacts/export?cursor=x").expect(422);
        app.admin()
                .with("Accept", "application/json")
                .request("GET", "/v1/contacts/export")
                .expect(406);
    }

    @Test
    void viewers_see_no_contact_points_here_either() {
        people();
        var viewer = app.as(Role.VIEWER);

        assertThat(export(viewer, CSV))
                .doesNotContain("email", "phone", "ada@example.com", "4930")
                .contains("Köln");
        assertThat(export(viewer, NDJSON))
                .doesNotContain("ada@example.com", "4930")
                .contains("Köln");
        viewer.with("Accept", CSV)
                .request("GET", "/v1/contacts/export?email=ada@example.com")
                .expect(403);
        app.as(Role.INTEGRATOR)
                .with("Accept", CSV)
                .request("GET", "/v1/contacts/export")
                .expect(403);
    }

    @Test
    void undeclared_attributes_go_out_and_come_back_while_they_are_allowed() throws Exception {
        app.request("PATCH", "/v1/profile-types/contact", "{\"allowUndeclared\": true}")
                .expect(200);
        app.request("PUT", "/v1/contacts/external:1", "{\"attributes\": {\"shoe\": \"42\", \"hat\": \"L\"}}")
                .expect(201);

        var out = export(CSV);

        assertThat(out.lines().findFirst().orElseThrow()).endsWith(",attributes.note,attributes.hat,attributes.shoe");
        app.jdbi().useHandle(handle -> handle.execute("truncate contact"));
        upload(CSV, out);
        assertThat(export(CSV)).isEqualTo(out);
    }

    @Test
    void records_of_other_types_go_out_and_come_back_as_well() throws Exception {
        app.request(
                        "PUT",
                        "/v1/profiles/account/external:acme",
                        "{\"attributes\": {\"name\": \"ACME\", \"phone\": \"+49\", \"employees\": 12}}")
                .expect(200);
        app.request("POST", "/v1/profiles/account", "{\"attributes\": {\"name\": \"Nameless\"}}")
                .expect(201);
        var out = app.admin()
                .with("Accept", CSV)
                .request("GET", "/v1/profiles/account")
                .expect(200)
                .body();
        app.jdbi().useHandle(handle -> handle.execute("truncate profile"));

        upload("/v1/profiles/account/import", CSV, out);

        assertThat(out).startsWith("id,externalId,attributes.name,").contains("'+49");
        assertThat(app.admin()
                        .with("Accept", CSV)
                        .request("GET", "/v1/profiles/account")
                        .body())
                .isEqualTo(out);
        assertThat(app.as(Role.VIEWER)
                        .with("Accept", CSV)
                        .request("GET", "/v1/profiles/account")
                        .body())
                .doesNotContain("+49", "phone");
        assertThat(app.request("GET", "/v1/profiles/account").json().get("items"))
                .hasSize(2);
        var renamed = out.replace(",acme,", ",acme-2,");
        assertThat(problems(upload("/v1/profiles/account/import", CSV, renamed)))
                .containsExactly("2 fixed");
        app.admin().with("Accept", CSV).request("GET", "/v1/profiles/nothing").expect(404);
    }

    private static JsonNode timeless(JsonNode contacts) {
        try {
            return Json.mapper().readTree(contacts.toString().replaceAll(",\"(created|updated)At\":\"[^\"]*\"", ""));
        } catch (IOException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static String export(String type) {
        return export(app.admin(), type);
    }

    private static String export(Client client, String type) {
        return client.with("Accept", type)
                .request("GET", "/v1/contacts/export")
                .expect(200)
                .body();
    }

    private static JsonNode upload(String type, String body) throws InterruptedException {
        return upload("/v1/contacts/import", type, body);
    }

    private static JsonNode upload(String path, String type, String body) throws InterruptedException {
        var location = app.admin()
                .with("Content-Type", type)
                .request("POST", path, body)
                .expect(202)
                .header("Location");
        for (var time = 0; time < 3000; time++) {
            var job = app.request("GET", location.substring(location.indexOf("/v1/")))
                    .json();
            if (job.get("state").textValue().equals("succeeded")) {
                return job;
            }
            Thread.sleep(20);
        }
        throw new AssertionError("The job does not end");
    }

    private static List<String> problems(JsonNode job) {
        return IntStream.range(0, job.get("problems").size())
                .mapToObj(index -> job.get("problems").get(index))
                .map(problem ->
                        problem.get("line").asText() + " " + problem.get("code").textValue())
                .toList();
    }
}
