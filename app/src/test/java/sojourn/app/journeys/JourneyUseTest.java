package sojourn.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.App;

class JourneyUseTest {

    private static final String ASKS_FOR_VIPS = """
            {"audience": {"segments": ["KEY-all"]}, "start": "who", "tiles": {
               "who": {"type": "attributeBranch", "otherwise": "rest", "branches": [
                 {"name": "vip", "when": "firstName == 'Ada' AND NOT SEGMENT(KEY-vips)", "next": "rest"}]},
               "rest": {"type": "waitFor", "duration": "P30D", "next": null}}}""";
    private static final String ASKS_FOR_NOBODY = """
            {"audience": {"segments": ["KEY-all"]}, "start": "rest", "tiles": {
               "rest": {"type": "waitFor", "duration": "P30D", "next": null}}}""";

    @RegisterExtension
    static final App app = new App();

    private String key = "";

    @BeforeEach
    void goLive() {
        key = "k" + UUID.randomUUID().toString().replace("-", "");
        segment(key + "-all");
        segment(key + "-vips");
        app.request(
                        "POST",
                        "/v1/journeys",
                        "{\"key\": \"" + key + "\", \"document\": " + ASKS_FOR_VIPS.replace("KEY", key) + "}")
                .expect(201);
        app.request("POST", "/v1/journeys/" + key + "/go-live").expect(202);
    }

    private static void segment(String segment) {
        app.request("POST", "/v1/segments", """
                {"key": "%s", "name": "%s", "kind": "static"}
                """.formatted(segment, segment)).expect(201);
        app.request("POST", "/v1/segments/" + segment + "/go-live");
    }

    @Test
    void a_segment_that_a_condition_of_a_live_journey_asks_for_is_in_use() {
        var refused = app.request("POST", "/v1/segments/" + key + "-vips/stop").expect(409);
        edit();

        assertThat(refused.body()).contains("journey " + key);
        app.request("POST", "/v1/segments/" + key + "-vips/stop").expect(202);
    }

    @Test
    void a_segment_is_in_use_while_contacts_are_on_a_version_that_asks_for_it() throws Exception {
        app.request("PUT", "/v1/contacts/external:ada", "{\"firstName\": \"Ada\"}");
        app.request("POST", "/v1/segments/" + key + "-all/members", "{\"add\": [\"external:ada\"]}");
        awaitRun();

        edit();

        app.request("POST", "/v1/segments/" + key + "-vips/stop").expect(409);
    }

    private void edit() {
        var etag = app.request("GET", "/v1/journeys/" + key).header("ETag");
        app.admin()
                .with("If-Match", etag)
                .request("PUT", "/v1/journeys/" + key, "{\"document\": " + ASKS_FOR_NOBODY.replace("KEY", key) + "}")
                .expect(200);
        app.request("POST", "/v1/journeys/" + key + "/go-live").expect(202);
    }

    private void awaitRun() throws InterruptedException {
        for (var looks = 0; looks < 200; looks++) {
            int runs = app.jdbi()
                    .withHandle(handle -> handle.select("select count(*) from run")
                            .mapTo(Integer.class)
                            .one());
            if (runs > 0) {
                return;
            }
            Thread.sleep(100);
        }
        throw new AssertionError("ada does not enter");
    }
}
