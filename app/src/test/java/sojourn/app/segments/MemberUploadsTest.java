package sojourn.app.segments;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.security.Role;
import sojourn.testing.Answer;
import sojourn.testing.App;
import sojourn.testing.Eventually;

/** Members of static segments that come in files: by hand, and from other systems. */
class MemberUploadsTest {

    private static final int MANY = 100_000;
    private static final int SOME = 8_000;

    @RegisterExtension
    static final App app = new App();

    private String key = "";

    @BeforeEach
    void newSegment() {
        key = "s" + UUID.randomUUID().toString().replace("-", "");
        contacts(1, 5);
    }

    @Test
    void a_table_adds_and_removes_and_names_bad_lines() throws Exception {
        picked();

        var added = byHand(
                "add", "text/csv", "externalId,note\n%1$s1,a\n%1$s2,b\nnobody,c\n\n%1$s3\n%1$s2,d\n".formatted(key));

        assertThat(added.path("state").asText()).isEqualTo("succeeded");
        assertThat(added.path("kind").asText()).isEqualTo("segment-members-import");
        assertThat(added.path("result").toString()).isEqualTo("{\"left\":0,\"joined\":2,\"rejected\":2}");
        assertThat(problems(added)).containsExactlyInAnyOrder("4 unknown-contact", "6 wrong-cell-count");
        assertThat(added.path("problems").toString()).doesNotContain("nobody");
        assertThat(members()).containsExactly(key + 1, key + 2);
        var removed = byHand("remove", "text/csv", "contact\nexternal:%1$s1\nexternal:%1$s5\n".formatted(key));
        assertThat(removed.at("/result/left").asInt()).isEqualTo(1);
        assertThat(members()).containsExactly(key + 2);
    }

    @Test
    void what_the_database_cannot_hold_is_a_bad_line() throws Exception {
        picked();

        var job = byHand("add", "text/csv", "contact\nexternal:a\0b\nexternal:" + key + "1\n");

        assertThat(problems(job)).containsExactly("2 required");
        assertThat(members()).containsExactly(key + 1);
    }

    @Test
    void lines_of_json_do_the_same() throws Exception {
        picked();
        var uuid = app.request("GET", "/v1/contacts/external:" + key + 1)
                .json()
                .path("id")
                .asText();

        var added = byHand("add", "application/x-ndjson", """
                {"contact": "%2$s"}
                "external:%1$s2"
                {"externalId": "%1$s3"}

                nonsense
                {"contact": 7}
                {"kontakt": "x"}
                [1]
                {"contact": "external:\\u0000"}
                """.formatted(key, uuid));

        assertThat(members()).containsExactly(key + 1, key + 2, key + 3);
        assertThat(problems(added))
                .containsExactlyInAnyOrder(
                        "5 malformed-json", "6 required", "7 unknown-field", "8 wrong-type", "9 required");
    }

    @Test
    void an_import_that_lost_its_process_ends_as_if_nothing_had_been() throws Exception {
        picked();
        contacts(6, MANY);
        var lines = IntStream.rangeClosed(1, MANY).mapToObj(no -> key + no).collect(joining("\n"));
        var job = start("POST", "/members/import", "text/csv", "externalId\n" + lines + "\nnobody\n");
        Eventually.holds(() -> read(job).path("done").asInt() > 0);

        app.stop();
        var done = app.jdbi()
                .withHandle(handle -> handle.createQuery("select done from job where id = :id")
                        .bind("id", UUID.fromString(job.substring(job.lastIndexOf('/') + 1)))
                        .mapTo(Integer.class)
                        .one());
        assertThat(done).as("it was interrupted").isLessThan(MANY);
        assertThat(size()).isEqualTo(done);
        app.start();
        Eventually.holds(() -> read(job).path("state").asText().equals("succeeded"));

        assertThat(read(job).at("/result/joined").asInt()).isEqualTo(MANY);
        assertThat(problems(read(job))).containsExactly((MANY + 2) + " unknown-contact");
        assertThat(size()).isEqualTo(MANY);
        assertThat(joinedInOutbox()).isEqualTo(MANY);
    }

    @Test
    void another_process_that_takes_the_job_over_does_nothing_twice() throws Exception {
        picked();
        contacts(6, MANY);
        var lines = IntStream.rangeClosed(1, MANY).mapToObj(no -> key + no).collect(joining("\n"));
        var job = start("POST", "/members/import", "text/csv", "externalId\n" + lines);
        Eventually.holds(() -> read(job).path("done").asInt() > 0);

        app.jdbi()
                .useHandle(
                        handle -> handle.execute(
                                "update job set attempt = attempt + 1, leased_until = clock_timestamp() where state = 'running'"));
        Eventually.holds(() -> read(job).path("state").asText().equals("succeeded"));

        assertThat(read(job).at("/result/joined").asInt()).isEqualTo(MANY);
        assertThat(size()).isEqualTo(MANY);
        assertThat(joinedInOutbox()).isEqualTo(MANY);
    }

    @Test
    void a_replacement_lets_whoever_is_absent_leave() throws Exception {
        external();
        replace("first", "externalId\n%1$s1\n%1$s2\n".formatted(key));

        var job = replace("second", "externalId\n%1$s2\n%1$s3\nnobody\n".formatted(key));

        assertThat(job.path("state").asText()).isEqualTo("succeeded");
        assertThat(job.path("result").toString()).isEqualTo("{\"left\":1,\"joined\":1,\"rejected\":1}");
        assertThat(problems(job)).containsExactly("4 unknown-contact");
        assertThat(members()).containsExactly(key + 2, key + 3);
    }

    @Test
    void what_was_done_under_a_name_is_done_once() throws Exception {
        external();
        replace("monday", "externalId\n%1$s1\n".formatted(key));
        replace("tuesday", "externalId\n%1$s2\n".formatted(key));

        var again = send("PUT", "/members/external?syncId=monday", "text/csv", "externalId\n%1$s1\n".formatted(key))
                .expect(200);

        assertThat(again.json().path("syncId").asText()).isEqualTo("monday");
        assertThat(again.json().path("result").path("joined").asInt()).isEqualTo(1);
        assertThat(members()).containsExactly(key + 2);
    }

    @Test
    void the_same_sent_many_times_at_once_is_done_once() throws Exception {
        external();

        var answers = IntStream.range(0, 4)
                .mapToObj(_ -> CompletableFuture.supplyAsync(() -> send(
                        "PATCH",
                        "/members/external?syncId=d1",
                        "application/x-ndjson",
                        "{\"op\": \"add\", \"contact\": \"external:" + key + "1\"}")))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();
        for (var answer : answers) {
            assertThat(answer.status()).isIn(200, 202);
            if (answer.status() == 202) {
                ended(place(answer));
            }
        }

        assertThat(joinedInOutbox()).isEqualTo(1);
        assertThat(send("PATCH", "/members/external?syncId=d1", "application/x-ndjson", "")
                        .expect(200)
                        .json()
                        .at("/result/joined")
                        .asInt())
                .isEqualTo(1);
    }

    @Test
    void uploads_are_applied_in_the_order_in_which_they_were_accepted() throws Exception {
        external();
        contacts(6, SOME);
        var large = start("PUT", "/members/external", "text/csv", table(SOME));
        var small = start("PUT", "/members/external", "text/csv", table(2));
        var delta = start(
                "PATCH",
                "/members/external",
                "application/x-ndjson",
                "{\"op\": \"add\", \"contact\": \"external:" + key + "4\"}");

        assertThat(ended(delta).at("/result/joined").asInt()).isEqualTo(1);

        assertThat(read(large).at("/result/joined").asInt()).isEqualTo(SOME);
        assertThat(read(small).at("/result/left").asInt()).isEqualTo(SOME - 2);
        assertThat(members()).containsExactly(key + 1, key + 2, key + 4);
    }

    @Test
    void imports_by_hand_are_done_in_their_order_too() throws Exception {
        picked();
        contacts(6, SOME);
        var adding = start("POST", "/members/import", "text/csv", table(SOME));
        var removing = start("POST", "/members/import?action=remove", "text/csv", table(SOME));

        assertThat(ended(removing).at("/result/left").asInt()).isEqualTo(SOME);

        assertThat(read(adding).at("/result/joined").asInt()).isEqualTo(SOME);
        assertThat(size()).isZero();
    }

    @Test
    void repeated_means_that_it_has_been_applied() throws Exception {
        external();
        contacts(6, SOME);
        var first = start("PUT", "/members/external?syncId=monday", "text/csv", table(SOME));
        var second = start("PUT", "/members/external?syncId=monday", "text/csv", table(SOME));

        Eventually.holds(() -> !read(second).path("endedAt").isNull());

        assertThat(size()).isEqualTo(SOME);
        assertThat(read(second).path("result").toString()).isEqualTo("{\"repeated\":1}");
        assertThat(read(first).path("state").asText()).isEqualTo("succeeded");
    }

    @Test
    void when_the_first_under_a_name_fails_the_second_does_the_work() throws Exception {
        external();
        contacts(6, SOME);
        var first = start("PUT", "/members/external?syncId=monday", "text/csv", table(SOME) + "\n\"broken off");
        var second = start("PUT", "/members/external?syncId=monday", "text/csv", table(3));
        var third = start("PUT", "/members/external?syncId=monday", "text/csv", table(3));

        assertThat(ended(third).path("result").toString()).isEqualTo("{\"repeated\":1}");

        assertThat(read(first).path("state").asText()).isEqualTo("failed");
        assertThat(read(second).path("result").toString()).isEqualTo("{\"left\":0,\"joined\":3,\"rejected\":0}");
        assertThat(members()).containsExactly(key + 1, key + 2, key + 3);
    }

    @Test
    void a_delta_adds_and_removes_line_by_line() throws Exception {
        external();
        replace("a", "externalId\n%1$s1\n%1$s2\n".formatted(key));

        var job = ended(place(send("PATCH", "/members/external", "application/x-ndjson", """
                {"op": "remove", "contact": "external:%1$s1"}
                {"op": "add", "contact": "external:%1$s3"}
                {"op": "add", "contact": "external:%1$s4"}
                {"op": "remove", "contact": "external:%1$s4"}
                {"op": "drop", "contact": "external:%1$s2"}
                """.formatted(key))
                .expect(202)));

        assertThat(members()).containsExactly(key + 2, key + 3);
        assertThat(problems(job)).containsExactly("5 unknown-operation");
    }

    @Test
    void a_file_that_breaks_off_or_names_nobody_changes_nothing() throws Exception {
        external();
        replace("a", "externalId\n%1$s1\n".formatted(key));

        var broken = replace("b", "externalId\n%1$s2\n\"%1$s3\n".formatted(key));
        var nobody = replace("c", "externalId\nx\ny\n");
        var columns = replace("d", "name\nx\n");

        for (var job : List.of(broken, nobody, columns)) {
            assertThat(job.path("state").asText()).isEqualTo("failed");
        }
        assertThat(members()).containsExactly(key + 1);
        assertThat(replace("b", "externalId\n%1$s2\n".formatted(key))
                        .path("state")
                        .asText())
                .as("what failed may be sent again under its name")
                .isEqualTo("succeeded");
        assertThat(members()).containsExactly(key + 2);
        assertThat(replace("e", "externalId\n").path("state").asText())
                .as("an empty list is more often a failed export than meant")
                .isEqualTo("failed");
        assertThat(members()).containsExactly(key + 2);
    }

    @Test
    void hands_stay_off_what_comes_from_outside_and_the_other_way_round() {
        external();
        var body = Map.of("add", List.of("external:" + key + 1));

        assertThat(app.request("POST", "/v1/segments/" + key + "/members", body)
                        .expect(409)
                        .body())
                .contains("crm", "/members/external");
        send("POST", "/members/import", "text/csv", "externalId\n").expect(409);
        app.request("POST", "/v1/segments", Map.of("key", key + "p", "kind", "static"))
                .expect(201);
        app.admin()
                .with("Content-Type", "text/csv")
                .request("PUT", "/v1/segments/" + key + "p/members/external", "externalId\n")
                .expect(409);
        send("PUT", "/members/external?syncId=" + "x".repeat(256), "text/csv", "externalId\n")
                .expect(422);
        send("POST", "/members/import?action=swap", "text/csv", "externalId\n").expect(409);
        app.as(Role.VIEWER)
                .with("Content-Type", "text/csv")
                .request("PUT", "/v1/segments/" + key + "/members/external", "externalId\n")
                .expect(403);
    }

    private String table(int count) {
        return IntStream.rangeClosed(1, count).mapToObj(no -> key + no).collect(joining("\n", "externalId\n", ""));
    }

    private void picked() {
        app.request("POST", "/v1/segments", Map.of("key", key, "kind", "static"))
                .expect(201);
    }

    private void external() {
        app.request("POST", "/v1/segments", Map.of("key", key, "kind", "static", "external", Map.of("source", "crm")))
                .expect(201);
    }

    private JsonNode byHand(String action, String type, String body) throws Exception {
        return ended(start("POST", "/members/import?action=" + action, type, body));
    }

    private JsonNode replace(String syncId, String table) throws Exception {
        return ended(start("PUT", "/members/external?syncId=" + syncId, "text/csv", table));
    }

    private String start(String method, String path, String type, String body) {
        return place(send(method, path, type, body).expect(202));
    }

    private Answer send(String method, String path, String type, String body) {
        return app.admin().with("Content-Type", type).request(method, "/v1/segments/" + key + path, body);
    }

    private static String place(Answer accepted) {
        return "/v1/jobs/" + accepted.json().path("id").asText();
    }

    private static JsonNode ended(String job) throws Exception {
        Eventually.holds(() -> !read(job).path("endedAt").isNull());
        return read(job);
    }

    private static JsonNode read(String job) {
        return app.request("GET", job).expect(200).json();
    }

    private static List<String> problems(JsonNode job) {
        return job.path("problems")
                .valueStream()
                .map(problem -> problem.path("line").asText() + " "
                        + problem.path("code").asText())
                .toList();
    }

    private List<String> members() {
        return app.request("GET", "/v1/segments/" + key + "/members")
                .json()
                .path("items")
                .findValuesAsText("externalId");
    }

    private int size() {
        return number("select count(*) from membership where segment_id = (select id from segment where key = :key)");
    }

    private int joinedInOutbox() {
        return number("""
                select coalesce(sum(cardinality(joined)), 0) from membership_change_seen
                where segment_id = (select id from segment where key = :key)
                """);
    }

    private int number(String sql) {
        return app.jdbi()
                .withHandle(handle -> handle.createQuery(sql)
                        .bind("key", key)
                        .mapTo(Integer.class)
                        .one());
    }

    private void contacts(int from, int to) {
        app.jdbi().useHandle(handle -> handle.execute("""
                insert into contact (external_id, created_at, updated_at)
                select ? || n, now(), now() from generate_series(?, ?) as n
                """, key, from, to));
    }
}
