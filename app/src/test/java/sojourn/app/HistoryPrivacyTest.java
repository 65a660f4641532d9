package sojourn.app;

import static org.assertj.core.api.Assertions.assertThat;

import io.temporal.api.workflow.v1.WorkflowExecutionInfo;
import io.temporal.client.WorkflowClient;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.App;
import sojourn.testing.Eventually;
import sojourn.testing.Mailbox;

/** Nothing that Temporal keeps of whole passages and evaluations says who the people are. */
class HistoryPrivacyTest {

    /** Whatever we know of her, as parts that would show whichever form they were written in. */
    private static final List<String> PERSONAL =
            List.of("adalgisa", "zwetschke", "ada.z", "crm-4711", "4930123456", "gänserndorf", "g\\u00e4nserndorf");

    private static final String CONTACT = "external:" + encoded("crm-4711/ada.z@example.com");

    private static final Mailbox mailbox = new Mailbox();

    @RegisterExtension
    static final App app = new App().with("smtp.port", String.valueOf(mailbox.port()));

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

    @AfterAll
    static void close() {
        mailbox.close();
    }

    @Test
    void histories_memos_and_attributes_have_no_personal_data() {
        app.request("POST", "/v1/segments", """
                {"key": "someone", "name": "Adalgisa's", "kind": "dynamic",
                 "query": "PROFILE(contact).FILTER(lastName == 'Zwetschke')"}
                """).expect(201);
        app.request("POST", "/v1/segments/someone/go-live").expect(202);
        app.request("POST", "/v1/messages", """
                {"key": "hello", "channel": "email", "purpose": "commercial", "from": "Shop <shop@example.com>",
                 "subject": "Hello {{ contact.firstName }}", "text": "{{ contact.lastName }}"}
                """).expect(201);
        app.request("POST", "/v1/messages/hello/go-live").expect(200);
        Eventually.holds(
                "the segment is live",
                () -> get("/v1/segments/someone", "/state").equals("live"));
        app.request("POST", "/v1/journeys", """
                {"key": "short", "document": {
                   "name": "For Adalgisa", "audience": {"segments": ["someone"]},
                   "exit": {"interactions": [{"type": "WebsiteVisited"}]},
                   "start": "hello",
                   "tiles": {
                     "hello": {"type": "email", "message": "hello", "next": "pause"},
                     "pause": {"type": "waitFor", "duration": "PT1S", "next": "who"},
                     "who": {"type": "attributeBranch", "otherwise": null, "branches": [
                       {"name": "her", "when": "firstName == 'Adalgisa'", "next": "filled"}]},
                     "filled": {"type": "ifThen", "timeLimit": "PT1S", "since": "run", "otherwise": null, "branches": [
                       {"name": "yes", "when": [{"interaction": {"type": "FormSubmitted"}}], "next": null}]}}}}
                """).expect(201);
        app.request("POST", "/v1/journeys/short/go-live").expect(202);

        app.request("PUT", "/v1/contacts/" + CONTACT, """
                {"externalId": "crm-4711/ada.z@example.com", "email": "ada.z@example.com", "firstName": "Adalgisa",
                 "lastName": "Zwetschke", "phone": "+4930123456", "address": {"city": "Gänserndorf"}}
                """).expect(201);
        var runs = "/v1/journeys/short/runs?contact=" + CONTACT;
        Eventually.holds("her run is over", () -> get(runs, "/items/0/status").equals("completed"));
        assertThat(mailbox.to("ada.z@example.com")).hasSize(1);
        assertThat(get(runs, "/items/0/path/2/tile")).isEqualTo("who");
        assertThat(get(runs, "/items/0/path/2/seen/values/firstName")).isEqualTo("Adalgisa");
        assertThat(get(runs, "/items/0/path/3/tile")).isEqualTo("filled");
        app.request("POST", "/v1/segments/someone/evaluate");
        Eventually.holds(
                "it was evaluated",
                () -> get("/v1/segments/someone", "/lastEvaluation/kind").equals("full"));

        var run = get(runs, "/items/0/workflowId");
        Eventually.holds("its workflow has ended", () -> describe(run).hasCloseTime());
        for (var workflow : List.of(run, "segment/someone")) {
            assertThat(PERSONAL).noneMatch(workflow.toLowerCase(Locale.ROOT)::contains);
            assertThat(history(workflow)).as("the history is whole").contains("WORKFLOW_EXECUTION_STARTED");
            for (var kept : List.of(
                    history(workflow), bytes(workflow), describe(workflow).toString())) {
                assertThat(kept.toLowerCase(Locale.ROOT)).doesNotContain(PERSONAL.toArray(String[]::new));
            }
        }
    }

    private WorkflowExecutionInfo describe(String workflow) {
        return client().newUntypedWorkflowStub(workflow).describe().getWorkflowExecutionInfo();
    }

    private String history(String workflow) {
        return client().fetchHistory(workflow).toJson(true);
    }

    /** Payloads are kept as the bytes they are, so that what they say shows. */
    private String bytes(String workflow) {
        return client().fetchHistory(workflow).getHistory().toByteString().toString(StandardCharsets.UTF_8);
    }

    private WorkflowClient client() {
        return WorkflowClient.newInstance(stubs);
    }

    private static String get(String path, String pointer) {
        return app.request("GET", path).expect(200).json().at(pointer).asText();
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }
}
