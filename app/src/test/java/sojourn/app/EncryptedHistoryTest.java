package sojourn.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.temporal.client.WorkflowClient;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.App;
import sojourn.testing.Eventually;
import sojourn.testing.KeptPayloads;

/** The whole application with a key: what Temporal keeps of a run and of a segment, and who can read it. */
class EncryptedHistoryTest {

    @RegisterExtension
    static final App app = new App()
            .with("temporal.encryption.keys", "2026-a:" + Base64.getEncoder().encodeToString(new byte[32]));

    private WorkflowServiceStubs stubs;

    @BeforeEach
    void connect() {
        stubs = WorkflowServiceStubs.newServiceStubs(WorkflowServiceStubsOptions.newBuilder()
                .setTarget(app.temporal())
                .validateAndBuildWithDefaults());
    }

    @AfterEach
    void disconnect() {
        stubs.shutdownNow();
    }

    @Test
    void histories_of_runs_and_segments_show_nothing_and_the_codec_endpoint_reads_them() {
        app.request("POST", "/v1/segments", """
                {"key": "guests", "name": "Guests", "kind": "dynamic", "query": "PROFILE(contact)"}
                """).expect(201);
        app.request("POST", "/v1/segments/guests/go-live").expect(202);
        Eventually.holds(
                "the segment is live",
                () -> app.request("GET", "/v1/segments/guests")
                        .json()
                        .path("state")
                        .asText()
                        .equals("live"));
        app.request("POST", "/v1/journeys", """
                {"key": "lapsed", "document": {"name": "Lapsed", "audience": {"segments": ["guests"]}, "start": "wait",
                 "tiles": {"wait": {"type": "waitFor", "duration": "P5D", "next": null}}}}
                """).expect(201);
        app.request("POST", "/v1/journeys/lapsed/go-live").expect(202);
        app.request("PUT", "/v1/contacts/external:ada", "{}").expect(201);
        app.request("POST", "/v1/journeys/lapsed/enter", Map.of("contact", "external:ada"));
        Eventually.holds("she waits", () -> run("/tile").equals("wait"));
        app.request("POST", "/v1/runs/" + run("/id") + "/skip-wait", "{}").expect(200);
        var workflow = run("/workflowId");
        Eventually.holds(
                "her workflow has ended",
                () -> history(workflow).getEvents().stream()
                        .anyMatch(event -> event.hasWorkflowExecutionCompletedEventAttributes()));

        for (var history : List.of(history(workflow), history("segment/guests"))) {
            assertThat(KeptPayloads.plain(history)).isEmpty();
            assertThat(KeptPayloads.keys(history)).containsExactly("2026-a");
        }
        assertThat(new String(history(workflow).getHistory().toByteArray(), StandardCharsets.UTF_8))
                .doesNotContain("lapsed version", "5 days");
        assertThat(read(history(workflow))).contains("lapsed version 1, run 1", "5 days", "completed: completed");
    }

    /** All payloads of a history, by the endpoint. */
    private static String read(WorkflowExecutionHistory history) {
        var payloads = KeptPayloads.encrypted(history)
                .map(payload -> Map.of(
                        "metadata",
                        payload.getMetadataMap().keySet().stream()
                                .collect(Collectors.toMap(
                                        name -> name,
                                        name -> base64(
                                                payload.getMetadataOrThrow(name).toByteArray()))),
                        "data",
                        base64(payload.getData().toByteArray())))
                .toList();
        var answer = app.as("operator")
                .request("POST", "/v1/temporal/codec/decode", Map.of("payloads", payloads))
                .expect(200)
                .json();
        return answer.findValuesAsText("data").stream()
                .map(data -> new String(Base64.getDecoder().decode(data), StandardCharsets.UTF_8))
                .collect(Collectors.joining("\n"));
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }

    private static String run(String pointer) {
        return app.request("GET", "/v1/journeys/lapsed/runs?contact=external:ada")
                .expect(200)
                .json()
                .at("/items/0" + pointer)
                .asText();
    }

    private WorkflowExecutionHistory history(String workflow) {
        return WorkflowClient.newInstance(stubs).fetchHistory(workflow);
    }
}
