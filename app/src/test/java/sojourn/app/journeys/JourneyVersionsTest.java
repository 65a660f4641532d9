package sojourn.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.platform.Json;
import sojourn.testing.App;

/** A journey with two versions and an edit, its versions, what is different between them, and its copies. */
class JourneyVersionsTest {

    private static final String FIRST = """
            {"name": "First", "audience": {"segments": ["all"]}, "start": "wait", "tiles": {
               "wait": {"type": "waitFor", "duration": "P5D", "next": "thanked"},
               "thanked": {"type": "end", "outcome": "thanked"}}}""";
    private static final String SECOND = """
            {"name": "First", "audience": {"segments": ["all"]}, "start": "wait", "tiles": {
               "wait": {"type": "waitFor", "duration": "P3D", "next": "a/b"},
               "a/b": {"type": "waitFor", "duration": "P1D", "next": null}}}""";
    private static final String EDIT = """
            {"name": "Edited", "audience": {"segments": ["all"], "exclude": ["all"]}, "start": "wait", "tiles": {
               "wait": {"type": "waitFor", "duration": "P3D", "zone": "journey", "next": "a/b"},
               "a/b": {"type": "waitFor", "duration": "PT1H", "next": null}}}""";

    @RegisterExtension
    static final App app = new App();

    @BeforeAll
    static void goLiveTwiceAndEdit() {
        app.request("POST", "/v1/segments", "{\"key\": \"all\", \"name\": \"All\", \"kind\": \"static\"}")
                .expect(201);
        app.request("POST", "/v1/segments/all/go-live");
        create("win-back", FIRST);
        app.request("POST", "/v1/journeys/win-back/go-live").expect(202);
        edit(SECOND);
        app.request("POST", "/v1/journeys/win-back/go-live").expect(202);
        edit(EDIT);
    }

    private static void create(String key, String document) {
        app.request("POST", "/v1/journeys", "{\"key\": \"" + key + "\", \"document\": " + document + "}")
                .expect(201);
    }

    private static void edit(String document) {
        var etag = app.request("GET", "/v1/journeys/win-back").header("ETag");
        app.admin()
                .with("If-Match", etag)
                .request("PUT", "/v1/journeys/win-back", "{\"document\": " + document + "}")
                .expect(200);
    }

    @Test
    void versions_are_listed_from_the_newest_on_page_by_page() {
        var page = get("/v1/journeys/win-back/versions?limit=1");
        var rest =
                get("/v1/journeys/win-back/versions?cursor=" + page.get("next").asText());

        assertThat(page.get("items")).hasSize(1);
        assertThat(page.at("/items/0/version").asInt()).isEqualTo(2);
        assertThat(page.at("/items/0/current").asBoolean()).isTrue();
        assertThat(rest.get("items")).hasSize(1);
        assertThat(rest.at("/items/0/version").asInt()).isEqualTo(1);
        assertThat(rest.at("/items/0/current").asBoolean(true)).isFalse();
        assertThat(rest.at("/items/0/liveAt").asText()).isNotEmpty();
        assertThat(rest.at("/items/0/liveBy").asText()).isEqualTo("test admin");
    }

    @Test
    void each_version_and_the_pending_edit_have_their_documents() throws Exception {
        assertThat(get("/v1/journeys/win-back/versions/1").get("document"))
                .isEqualTo(Json.mapper().readTree(FIRST));
        assertThat(get("/v1/journeys/win-back/versions/2").get("document"))
                .isEqualTo(Json.mapper().readTree(SECOND));
        var draft = get("/v1/journeys/win-back/versions/draft");
        assertThat(draft.get("document")).isEqualTo(Json.mapper().readTree(EDIT));
        assertThat(draft.get("version").isNull()).isTrue();
    }

    @Test
    void what_is_not_there_is_not_found() {
        create("live-only", FIRST);
        app.request("POST", "/v1/journeys/live-only/go-live").expect(202);

        app.request("GET", "/v1/journeys/live-only/versions/draft").expect(404);
        app.request("GET", "/v1/journeys/win-back/versions/3").expect(404);
        app.request("GET", "/v1/journeys/win-back/versions/last").expect(404);
        app.request("GET", "/v1/journeys/win-back/versions/1/diff/3").expect(404);
        app.request("GET", "/v1/journeys/nobodys/versions").expect(404);
    }

    @Test
    void a_difference_names_each_smallest_part_and_the_tiles() throws Exception {
        assertThat(get("/v1/journeys/win-back/versions/1/diff/2"))
                .isEqualTo(Json.mapper().readTree("""
                {"changes": [
                   {"pointer": "/tiles/wait/duration", "was": "P5D", "is": "P3D"},
                   {"pointer": "/tiles/wait/next", "was": "thanked", "is": "a/b"},
                   {"pointer": "/tiles/thanked", "was": {"type": "end", "outcome": "thanked"}},
                   {"pointer": "/tiles/a~1b", "is": {"type": "waitFor", "duration": "P1D", "next": null}}],
                 "tiles": {"added": ["a/b"], "removed": ["thanked"], "changed": ["wait"]}}"""));
        assertThat(get("/v1/journeys/win-back/versions/2/diff/draft"))
                .isEqualTo(Json.mapper().readTree("""
                {"changes": [
                   {"pointer": "/name", "was": "First", "is": "Edited"},
                   {"pointer": "/audience/exclude", "is": ["all"]},
                   {"pointer": "/tiles/wait/zone", "is": "journey"},
                   {"pointer": "/tiles/a~1b/duration", "was": "P1D", "is": "PT1H"}],
                 "tiles": {"added": [], "removed": [], "changed": ["wait", "a/b"]}}"""));
        assertThat(get("/v1/journeys/win-back/versions/2/diff/2").get("changes"))
                .isEmpty();
    }

    @Test
    void a_list_that_has_grown_is_different_as_a_whole_and_a_null_is_a_value() {
        var was = JourneyWorld.document("""
                {"tags": ["a"], "exit": {"segments": [{"joins": "a"}, {"joins": "b"}]},
                 "tiles": {"x": {"type": "emit", "next": null}}}""");
        var is = JourneyWorld.document("""
                {"tags": ["b", "a"], "exit": {"segments": [{"joins": "a"}, {"leaves": "b"}]},
                 "tiles": {"x": {"type": "emit", "next": "y"}}}""");

        JsonNode changes =
                Json.mapper().valueToTree(JourneyDifference.between(was, is).changes());

        assertThat(changes.toString()).isEqualTo("""
                [{"pointer":"/tags","was":["a"],"is":["b","a"]},\
                {"pointer":"/exit/segments/1/joins","was":"b"},\
                {"pointer":"/exit/segments/1/leaves","is":"b"},\
                {"pointer":"/tiles/x/next","was":null,"is":"y"}]""");
    }

    @Test
    void a_copy_is_a_draft_of_what_is_live() throws Exception {
        var copied = app.request("POST", "/v1/journeys/win-back/copy", "{\"key\": \"copied\", \"name\": \"Copied\"}")
                .expect(201);
        var again = app.request("POST", "/v1/journeys/copied/copy", "{\"key\": \"again\"}")
                .expect(201)
                .json();

        var expected = Json.mapper().readTree(SECOND.replace("First", "Copied"));
        assertThat(copied.header("Location")).endsWith("/v1/journeys/copied");
        assertThat(copied.json().get("state").asText()).isEqualTo("draft");
        assertThat(copied.json().get("document")).isEqualTo(expected);
        assertThat(again.get("document")).isEqualTo(expected);
        assertThat(get("/v1/journeys/copied/versions").get("items")).isEmpty();
        assertThat(get("/v1/journeys/copied/versions/draft").get("document")).isEqualTo(expected);
    }

    @Test
    void a_copy_needs_a_key_of_its_own() {
        var taken = app.request("POST", "/v1/journeys/win-back/copy", "{\"key\": \"win-back\"}")
                .expect(409);
        var malformed = app.request("POST", "/v1/journeys/win-back/copy", "{\"key\": \"Win back\"}")
                .expect(422);

        assertThat(taken.json().get("type").asText()).endsWith(":key-taken");
        assertThat(malformed.json().at("/errors/0/pointer").asText()).isEqualTo("/key");
        app.request("POST", "/v1/journeys/nobodys/copy", "{\"key\": \"nobodys-copy\"}")
                .expect(404);
    }

    private static JsonNode get(String path) {
        return app.request("GET", path).expect(200).json();
    }
}
