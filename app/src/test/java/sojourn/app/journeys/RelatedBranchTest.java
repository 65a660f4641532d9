package sojourn.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.App;

/** Branches that ask about what is related to the contact, over HTTP. */
class RelatedBranchTest {

    @RegisterExtension
    static final App app = new App();

    @BeforeAll
    static void live() {
        app.request("POST", "/v1/segments", Map.of("key", "all", "name", "All", "kind", "static"))
                .expect(201);
        app.request("PUT", "/v1/profiles/account/external:acme", "{\"attributes\": {\"industry\": \"Retail\"}}")
                .expect(201);
        app.request("PUT", "/v1/contacts/external:ada", "{\"attributes\": {\"account\": \"acme\"}}")
                .expect(201);
        app.request("PUT", "/v1/contacts/external:bob", "{}").expect(201);
        app.request("POST", "/v1/journeys", """
                {"key": "retail", "document": {"audience": {"segments": ["all"]}, "start": "ask", "tiles": {
                  "ask": {"type": "attributeBranch", "otherwise": null, "branches": [
                    {"name": "retail", "when": "PROFILE(account).FILTER(industry == 'Retail').TRAVERSE(contact_account)", "next": null}]}}}}
                """).expect(201);
        app.request("POST", "/v1/journeys/retail/go-live").expect(202);
    }

    @Test
    void a_branch_is_taken_by_those_whom_its_query_has() {
        assertThat(branch("ada")).isEqualTo("retail");
        assertThat(branch("bob")).isEqualTo("no");
    }

    @Test
    void what_a_live_journey_asks_for_stays_declared() {
        app.request("DELETE", "/v1/relationships/contact_account").expect(409);
    }

    @Test
    void a_query_that_is_not_understood_is_found_by_check() {
        app.request("POST", "/v1/journeys", """
                {"key": "wrong", "document": {"audience": {"segments": ["all"]}, "start": "ask", "tiles": {
                  "ask": {"type": "attributeBranch", "otherwise": null, "branches": [
                    {"name": "retail", "when": "PROFILE(acount).TRAVERSE(contact_account)", "next": null}]}}}}
                """).expect(201);

        assertThat(app.request("POST", "/v1/journeys/wrong/check").expect(200).body())
                .contains("/tiles/ask/branches/0/when", "did you mean `account`");
    }

    private static String branch(String contact) {
        var run = app.request("POST", "/v1/journeys/retail/enter", Map.of("contact", "external:" + contact))
                .expect(201)
                .json()
                .get("id")
                .textValue();
        for (var end = Instant.now().plus(Duration.ofSeconds(60)); Instant.now().isBefore(end); ) {
            var now = app.request("GET", "/v1/runs/" + run).expect(200).json();
            if (now.get("status").textValue().equals("completed")) {
                return now.at("/path/0/branch").textValue();
            }
            LockSupport.parkNanos(30_000_000);
        }
        throw new AssertionError("The run has not ended");
    }
}
