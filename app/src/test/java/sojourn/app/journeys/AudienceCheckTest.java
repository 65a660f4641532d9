package sojourn.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.App;

/** What is said of an audience before a journey goes live, counted over HTTP on 1,100 contacts. */
class AudienceCheckTest {

    private static final int ALL = 1100;

    @RegisterExtension
    static final App app = new App().with("segments.quota", "1");

    @BeforeAll
    static void contacts() {
        app.jdbi().useHandle(handle -> handle.execute("""
                insert into contact (external_id, created_at, updated_at)
                select 'c' || n, now(), now() from generate_series(0, ? - 1) as n
                """, ALL));
        segment("nobody", 0, 0);
        segment("most", 0, 600);
        segment("tail", 500, ALL);
        segment("few", 590, 610);
        journey("first", "[\"most\"]", "union");
        journey("both", "[\"most\", \"tail\"]", "intersection");
        goLive("first");
        goLive("both");
    }

    private static void segment(String key, int from, int to) {
        app.request("POST", "/v1/segments", Map.of("key", key, "kind", "static"))
                .expect(201);
        app.jdbi().useHandle(handle -> handle.execute("""
                insert into membership
                select s.id, c.id, now() from segment s, contact c
                where s.key = ? and substr(c.external_id, 2)::integer >= ? and substr(c.external_id, 2)::integer < ?
                """, key, from, to));
    }

    private static void journey(String key, String segments, String combine) {
        app.request("POST", "/v1/journeys", """
                        {"key": "%s", "document": {"audience": {"segments": %s, "combine": "%s"}, "start": "rest",
                         "tiles": {"rest": {"type": "waitFor", "duration": "P30D", "next": null}}}}
                        """.formatted(key, segments, combine))
                .expect(201);
    }

    private static void goLive(String key) {
        app.request("POST", "/v1/journeys/" + key + "/go-live").expect(202);
    }

    private static List<String> said(String journey) {
        var problems = app.request("POST", "/v1/journeys/" + journey + "/check")
                .expect(200)
                .json()
                .path("problems");
        return StreamSupport.stream(problems.spliterator(), false)
                .map(AudienceCheckTest::inWords)
                .filter(words -> !words.startsWith("no-exit"))
                .toList();
    }

    private static String inWords(JsonNode problem) {
        return problem.path("code").asText() + ": " + problem.path("detail").asText();
    }

    @Test
    void that_nobody_is_there_or_most_of_all_are_is_said_and_who_else_talks_to_them() {
        journey("empty", "[\"nobody\"]", "union");
        journey("large", "[\"tail\"]", "union");
        journey("small", "[\"few\"]", "union");

        assertThat(said("empty")).containsExactly("empty-audience: Nobody is in the audience now");
        assertThat(said("large"))
                .containsExactly(
                        "large-audience: 600 of all 1,100 contacts are in the audience; are all of them meant?",
                        "shared-contacts: 100 of 600 in the audience are in those of other live journeys too:"
                                + " both (100), first (100)");
        assertThat(said("small"))
                .containsExactly("shared-contacts: 10 of 20 in the audience are in those of other live journeys too:"
                        + " both (10), first (10)");
        assertThat(said("first"))
                .contains("shared-contacts: 100 of 600 in the audience are in those of other live journeys too:"
                        + " both (100)");
    }

    @Test
    void a_quota_that_is_used_up_is_an_error_before_the_go_live() {
        journey("combined", "[\"few\", \"tail\"]", "union");

        assertThat(said("combined"))
                .anySatisfy(words ->
                        assertThat(words).startsWith("quota: Of the 1 places").contains("1 more"));
        assertThat(said("both")).noneSatisfy(words -> assertThat(words).startsWith("quota"));
    }
}
