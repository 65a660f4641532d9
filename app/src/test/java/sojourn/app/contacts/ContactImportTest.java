package sojourn.app.contacts;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.http.HttpRequest;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.platform.Transactions;
import sojourn.testing.App;

class ContactImportTest {

    @RegisterExtension
    static final App app = new App();

    @BeforeEach
    void attributes_are_declared_and_nobody_is_there() {
        Transactions.use(app.jdbi(), handle -> handle.execute("truncate contact, change restart identity"));
        app.request("PATCH", "/v1/profile-types/contact", """
                {"attributes": {"tier": {"type": "option", "options": ["gold", "silver"]}, "age": "number",
                 "note": "text", "likes": {"type": "options", "options": ["tea", "maths"]}}}
                """).expect(200);
    }

    @Test
    void a_table_is_brought_in_and_bad_lines_are_named() throws Exception {
        var job = csv("\uFEFF" + """
                externalId,email,firstName,address.city,attributes.tier,likes,age,attributes.note
                1,ada@example.com,Ada,Berlin,Gold,tea;maths,36,"two
                lines, ""quoted""\"
                2,wrong@,Bob,,,,,
                3,carl@example.com,Carl,,bronze,,x,
                ,nobody@example.com,,,,,,

                4,dora@example.com,Dora
                5,eve@example.com,Eve,Köln,,,1e2,
                """);

        assertThat(job.get("state").textValue()).isEqualTo("succeeded");
        assertThat(job.get("kind").textValue()).isEqualTo("contact-import");
        assertThat(job.get("done").intValue()).isEqualTo(6);
        assertThat(job.at("/result/created").intValue()).isEqualTo(2);
        assertThat(job.at("/result/updated").intValue()).isZero();
        assertThat(job.at("/result/rejected").intValue()).isEqualTo(4);
        assertThat(problems(job))
                .containsExactly("4 invalid-email", "5 unknown-option", "6 required", "8 wrong-cell-count");
        assertThat(job.toString()).doesNotContain("wrong@", "nobody@");
        assertThat(texts("""
                        select external_id || ' ' || address || ' ' || attributes from contact order by 1
                        """)).containsExactly("""
                        1 {"city": "Berlin"} {"age": 36, "note": "two\\nlines, \\"quoted\\"", "tier": "gold", \
                        "likes": ["tea", "maths"]}""", """
                        5 {"city": "Köln"} {"age": 100}""");
    }

    @Test
    void an_absent_column_leaves_a_field_and_an_empty_cell_clears_it() throws Exception {
        csv("externalId,email,firstName,age\n1,ada@example.com,Ada,36\n2,bob@example.com,Bob,20\n");

        var job = csv("externalId,firstName\n1,\n2,Bert\n2,Berta\n3,Carl\n3,Carla\n");

        assertThat(job.at("/result/created").intValue()).isEqualTo(1);
        assertThat(job.at("/result/updated").intValue()).isEqualTo(4);
        assertThat(texts("""
                        select external_id || ' ' || coalesce(email, '-') || ' ' || coalesce(first_name, '-')
                               || ' ' || attributes
                        from contact order by 1
                        """))
                .containsExactly(
                        "1 ada@example.com - {\"age\": 36}", "2 bob@example.com Berta {\"age\": 20}", "3 - Carla {}");
    }

    @Test
    void lines_of_json_are_merged() throws Exception {
        csv("externalId,email\n1,ada@example.com\n");

        var job = upload("application/x-ndjson", HttpRequest.BodyPublishers.ofString("""
                {"externalId": "1", "firstName": "Ada", "attributes": {"age": 36}}
                {"externalId": "2", "email": "bob@"}
                nonsense

                [1]
                {"externalId": "3", "lastName": "\\u0000"}
                {"externalId": "4", "email": null}"""));

        assertThat(job.at("/result/created").intValue()).isEqualTo(1);
        assertThat(job.at("/result/updated").intValue()).isEqualTo(1);
        assertThat(problems(job))
                .containsExactly("2 invalid-email", "3 malformed-json", "5 malformed-json", "6 invalid-text");
        assertThat(texts("select first_name || email from contact where external_id = '1'"))
                .containsExactly("Adaada@example.com");
    }

    @Test
    void rows_are_about_the_contact_of_their_id_and_an_external_id_beside_it_is_a_field() throws Exception {
        app.request("PUT", "/v1/contacts/external:1", "{\"firstName\": \"Ada\"}")
                .expect(201);
        app.request("PUT", "/v1/contacts/external:2", "{\"firstName\": \"Bob\"}")
                .expect(201);
        app.request("PUT", "/v1/contacts/external:gone", "{}").expect(201);
        app.request("PUT", "/v1/contacts/external:merged", "{}").expect(201);
        var ada = id("1");
        var gone = id("gone");
        var merged = id("merged");
        app.request("POST", "/v1/contacts/external:2/merge", Map.of("loser", "external:merged"))
                .expect(200);
        app.request("DELETE", "/v1/contacts/external:gone").expect(204);

        var job = csv("""
                id,externalId,lastName
                %s,1,Byron
                01930000-0000-7000-8000-000000000004,4,New
                01930000-0000-7000-8000-000000000005,,Nameless
                ,6,Only external
                01930000-0000-7000-8000-000000000004,44,Newer
                %s,2,Taken
                %s,,Merged
                %s,,Gone
                ,,Neither
                nonsense,7,No id
                01930000-0000-7000-8000-000000000008,6,Taken too
                """.formatted(ada, ada, merged, gone));

        assertThat(problems(job))
                .containsExactly("7 conflict", "9 conflict", "10 required", "11 invalid-id", "12 conflict");
        assertThat(job.at("/result/created").intValue()).isEqualTo(3);
        assertThat(job.at("/result/updated").intValue()).isEqualTo(3);
        assertThat(texts("""
                        select coalesce(external_id, '-') || ' ' || coalesce(first_name, '-') || ' ' || last_name
                        from contact where last_name is not null
                        """))
                .containsExactlyInAnyOrder(
                        "- - Nameless", "- Bob Merged", "1 Ada Byron", "44 - Newer", "6 - Only external");
        assertThat(upload("application/x-ndjson", HttpRequest.BodyPublishers.ofString("""
                {"id": "%s", "attributes": {"age": 36}}
                {"id": 7, "externalId": "7"}
                {"firstName": "Neither"}
                """.formatted(ada)))
                        .get("problems")
                        .findValuesAsText("code"))
                .containsExactly("invalid-id", "required");
        assertThat(app.request("GET", "/v1/contacts/" + ada)
                        .json()
                        .at("/attributes/age")
                        .intValue())
                .isEqualTo(36);
    }

    @Test
    void a_table_that_cannot_be_understood_fails_with_a_reason() throws Exception {
        for (var table : List.of(
                "",
                "email,emial\n",
                "email\nx@example.com\n",
                "externalId,externalId\n",
                "externalId,email\n1,a@example.com\n2,\"b@example.com\n")) {
            assertThat(csv(table).get("state").textValue()).as(table).isEqualTo("failed");
        }
        assertThat(upload("text/csv", HttpRequest.BodyPublishers.ofString("externalId\n1\n", StandardCharsets.UTF_16LE))
                        .get("state")
                        .textValue())
                .isEqualTo("failed");
        assertThat(texts("select external_id from contact")).containsExactly("1");
    }

    @Test
    void another_encoding_is_read_when_it_is_named_and_else_reported() throws Exception {
        var table = HttpRequest.BodyPublishers.ofString(
                "externalId,firstName\n1,Jürgen\n2,Ada\n", StandardCharsets.ISO_8859_1);

        assertThat(problems(upload("text/csv", table))).containsExactly("2 wrong-encoding");
        assertThat(problems(upload("text/csv; charset=iso-8859-1", table))).isEmpty();

        assertThat(texts("select first_name from contact where external_id = '1'"))
                .containsExactly("Jürgen");
        app.admin()
                .with("Content-Type", "text/csv; charset=nonsense")
                .request("POST", "/v1/contacts/import", "x")
                .expect(415);
        app.request("POST", "/v1/contacts/import", "{}").expect(415);
    }

    @Test
    void two_imports_of_overlapping_contacts_at_once_lose_nothing() throws Exception {
        var up = IntStream.range(0, 5000).mapToObj(no -> no + ",Up").collect(joining("\n"));
        var down =
                IntStream.range(0, 5000).mapToObj(no -> (4999 - no) + ",Down").collect(joining("\n"));

        var first = start("text/csv", HttpRequest.BodyPublishers.ofString("externalId,firstName\n" + up));
        var second = start("text/csv", HttpRequest.BodyPublishers.ofString("externalId,lastName\n" + down));
        var jobs = List.of(finished(first), finished(second));

        assertThat(jobs).allSatisfy(job -> {
            assertThat(job.get("state").textValue()).isEqualTo("succeeded");
            assertThat(job.at("/result/rejected").intValue()).isZero();
        });
        assertThat(jobs.stream()
                        .mapToInt(job -> job.at("/result/created").intValue())
                        .sum())
                .isEqualTo(5000);
        assertThat(texts("select count(*) from contact where first_name = 'Up' and last_name = 'Down'"))
                .containsExactly("5000");
    }

    @Test
    void a_large_upload_takes_no_memory_to_speak_of() throws Exception {
        var lines = Integer.getInteger("sojourn.import.lines", 20_000);

        var job = upload("text/csv", HttpRequest.BodyPublishers.ofByteArrays(table(lines)));

        assertThat(job.get("state").textValue()).isEqualTo("succeeded");
        assertThat(job.at("/result/created").intValue()).isEqualTo(lines);
        assertThat(texts("select count(*) from job_upload")).containsExactly("0");
    }

    @Test
    void long_rows_and_very_many_mistakes_are_told_in_a_few_words() throws Exception {
        var wide =
                IntStream.range(0, 30_000).mapToObj(no -> "\"k-" + no + "\": 1").collect(joining(", "));
        var line = "{\"externalId\": \"1\", " + wide + "}\n";

        var job = upload("application/x-ndjson", HttpRequest.BodyPublishers.ofString(line.repeat(12)));

        assertThat(job.get("done").intValue()).isEqualTo(12);
        assertThat(job.at("/result/rejected").intValue()).isEqualTo(12);
        assertThat(problems(job)).hasSize(12).contains("1 unknown-field", "12 unknown-field");
        assertThat(job.get("problems"))
                .allSatisfy(
                        problem -> assertThat(problem.get("detail").textValue()).hasSizeBetween(500, 3000));
    }

    /** A table that is made while it is sent. */
    private static Iterable<byte[]> table(int lines) {
        return () -> Stream.concat(
                        Stream.of("externalId,email,firstName,address.city,age\n"),
                        IntStream.range(0, lines / 1000).mapToObj(ContactImportTest::block))
                .map(text -> text.getBytes(StandardCharsets.UTF_8))
                .iterator();
    }

    private static String block(int number) {
        return IntStream.range(number * 1000, number * 1000 + 1000)
                .mapToObj(no -> no + ",shopper" + no + "@example.com,Name" + no + ",Berlin," + no % 90 + "\n")
                .collect(joining());
    }

    private static JsonNode csv(String table) throws Exception {
        return upload("text/csv", HttpRequest.BodyPublishers.ofString(table));
    }

    private static JsonNode upload(String type, HttpRequest.BodyPublisher body) throws Exception {
        return finished(start(type, body));
    }

    private static String start(String type, HttpRequest.BodyPublisher body) {
        var accepted = app.admin()
                .with("Content-Type", type)
                .request("POST", "/v1/contacts/import", body)
                .expect(202);
        var location = accepted.header("Location");
        return location.substring(location.indexOf("/v1/"));
    }

    private static JsonNode finished(String location) throws Exception {
        for (var time = 0; time < 3000; time++) {
            var job = app.request("GET", location).expect(200).json();
            if (!List.of("queued", "running").contains(job.get("state").textValue())) {
                return job;
            }
            Thread.sleep(20);
        }
        throw new AssertionError("The job does not end");
    }

    private static String id(String externalId) {
        return app.request("GET", "/v1/contacts/external:" + externalId)
                .json()
                .get("id")
                .textValue();
    }

    private static List<String> problems(JsonNode job) {
        return IntStream.range(0, job.get("problems").size())
                .mapToObj(index -> job.get("problems").get(index))
                .map(problem ->
                        problem.get("line").asText() + " " + problem.get("code").textValue())
                .toList();
    }

    private static List<String> texts(String sql) {
        return app.jdbi()
                .withHandle(handle -> handle.select(sql).mapTo(String.class).list());
    }
}
