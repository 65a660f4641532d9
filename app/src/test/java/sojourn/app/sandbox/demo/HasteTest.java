package sojourn.app.sandbox.demo;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.LocalDate;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import sojourn.app.platform.Json;

/** What is shown is what is shipped, but for its waits; and there is a story for each template. */
class HasteTest {

    private static final LocalDate LEAP_DAY = LocalDate.of(2028, 2, 29);

    static Iterable<Scene> scenes() {
        return Scenes.all().values();
    }

    private static JsonNode template(String key) {
        try (var file = HasteTest.class.getResourceAsStream("/sojourn/app/journeys/templates/" + key + ".json")) {
            return Json.mapper().readTree(Objects.requireNonNull(file, key));
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
    }

    @ParameterizedTest
    @MethodSource("scenes")
    void a_scene_is_of_a_template_and_its_people_are_the_same_each_time(Scene scene) {
        var bundle = template(scene.template());

        assertThat(bundle.at("/journeys/0/key").asText()).isEqualTo(scene.template());
        assertThat(scene.deeds().keySet())
                .allSatisfy(
                        link -> assertThat(bundle.path("messages").toString()).contains("example.com/" + link));
        var guests = scene.guests(200, 7, LEAP_DAY);
        assertThat(guests.toString()).isEqualTo(scene.guests(200, 7, LEAP_DAY).toString());
        assertThat(guests).anyMatch(guest -> guest.entries() == 0).anyMatch(guest -> guest.entries() > 0);
    }

    @ParameterizedTest
    @MethodSource("scenes")
    void all_tiles_stay_where_they_are_and_lead_where_they_led(Scene scene) {
        var shipped = template(scene.template());

        var hasty = new Haste(3).of(shipped);

        for (var index = 0; index < shipped.path("journeys").size(); index++) {
            var before = shipped.at("/journeys/" + index + "/document");
            var after = hasty.at("/journeys/" + index + "/document");
            assertThat(TilePaths.inOrder(after)).isEqualTo(TilePaths.inOrder(before));
            assertThat(TilePaths.inOrder(after)).hasSize(before.path("tiles").size());
            after.path("tiles").forEach(tile -> {
                assertThat(tile.path("type").asText()).isNotEqualTo("waitUntil");
                assertThat(tile.path("duration").asText("PT3S")).isEqualTo("PT3S");
                assertThat(tile.path("timeLimit").asText("PT0S")).isIn("PT0S", "PT12S");
            });
        }
        assertThat(hasty.path("messages")).isEqualTo(shipped.path("messages"));
        assertThat(hasty.path("segments")).isEqualTo(shipped.path("segments"));
    }

    @Test
    void a_look_back_stays_one() throws Exception {
        var hasty = new Haste(1).of(Json.mapper().readTree("""
                {"journeys": [{"document": {"schedule": {"end": "2099-01-01T00:00"}, "limits": {"perDay": 1}, "tiles": {
                   "back": {"type": "ifThen", "timeLimit": "PT0S"},
                   "when": {"type": "waitUntil", "weekday": "monday", "next": "mail"},
                   "mail": {"type": "email", "sendWindow": {"from": "09:00"}, "expiry": "P1D"}}}}]}
                """));

        assertThat(hasty).isEqualTo(Json.mapper().readTree("""
                {"journeys": [{"document": {"tiles": {
                   "back": {"type": "ifThen", "timeLimit": "PT0S"},
                   "when": {"type": "waitFor", "duration": "PT1S", "next": "mail"},
                   "mail": {"type": "email", "expiry": "P1D"}}}}]}
                """));
    }
}
