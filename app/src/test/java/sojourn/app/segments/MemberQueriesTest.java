package sojourn.app.segments;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.Answer;
import sojourn.testing.App;
import sojourn.testing.Eventually;

/** Members of static segments picked by query. */
class MemberQueriesTest {

    @RegisterExtension
    static final App app = new App();

    private String key = "";
    private String queries = "";

    @BeforeEach
    void newSegment() {
        key = "s" + UUID.randomUUID().toString().replace("-", "");
        queries = "/v1/segments/" + key + "/members/query";
        app.request("POST", "/v1/segments", Map.of("key", key, "kind", "static"))
                .expect(201);
        for (var name : List.of("ada", "bob", "eve")) {
            contact(name);
        }
    }

    @Test
    void a_query_changes_nothing_and_its_result_stays_as_it_was_found() {
        var found = ask(everyone()).expect(201).json();
        contact("late");

        assertThat(found.path("count").asInt()).isEqualTo(3);
        assertThat(found.path("expiresAt").asText()).isNotEmpty();
        assertThat(members()).isEmpty();
        var first = app.request("GET", queries + "/" + id(found) + "?limit=2")
                .expect(200)
                .json();
        var second = app.request(
                        "GET",
                        queries + "/" + id(found) + "?limit=2&cursor="
                                + first.path("next").asText())
                .json();
        assertThat(first.path("items").findValuesAsText("externalId")).containsExactly("ada" + key, "bob" + key);
        assertThat(first.at("/items/0/firstName").asText()).isEqualTo("ada");
        assertThat(second.path("items").findValuesAsText("externalId")).containsExactly("eve" + key);

        var added = change(found, "add", "all").expect(200).json();

        assertThat(added.path("joined").asInt()).isEqualTo(3);
        assertThat(members()).containsExactly("ada" + key, "bob" + key, "eve" + key);
        assertThat(change(found, "add", "all").json().path("joined").asInt()).isZero();
    }

    @Test
    void chosen_ones_are_added_and_must_be_in_the_result() {
        var found = ask("PROFILE(contact).FILTER(firstName IN ('ada', 'bob') && lastName == '" + key + "')")
                .json();

        change(found, "add", List.of("external:bob" + key)).expect(200);
        var refused = change(found, "add", List.of("external:bob" + key, "external:eve" + key, "external:nobody"))
                .expect(422);

        assertThat(members()).containsExactly("bob" + key);
        assertThat(refused.json().path("errors").findValuesAsText("pointer"))
                .containsExactly("/contacts/1", "/contacts/2");
    }

    @Test
    void a_query_among_members_sees_members_only() {
        add("ada", "bob");
        var found = app.request("POST", queries, Map.of("query", everyone(), "among", "members"))
                .expect(201)
                .json();
        assertThat(found.path("count").asInt()).isEqualTo(2);

        assertThat(change(found, "remove", List.of("external:ada" + key))
                        .json()
                        .path("left")
                        .asInt())
                .isEqualTo(1);
        assertThat(members()).containsExactly("bob" + key);
        change(found, "remove", "all").expect(200);
        assertThat(members()).isEmpty();
    }

    @Test
    void two_adds_at_once_let_each_contact_join_once() {
        var one = ask(everyone()).json();
        var other = ask(everyone()).json();

        var answers = List.of(one, other, one, other).stream()
                .map(found -> CompletableFuture.supplyAsync(() -> change(found, "add", "all")))
                .toList()
                .stream()
                .map(CompletableFuture::join)
                .toList();

        assertThat(answers.stream()
                        .mapToInt(answer ->
                                answer.expect(200).json().path("joined").asInt())
                        .sum())
                .isEqualTo(3);
        assertThat(joinedInOutbox()).isEqualTo(3);
    }

    @Test
    void a_large_result_is_worked_off_by_a_job() throws Exception {
        app.jdbi().useHandle(handle -> handle.execute("""
                insert into contact (external_id, last_name, folded, created_at, updated_at)
                select 'm' || n || ?, ?, jsonb_build_object('lastName', ?), now(), now()
                from generate_series(1, 12000) as n
                """, key, key, key));
        var found = ask(everyone()).json();
        assertThat(found.path("count").asInt()).isEqualTo(12003);

        var job = change(found, "add", "all").expect(202).header("Location");

        Eventually.holds(() -> app.request("GET", job).body().contains("\"succeeded\""));
        assertThat(app.request("GET", job).json().at("/result/joined").asInt()).isEqualTo(12003);
        assertThat(app.request("GET", job).json().path("subject").asText()).isEqualTo(key);
        assertThat(app.request("GET", "/v1/segments/" + key).json().path("size").asInt())
                .isEqualTo(12003);
        assertThat(joinedInOutbox()).isEqualTo(12003);
    }

    @Test
    void a_result_expires_and_erased_contacts_are_never_added() {
        var found = ask(everyone()).json();
        app.request("DELETE", "/v1/contacts/external:eve" + key).expect(204);
        change(found, "add", "all").expect(200);
        assertThat(members()).containsExactly("ada" + key, "bob" + key);

        app.jdbi().useHandle(handle -> handle.execute("update member_query set expires_at = now()"));

        var late = app.request("GET", queries + "/" + id(found)).expect(410).json();
        assertThat(late.path("type").asText()).isEqualTo("urn:sojourn:problem:expired");
        assertThat(late.path("detail").asText()).contains("kept for 24 hours", "again with POST");
        change(found, "add", "all").expect(410);
        change(found, "add", List.of()).expect(410);
        app.request("GET", queries + "/" + UUID.randomUUID()).expect(404);
    }

    @Test
    void of_an_expired_result_no_more_is_kept_than_that_there_was_one() {
        var found = ask(everyone()).json();
        app.jdbi().useHandle(handle -> handle.execute("update member_query set expires_at = now()"));

        app.jdbi().useHandle(handle -> MemberQueries.cleanUp(handle, Instant.now()));

        assertThat(number("select count(*) from member_query_contact")).isZero();
        assertThat(number("select count(*) from member_query where query <> ''"))
                .isZero();
        app.request("GET", queries + "/" + id(found)).expect(410);
        app.jdbi()
                .useHandle(handle -> MemberQueries.cleanUp(handle, Instant.now().plus(Duration.ofDays(31))));
        app.request("GET", queries + "/" + id(found)).expect(404);
    }

    private static int number(String sql) {
        return app.jdbi()
                .withHandle(
                        handle -> handle.createQuery(sql).mapTo(Integer.class).one());
    }

    @Test
    void what_does_not_fit_is_refused() {
        assertThat(ask("PROFILE(contact) UNION\n NOPE")
                        .expect(422)
                        .json()
                        .at("/errors/0/line")
                        .asInt())
                .isEqualTo(2);
        app.request("POST", queries, Map.of("query", everyone(), "among", "nobody"))
                .expect(422);
        app.request("POST", queries, Map.of("query", everyone(), "timeZone", "Nowhere"))
                .expect(422);
        app.request("POST", queries, Map.of()).expect(422);
        var found = ask(everyone()).json();
        change(found, "add", "some").expect(422);
        change(found, "add", List.of(1)).expect(422);
        change(found, "add", Map.of()).expect(422);
        app.request("POST", queries + "/" + UUID.randomUUID() + "/add", Map.of("contacts", "all"))
                .expect(404);
        app.request("POST", queries + "/nonsense/add", Map.of("contacts", "all"))
                .expect(404);

        app.request("POST", "/v1/segments", Map.of("key", "d" + key, "query", everyone()))
                .expect(201);
        var refused = app.request("POST", "/v1/segments/d" + key + "/members/query", Map.of("query", everyone()))
                .expect(409);
        assertThat(refused.json().path("detail").asText()).contains("/overrides/");
        app.request("POST", "/v1/segments/d" + key + "/members/query/" + id(found) + "/add", Map.of("contacts", "all"))
                .expect(409);
    }

    @Test
    void the_members_of_a_stopped_segment_stay_as_they_are() {
        add("ada");
        var found = ask(everyone()).json();
        app.request("POST", "/v1/segments/" + key + "/stop").expect(202);

        change(found, "add", "all").expect(409);
        app.request("POST", "/v1/segments/" + key + "/members", Map.of("remove", List.of("external:ada" + key)))
                .expect(409);

        assertThat(members()).containsExactly("ada" + key);
        app.request("POST", "/v1/segments/" + key + "/go-live").expect(202);
        change(found, "add", "all").expect(200);
    }

    private Answer ask(String query) {
        return app.request("POST", queries, Map.of("query", query));
    }

    private Answer change(JsonNode found, String verb, Object contacts) {
        return app.request("POST", queries + "/" + id(found) + "/" + verb, Map.of("contacts", contacts));
    }

    private static String id(JsonNode found) {
        return found.path("id").asText();
    }

    private String everyone() {
        return "PROFILE(contact).FILTER(lastName == '" + key + "')";
    }

    private void add(String... names) {
        var all = List.of(names).stream().map(name -> "external:" + name + key).toList();
        app.request("POST", "/v1/segments/" + key + "/members", Map.of("add", all))
                .expect(200);
    }

    private List<String> members() {
        return app.request("GET", "/v1/segments/" + key + "/members")
                .json()
                .path("items")
                .findValuesAsText("externalId");
    }

    private int joinedInOutbox() {
        return app.jdbi()
                .withHandle(handle -> handle.createQuery("""
                        select coalesce(sum(cardinality(joined)), 0) from membership_change_seen
                        where segment_id = (select id from segment where key = :key)
                        """)
                        .bind("key", key)
                        .mapTo(Integer.class)
                        .one());
    }

    private void contact(String name) {
        app.request("PUT", "/v1/contacts/external:" + name + key, Map.of("firstName", name, "lastName", key))
                .expect(201);
    }
}
