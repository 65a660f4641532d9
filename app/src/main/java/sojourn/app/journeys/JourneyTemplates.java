package sojourn.app.journeys;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.TreeMap;
import sojourn.app.platform.Json;

/** The templates that come with the program: bundles, by the key of their first journey. */
final class JourneyTemplates {

    private static final List<String> KEYS = List.of(
            "abandoned-cart",
            "birthday",
            "double-ab-newsletter",
            "event-invitation",
            "lead-nurture",
            "onboarding",
            "re-engagement",
            "satisfaction-survey",
            "welcome-series",
            "win-back");

    private JourneyTemplates() {}

    static NavigableMap<String, JourneyBundle> read() {
        var json = Json.mapper();
        var templates = new TreeMap<String, JourneyBundle>();
        KEYS.forEach(key -> templates.put(key, read(json, key)));
        return templates;
    }

    private static JourneyBundle read(ObjectMapper json, String key) {
        var name = "templates/" + key + ".json";
        try (var file = Objects.requireNonNull(JourneyTemplates.class.getResourceAsStream(name), name)) {
            var bundle = json.readValue(file, JourneyBundle.class);
            if (!bundle.journeys().getFirst().key().equals(key)) {
                throw new IllegalStateException("The template " + key + " has another key");
            }
            return bundle;
        } catch (IOException unreadable) {
            throw new UncheckedIOException(name, unreadable);
        }
    }
}
