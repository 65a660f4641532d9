package sojourn.app.segments;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.Answer;
import sojourn.testing.App;

/** Searches that would take too long: here, since somebody has locked what they look through. */
class SlowSearchTest {

    @RegisterExtension
    static final App app = new App().with("segments.estimateTimeLimit", "1 second");

    @Test
    void a_search_is_given_up_in_time_and_says_so() {
        app.request("POST", "/v1/segments", Map.of("key", "few", "kind", "static"))
                .expect(201);
        var query = app.request("POST", "/v1/segments/few/members/query", Map.of("query", "PROFILE(contact)"))
                .expect(201)
                .json()
                .path("id")
                .asText();
        var searches = List.of(
                "/v1/segments/few/members?q=ada",
                "/v1/segments/few/members/query/" + query,
                "/v1/contacts?q=ada",
                "/v1/profiles/account?q=acme");

        var answers = app.jdbi().inTransaction(handle -> {
            handle.execute("lock table contact, profile in access exclusive mode");
            return searches.stream()
                    .map(search -> CompletableFuture.supplyAsync(() -> app.request("GET", search)))
                    .toList()
                    .stream()
                    .map(CompletableFuture::join)
                    .toList();
        });

        assertThat(answers).allSatisfy(answer -> {
            assertThat(answer.expect(503).json().path("detail").asText()).contains("took longer than");
        });
        assertThat(answers.getFirst().body()).contains("longer than 1 second");
        assertThat(searches.stream().map(search -> app.request("GET", search)).map(Answer::status))
                .containsOnly(200);
    }
}
