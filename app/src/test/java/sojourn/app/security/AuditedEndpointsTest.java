package sojourn.app.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/**
 * Everything that changes something is in the audit log, but for what is listed here with the reason. Whoever adds an endpoint
 * decides: it notes what it does, and a test of its feature reads that, or it is written down here.
 */
class AuditedEndpointsTest {

    private static final String ASKS = "asks, and changes nothing";
    private static final String DATA = "data of contacts, which outside systems write by the million";
    private static final String RESULT = "finds contacts, and keeps whom it found for a day; adding them is kept";
    private static final String PERSON = "a contact does it, and it is an interaction of that contact";

    /** Endpoints that change nothing that matters, or nothing of the kind that is kept; with the reason. */
    private static final Map<String, String> NOT_KEPT = Map.ofEntries(
            entry("POST /v1/temporal/codec/encode", ASKS),
            entry("POST /v1/temporal/codec/decode", ASKS),
            entry("POST /v1/messages/{message}/check", ASKS),
            entry("POST /v1/messages/{message}/preview", ASKS),
            entry("POST /v1/segments/parse", ASKS),
            entry("POST /v1/segments/estimate", ASKS),
            entry("POST /v1/segments/preview", ASKS),
            entry("POST /v1/segments/flow", ASKS),
            entry("POST /v1/segments/explain", ASKS),
            entry("POST /v1/segments/{segment}/estimate", ASKS),
            entry("POST /v1/segments/{segment}/preview", ASKS),
            entry("POST /v1/segments/{segment}/edit/preview", ASKS),
            entry("POST /v1/segments/{segment}/flow", ASKS),
            entry("POST /v1/journeys/{journey}/check", ASKS),
            entry("POST /v1/segments/{segment}/members/query", RESULT),
            entry("POST /v1/relationships/{relationship}/links", DATA),
            entry("PUT /v1/relationships/{relationship}/links/{from}/{to}", DATA),
            entry("DELETE /v1/relationships/{relationship}/links/{from}/{to}", DATA),
            entry("POST /v1/profiles/{type}", DATA),
            entry("PUT /v1/profiles/{type}/{record}", DATA),
            entry("PATCH /v1/profiles/{type}/{record}", DATA),
            entry("DELETE /v1/profiles/{type}/{record}", DATA),
            entry("PUT /v1/contacts/{contact}", DATA),
            entry("PATCH /v1/contacts/{contact}", DATA),
            entry("POST /v1/interactions", DATA),
            entry("POST /v1/interactions/cloudevents", DATA),
            entry("POST /v1/track", DATA),
            entry("POST /v1/identify", DATA),
            entry("POST /v1/batch", DATA),
            entry("POST /t/u/{token}", PERSON));

    /** Endpoints that are kept, as {@code kind action}; several where it depends. */
    private static final Map<String, String> KEPT = Map.ofEntries(
            entry("POST /v1/api-keys", "api-key created"),
            entry("DELETE /v1/api-keys/{id}", "api-key revoked"),
            entry("POST /v1/api-keys/{id}/rotate", "api-key rotated"),
            entry("POST /v1/jobs/{id}/cancel", "job cancelled"),
            entry("POST /v1/messages", "message created"),
            entry("PUT /v1/messages/{message}", "message edited"),
            entry("DELETE /v1/messages/{message}", "message deleted"),
            entry("POST /v1/messages/{message}/go-live", "message live"),
            entry("POST /v1/messages/{message}/stop", "message stopped"),
            entry("POST /v1/messages/{message}/test-send", "message test-sent"),
            entry("POST /v1/profile-types", "profile-type created"),
            entry("PATCH /v1/profile-types/{key}", "profile-type changed"),
            entry("DELETE /v1/profile-types/{key}", "profile-type deleted"),
            entry("POST /v1/relationships", "relationship created"),
            entry("DELETE /v1/relationships/{key}", "relationship deleted"),
            entry("POST /v1/interaction-types", "interaction-type created"),
            entry("PATCH /v1/interaction-types/{key}", "interaction-type changed"),
            entry("POST /v1/contacts/import", "import imported"),
            entry("POST /v1/profiles/{type}/import", "import imported"),
            entry("DELETE /v1/contacts/{contact}", "contact erased"),
            entry("POST /v1/contacts/{contact}/merge", "contact merged"),
            entry("PUT /v1/contacts/{contact}/consents", "consent set, consent withdrawn"),
            entry("PUT /v1/business-units/{key}", "business-unit created, business-unit changed"),
            entry("DELETE /v1/business-units/{key}", "business-unit deleted"),
            entry("POST /v1/segments", "segment created"),
            entry("POST /v1/segments/evaluate", "segment evaluated"),
            entry("PUT /v1/segments/{segment}", "segment edited, segment renamed"),
            entry("DELETE /v1/segments/{segment}", "segment deleted"),
            entry("POST /v1/segments/{segment}/go-live", "segment live"),
            entry("POST /v1/segments/{segment}/stop", "segment stopped"),
            entry("POST /v1/segments/{segment}/edit", "segment edit-begun"),
            entry("POST /v1/segments/{segment}/save", "segment saved"),
            entry("POST /v1/segments/{segment}/discard", "segment discarded"),
            entry("POST /v1/segments/{segment}/evaluate", "segment evaluated"),
            entry("POST /v1/segments/{segment}/members", "segment members-changed"),
            entry("POST /v1/segments/{segment}/members/query/{id}/add", "segment members-changed"),
            entry("POST /v1/segments/{segment}/members/query/{id}/remove", "segment members-changed"),
            entry("POST /v1/segments/{segment}/members/import", "segment members-changed"),
            entry("PUT /v1/segments/{segment}/members/external", "segment members-changed"),
            entry("PATCH /v1/segments/{segment}/members/external", "segment members-changed"),
            entry("POST /v1/segments/from-template", "segment created"),
            entry("POST /v1/segments/import", "segment created"),
            entry("POST /v1/segments/{segment}/copy", "segment created"),
            entry("POST /v1/segments/{segment}/save-as-template", "segment-template created"),
            entry("DELETE /v1/segment-templates/{key}", "segment-template deleted"),
            entry("PUT /v1/segments/{segment}/overrides/{contact}", "segment override-set"),
            entry("DELETE /v1/segments/{segment}/overrides/{contact}", "segment override-removed"),
            entry("POST /v1/tasks/{id}/complete", "task completed"),
            entry("POST /v1/tasks/{id}/cancel", "task cancelled"),
            entry("POST /v1/journeys", "journey created"),
            entry("PUT /v1/journeys/{journey}", "journey edited"),
            entry("DELETE /v1/journeys/{journey}", "journey deleted"),
            entry("POST /v1/journeys/{journey}/go-live", "journey live"),
            entry("POST /v1/journeys/{journey}/pause", "journey paused"),
            entry("POST /v1/journeys/{journey}/resume", "journey resuming"),
            entry("POST /v1/journeys/{journey}/stop", "journey stopping"),
            entry("POST /v1/journeys/{journey}/enter", "run entered"),
            entry("POST /v1/journeys/{journey}/entries", "journey list-entered"),
            entry("POST /v1/journeys/{journey}/runs/move", "journey runs-move, run moved"),
            entry("POST /v1/journeys/{journey}/runs/skip-wait", "journey runs-skip-wait, run wait-skipped"),
            entry("POST /v1/journeys/{journey}/runs/stop", "journey runs-stop, run stopped"),
            entry("POST /v1/journeys/{journey}/runs/retry", "journey runs-retry, run retried"),
            entry("POST /v1/journeys/{journey}/copy", "journey created"),
            entry("POST /v1/journeys/import", "journey created, journey edited, segment created, message created"),
            entry("POST /v1/journey-templates/{key}/journeys", "journey created, segment created, message created"),
            entry("POST /v1/journeys/{journey}/tiles/{tile}/winner", "journey winner-named"),
            entry("POST /v1/journeys/{journey}/insights/save-as-segment", "segment created"),
            entry("POST /v1/runs/{run}/stop", "run stopped"),
            entry("POST /v1/runs/{run}/move", "run moved"),
            entry("POST /v1/runs/{run}/skip-wait", "run wait-skipped"),
            entry("POST /v1/runs/{run}/retry", "run retried"));

    @Test
    void every_endpoint_that_may_change_something_is_kept_or_says_why_not() {
        var mutating = mutating();

        var undecided = new TreeSet<>(mutating);
        undecided.removeAll(KEPT.keySet());
        undecided.removeAll(NOT_KEPT.keySet());
        assertThat(undecided)
                .as("Note what these do with AuditLog and list them under KEPT, or say under NOT_KEPT why not")
                .isEmpty();
        var gone = new TreeSet<>(KEPT.keySet());
        gone.addAll(NOT_KEPT.keySet());
        gone.removeAll(mutating);
        assertThat(gone).as("No such endpoints any more").isEmpty();
        assertThat(KEPT.keySet()).doesNotContainAnyElementsOf(NOT_KEPT.keySet());
    }

    @Test
    void every_action_is_in_the_documentation() throws IOException {
        var documented = documented();

        KEPT.values().stream().flatMap(all -> Arrays.stream(all.split(", "))).forEach(each -> {
            var words = each.split(" ");
            assertThat(documented.getOrDefault(words[0], "")).as(each).contains("`" + words[1] + "`");
        });
    }

    /** The actions of each kind as docs/api.md has them. */
    private static Map<String, String> documented() throws IOException {
        var here = Path.of("docs", "api.md");
        var text = Files.readString(Files.exists(here) ? here : Path.of("..").resolve(here));
        var section = text.substring(text.indexOf("### Who did what"), text.indexOf("## When something is wrong"));
        var documented = new HashMap<String, String>();
        section.lines().filter(line -> line.startsWith("| `")).forEach(line -> {
            var cells = line.split("\\|");
            documented.put(cells[1].strip().replace("`", ""), cells[3]);
        });
        return documented;
    }

    private static Set<String> mutating() {
        try (InputStream in = AuditedEndpointsTest.class.getResourceAsStream("endpoints.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .map(line -> line.strip().split("\\s+"))
                    .filter(words -> Set.of("POST", "PUT", "PATCH", "DELETE").contains(words[0]))
                    .map(words -> words[0] + " " + words[1])
                    .collect(Collectors.toCollection(TreeSet::new));
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
