package sojourn.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.platform.Json;
import sojourn.app.security.Role;
import sojourn.testing.Answer;
import sojourn.testing.App;

/** A journey goes out with everything that it names, and comes in as it went out: all of it, or nothing. */
class JourneyBundlesTest {

    @RegisterExtension
    static final App app = new App();

    private static final String IMPORT = "/v1/journeys/import";

    private static int number;

    /** Each test has names of its own. */
    private final int no = number++;

    private final JsonNode bundle = read("""
            {"journeys": [
               {"key": "main%1$d", "document": {"name": "Main", "timeZone": "Europe/Berlin",
                "audience": {"segments": ["audience%1$d"], "exclude": ["staff%1$d"]}, "suppressionSegment": "quiet%1$d",
                "exit": {"interactions": [{"type": "Bought%1$d", "filter": "amount > 0"}], "segments": [{"joins": "quiet%1$d"}]},
                "start": "hello",
                "tiles": {
                  "hello": {"type": "email", "message": "hello%1$d", "expiry": "P1D", "next": "clicked"},
                  "clicked": {"type": "ifThen", "timeLimit": "P2D", "otherwise": "branch", "branches": [
                     {"name": "yes", "when": [{"interaction": {"type": "EmailClicked", "of": "hello%1$d"}}, {"segment": "staff%1$d", "is": "joined"}], "next": "test"}]},
                  "branch": {"type": "attributeBranch", "branches": [{"name": "a", "when": "SEGMENT(base%1$d) && tier%1$d == 'gold'", "next": "pick"}], "otherwise": null},
                  "pick": {"type": "addToSegment", "segment": "staff%1$d", "next": "sub"},
                  "sub": {"type": "startJourney", "journey": "sub%1$d", "wait": true, "next": null},
                  "test": {"type": "abTest", "metric": "open", "end": {"after": "P1D"}, "fallback": "a",
                     "variants": [{"name": "a"}, {"name": "b", "message": "other%1$d"}],
                     "sends": {"type": "email", "message": "hello%1$d", "expiry": "P1D", "next": null}}}}},
               {"key": "sub%1$d", "document": {"name": "Sub", "audience": {"interaction": {"type": "FormSubmitted"}},
                "start": "mark", "tiles": {"mark": {"type": "updateContact", "increment": {"points%1$d": 1}, "next": null}}}}],
             "segments": [
               {"key": "audience%1$d", "name": "Audience", "kind": "dynamic", "timeZone": "UTC",
                "query": "SEGMENT(base%1$d) -- not SEGMENT(nothing)\\n  EXCEPT SEGMENT(staff%1$d)"},
               {"key": "quiet%1$d", "name": "Quiet", "kind": "dynamic", "timeZone": "UTC", "query": "PROFILE(contact).FILTER(tier%1$d == 'silver')"},
               {"key": "staff%1$d", "name": "Staff", "kind": "static", "timeZone": "UTC"},
               {"key": "base%1$d", "name": "Base", "kind": "dynamic", "timeZone": "UTC", "tags": ["a"], "query": "INTERACTION(Bought%1$d)"}],
             "messages": [
               {"key": "hello%1$d", "channel": "email", "purpose": "commercial", "from": "Shop <shop@example.com>",
                "subject": "Hello {{ contact.nick%1$d | default: 'you' }}", "text": "Hello", "tags": ["x"]},
               {"key": "other%1$d", "channel": "email", "purpose": "commercial", "from": "Shop <shop@example.com>", "subject": "Hi", "text": "Hi"}],
             "declarations": {
               "attributes": {"contact": {"tier%1$d": {"type": "option", "options": ["gold", "silver"]},
                                          "nick%1$d": {"type": "text"}, "points%1$d": {"type": "number"}}},
               "interactionTypes": {"Bought%1$d": {"amount": {"type": "number"}}}}}
            """.formatted(no));

    private static JsonNode read(String json) {
        try {
            return Json.mapper().readTree(json);
        } catch (java.io.IOException wrong) {
            throw new IllegalArgumentException(wrong);
        }
    }

    private JsonNode changed(String pointer, String field, String value) {
        var copy = bundle.deepCopy();
        ((ObjectNode) copy.at(pointer)).put(field, value);
        return copy;
    }

    private static Set<String> outcomes(JsonNode imported) {
        return new TreeSet<>(imported.findValuesAsText("outcome"));
    }

    private Answer imported(Object sent, String options) {
        return app.request("POST", IMPORT + options, sent);
    }

    @Test
    void what_goes_out_is_what_came_in_with_all_that_it_names() {
        var made = imported(bundle, "").expect(201);

        assertThat(made.header("Location")).endsWith("/v1/journeys/main" + no);
        assertThat(outcomes(made.json())).containsExactly("created");
        assertThat(made.json().path("declared")).hasSize(4);
        var out = app.as(Role.VIEWER)
                .request("GET", "/v1/journeys/main" + no + "/export")
                .expect(200)
                .json();
        assertThat(byKey(out)).isEqualTo(byKey(bundle));
    }

    private static Map<String, Object> byKey(JsonNode bundle) {
        return Map.of(
                "journeys",
                bundle.path("journeys"),
                "segments",
                bundle.path("segments").valueStream().collect(java.util.stream.Collectors.toSet()),
                "messages",
                bundle.path("messages").valueStream().collect(java.util.stream.Collectors.toSet()),
                "declarations",
                bundle.path("declarations"));
    }

    @Test
    void the_same_again_changes_nothing_however_often_and_at_once() throws Exception {
        try (var many = Executors.newVirtualThreadPerTaskExecutor()) {
            var answers = many.invokeAll(IntStream.range(0, 6)
                    .<java.util.concurrent.Callable<Answer>>mapToObj(_ -> () -> imported(bundle, ""))
                    .toList());
            var statuses = new java.util.ArrayList<Integer>();
            for (var answer : answers) {
                statuses.add(answer.get().status());
            }
            assertThat(statuses).containsOnlyOnce(201).containsOnly(200, 201);
        }
        var before = app.request("GET", "/v1/journeys/main" + no).header("ETag");

        assertThat(outcomes(imported(bundle, "").expect(200).json())).containsExactly("kept");
        assertThat(outcomes(imported(bundle, "?conflicts=replace").expect(200).json()))
                .containsExactly("kept");

        assertThat(app.request("GET", "/v1/journeys/main" + no).header("ETag")).isEqualTo(before);
    }

    @Test
    void nothing_is_made_when_anything_is_wrong_and_all_of_it_is_said() {
        var wrong = (ObjectNode) bundle.deepCopy();
        ((ObjectNode) wrong.at("/segments/1")).put("query", "PROFILE(contact).FILTER(nobody == 1)");
        ((ObjectNode) wrong.at("/segments/3")).put("query", "SEGMENT(audience" + no + ")");
        ((ObjectNode) wrong.at("/messages/1")).put("purpose", "fun");
        ((ObjectNode) wrong.at("/declarations/interactionTypes/Bought" + no)).put("amount", "money");

        var errors = imported(wrong, "").expect(422).json().path("errors");

        assertThat(errors.findValuesAsText("pointer"))
                .contains(
                        "/segments/1/query",
                        "/segments/0/query",
                        "/messages/1/purpose",
                        "/declarations/interactionTypes/Bought" + no + "/amount");
        assertThat(errors.findValuesAsText("code")).contains("cycle", "unknown-purpose", "unknown-value-type");
        for (var place :
                List.of("journeys/main", "journeys/sub", "segments/quiet", "segments/staff", "messages/hello")) {
            app.request("GET", "/v1/" + place + no).expect(404);
        }
        assertThat(app.request("GET", "/v1/profile-types/contact").body()).doesNotContain("tier" + no);
        imported(bundle, "").expect(201);
    }

    @Test
    void what_differs_is_a_problem_unless_it_is_to_be_replaced() throws Exception {
        imported(bundle, "").expect(201);
        app.request("POST", "/v1/messages/hello" + no + "/go-live").expect(200);
        app.request("POST", "/v1/segments/base" + no + "/go-live").expect(202);
        var other = changed("/segments/3", "query", "INTERACTION(Bought" + no + ").HAVING(COUNT() > 1)");
        ((ObjectNode) other.at("/messages/0")).put("subject", "Good day");
        ((ObjectNode) other.at("/journeys/0/document")).put("name", "Other");

        var refused = imported(other, "").expect(422).json().path("errors");
        assertThat(refused.findValuesAsText("code")).containsOnly("differs");
        assertThat(refused.findValuesAsText("pointer"))
                .containsExactlyInAnyOrder("/segments/3/key", "/messages/0/key", "/journeys/0/key");
        untilLive("/v1/segments/base" + no);

        var replaced = imported(other, "?conflicts=replace").expect(200).json();

        assertThat(replaced.at("/journeys/0/outcome").asText()).isEqualTo("replaced");
        var message = app.request("GET", "/v1/messages/hello" + no).json();
        assertThat(message.path("subject").asText()).startsWith("Hello");
        assertThat(message.at("/draft/subject").asText()).isEqualTo("Good day");
        var segment = app.request("GET", "/v1/segments/base" + no).json();
        assertThat(segment.path("query").asText()).isEqualTo("INTERACTION(Bought" + no + ")");
        assertThat(segment.at("/draft/query").asText()).contains("HAVING");
        assertThat(app.request("GET", "/v1/journeys/main" + no)
                        .json()
                        .at("/document/name")
                        .asText())
                .isEqualTo("Other");
        assertThat(outcomes(imported(other, "?conflicts=replace").expect(200).json()))
                .containsExactly("kept");
    }

    private static void untilLive(String place) throws InterruptedException {
        var end = System.nanoTime() + Answer.SOON.toNanos();
        while (!app.request("GET", place).json().path("state").asText().equals("live")) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.sleep(50);
        }
    }

    @Test
    void renamed_parts_are_named_by_their_new_names_everywhere_and_come_in_once() {
        imported(bundle, "").expect(201);
        var other = changed("/segments/3", "query", "INTERACTION(Bought" + no + ").HAVING(COUNT() > 1)");
        ((ObjectNode) other.at("/segments/2")).put("name", "Crew");
        ((ObjectNode) other.at("/messages/0")).put("subject", "Good day");
        ((ObjectNode) other.at("/messages/1")).put("subject", "Good night");
        ((ObjectNode) other.at("/journeys/1/document")).put("name", "Other");

        var renamed = imported(other, "?conflicts=rename").expect(201).json();

        assertThat(renamed.path("journey").asText()).isEqualTo("main" + no + "-2");
        var out = app.request("GET", "/v1/journeys/main" + no + "-2/export")
                .expect(200)
                .json();
        var segments = out.path("segments").findValuesAsText("key");
        assertThat(segments)
                .containsExactlyInAnyOrder(
                        "audience" + no + "-2", "base" + no + "-2", "staff" + no + "-2", "quiet" + no);
        var text = out.toString();
        assertThat(text)
                .contains("\"exclude\":[\"staff" + no + "-2\"]")
                .contains("\"journey\":\"sub" + no + "-2\"")
                .contains("\"of\":\"hello" + no + "-2\"")
                .contains("\"message\":\"other" + no + "-2\"")
                .contains("SEGMENT(base" + no + "-2) && tier")
                .contains("-- not SEGMENT(nothing)")
                .contains("EXCEPT SEGMENT(staff" + no + "-2)")
                .doesNotContain("staff" + no + "\"")
                .doesNotContain("hello" + no + "\"");
        var again = imported(other, "?conflicts=rename").expect(200).json();
        assertThat(outcomes(again)).containsExactly("kept");
        assertThat(again.path("journey").asText()).isEqualTo("main" + no + "-2");
    }

    @Test
    void a_bundle_leaves_the_scope_of_a_segment_and_only_admins_change_it_by_one() {
        var north = "north" + no;
        app.request("PUT", "/v1/business-units/" + north, Map.of("name", "North", "members", List.of("eve" + no)))
                .expect(201);
        app.request("PUT", "/v1/business-units/south" + no, Map.of("name", "South", "members", List.of("pat" + no)))
                .expect(201);
        imported(bundle, "").expect(201);
        scope(Map.of("scope", north));
        var other = changed("/segments/3", "query", "INTERACTION(Bought" + no + ").HAVING(COUNT() > 1)");

        asMarketer(other).expect(200);
        assertThat(base().path("query").asText()).contains("HAVING");
        assertThat(base().path("scope").asText()).isEqualTo(north);
        ((ObjectNode) other.at("/segments/3")).put("scope", "organization");
        var lifted = asMarketer(other).expect(422).json().path("errors");
        assertThat(lifted.at("/0/pointer").asText()).isEqualTo("/segments/3/scope");
        assertThat(lifted.at("/0/code").asText()).isEqualTo("admins-only");
        ((ObjectNode) other.at("/segments/3")).put("scope", north);
        assertThat(outcomes(asMarketer(other).expect(200).json()))
                .as("nothing is changed by naming what it is")
                .containsExactly("kept");

        scope(Map.of("scope", "owner", "owner", "eve" + no));
        ((ObjectNode) other.at("/segments/3")).put("scope", "owner").put("owner", "pat" + no);
        assertThat(asMarketer(other).expect(422).json().at("/errors/0/pointer").asText())
                .isEqualTo("/segments/3/owner");
        assertThat(base().path("owner").asText()).isEqualTo("eve" + no);
        imported(other, "?conflicts=replace").expect(200);
        assertThat(base().path("owner").asText()).isEqualTo("pat" + no);
    }

    @Test
    void a_part_that_came_in_beside_a_limited_one_is_found_again() {
        app.request("PUT", "/v1/business-units/north" + no, Map.of("name", "North"))
                .expect(201);
        imported(bundle, "").expect(201);
        scope(Map.of("scope", "north" + no));
        var other = changed("/segments/3", "query", "INTERACTION(Bought" + no + ").HAVING(COUNT() > 1)");
        imported(other, "?conflicts=rename").expect(201);

        assertThat(outcomes(imported(other, "?conflicts=rename").expect(200).json()))
                .containsExactly("kept");

        assertThat(app.request("GET", "/v1/segments/base" + no + "-2")
                        .json()
                        .path("scope")
                        .asText())
                .isEqualTo("organization");
    }

    private Answer asMarketer(Object sent) {
        return app.as(Role.MARKETER).request("POST", IMPORT + "?conflicts=replace", sent);
    }

    private JsonNode base() {
        return app.request("GET", "/v1/segments/base" + no).json();
    }

    /** Limits the segment {@code base}, and leaves the rest of it as it is. */
    private void scope(Map<String, String> scope) {
        var known = app.request("GET", "/v1/segments/base" + no);
        var wanted = (ObjectNode) known.json().deepCopy();
        scope.forEach(wanted::put);
        app.admin()
                .with("If-Match", known.header("ETag"))
                .request("PUT", "/v1/segments/base" + no, wanted)
                .expect(200);
    }

    @Test
    void a_key_that_stands_in_a_text_is_for_a_person_to_rename() {
        imported(bundle, "").expect(201);
        var other = changed("/messages/0", "subject", "Good day");
        ((ObjectNode) other.at("/segments/1"))
                .put("query", "INTERACTION(EmailOpened).FILTER(message == 'hello" + no + "')");

        var error = imported(other, "?conflicts=rename").expect(422).json().at("/errors/0");

        assertThat(error.path("code").asText()).isEqualTo("named-in-text");
        assertThat(error.path("pointer").asText()).isEqualTo("/segments/1/query");
    }

    @Test
    void a_journey_may_come_in_under_a_key_of_choice_but_not_under_a_word_of_paths() {
        imported(bundle, "?key=chosen" + no).expect(201);

        app.request("GET", "/v1/journeys/chosen" + no).expect(200);
        app.request("GET", "/v1/journeys/main" + no).expect(404);
        imported(bundle, "?key=import").expect(422);
        imported(bundle, "?key=No%20Key").expect(422);
        imported(bundle, "?conflicts=anyhow").expect(422);
        imported("{}", "").expect(422);
        imported(Map.of("journeys", List.of()), "").expect(422);
        app.as(Role.INTEGRATOR).request("POST", IMPORT, bundle).expect(403);
        app.request("GET", "/v1/journeys/no-such/export").expect(404);
    }

    @Test
    void what_is_declared_otherwise_is_a_problem_and_options_are_added() {
        app.request("PATCH", "/v1/profile-types/contact", """
                {"attributes": {"points%1$d": "text", "tier%1$d": {"type": "option", "options": ["bronze"]}}}
                """.formatted(no)).expect(200);

        var refused = imported(bundle, "").expect(422).json().path("errors");
        assertThat(refused).hasSize(1);
        assertThat(refused.at("/0/pointer").asText()).isEqualTo("/declarations/attributes/contact/points" + no);
        assertThat(refused.at("/0/code").asText()).isEqualTo("type-fixed");

        var fitting = bundle.deepCopy();
        ((ObjectNode) fitting.at("/declarations/attributes/contact")).put("points" + no, "text");
        imported(fitting, "").expect(201);
        assertThat(app.request("GET", "/v1/profile-types/contact")
                        .json()
                        .at("/attributes/tier" + no + "/options")
                        .valueStream()
                        .map(JsonNode::asText))
                .containsExactly("bronze", "gold", "silver");
    }
}
