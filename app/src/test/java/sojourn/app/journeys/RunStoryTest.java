package sojourn.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import io.temporal.api.enums.v1.EventType;
import io.temporal.api.sdk.v1.WorkflowMetadata;
import io.temporal.common.converter.DefaultDataConverter;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.Database;
import sojourn.workflows.journeys.Next;

/** What operators read of a run in the Temporal UI, which comes from what the database knows of its path. */
class RunStoryTest {

    @RegisterExtension
    final Database database = new Database();

    private JourneyWorld world;
    private Journey journey;
    private long ada;

    @BeforeEach
    void goLive() {
        world = new JourneyWorld(database.jdbi(), database.jdbi());
        var lapsed = world.segment("lapsed");
        world.message("we-miss-you");
        journey = world.live("win-back", """
                {"audience": {"segments": ["lapsed"]}, "start": "remind", "tiles": {
                   "remind": {"type": "email", "message": "we-miss-you", "next": "wait"},
                   "wait": {"type": "waitFor", "duration": "P5D", "next": "opened"},
                   "opened": {"type": "ifThen", "timeLimit": "P1D", "otherwise": "nudge", "branches": [
                     {"name": "yes", "when": [{"interaction": {"type": "WebsiteVisited"}}], "next": null}]},
                   "nudge": {"type": "end", "outcome": "nothing helped"}}}
                """);
        ada = world.contact("ada");
        world.joins(ada, lapsed);
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void the_page_of_a_run_tells_its_path_from_its_rows() throws Exception {
        world.pass(Duration.ofHours(1));
        var sent = left("remind");
        assertThat(page())
                .startsWith("**wait: wait 5 days**, until ")
                .contains("\n\nThen: opened\n\n")
                .endsWith("So far:\n\n- remind: sent, " + sent);

        world.pass(Duration.ofDays(5));
        assertThat(page())
                .startsWith("**opened: ")
                .containsAnyOf("Then: the end or nudge", "Then: nudge or the end")
                .endsWith("- remind: sent, " + sent + "\n- wait: waited, " + left("wait"));

        world.does(ada, "WebsiteVisited", Map.of());
        world.pass(Duration.ofHours(1));
        assertThat(page())
                .startsWith("**completed")
                .doesNotContain("Then:")
                .endsWith("- opened: yes (" + why("opened") + "), " + left("opened"));
        assertThat(why("opened")).contains("WebsiteVisited");
    }

    @Test
    void a_signal_says_what_woke_the_run() throws Exception {
        world.pass(Duration.ofDays(5));
        world.pass(Duration.ofHours(1));
        world.does(ada, "WebsiteVisited", Map.of());
        world.pass(Duration.ofHours(1));

        assertThat(signals()).contains("WebsiteVisited");
    }

    @Test
    void a_step_whose_answer_was_lost_tells_the_same_again() throws Exception {
        world.pass(Duration.ofHours(1));
        var run = world.onlyRun(journey);

        var told = world.advance.advance(run.id(), 2, run.until());
        assertThat(path(told)).singleElement().asString().startsWith("wait: waited, ");
        assertThat(world.advance.advance(run.id(), 2, run.until())).isEqualTo(told);

        world.does(ada, "WebsiteVisited", Map.of());
        var end = world.advance.advance(run.id(), 3, null);
        assertThat(path(end)).singleElement().asString().startsWith("opened: yes (");
        assertThat(world.advance.advance(run.id(), 3, null)).isEqualTo(end);
    }

    private static List<String> path(Next told) {
        return ((Next.Explained) told).path();
    }

    private String page() {
        return world.temporal
                .client()
                .newUntypedWorkflowStub(world.onlyRun(journey).workflowId())
                .query("__temporal_workflow_metadata", WorkflowMetadata.class)
                .getCurrentDetails();
    }

    private List<String> signals() {
        return world.temporal.client().fetchHistory(world.onlyRun(journey).workflowId()).getEvents().stream()
                .filter(event -> event.getEventType() == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED)
                .map(event -> DefaultDataConverter.STANDARD_INSTANCE.fromPayloads(
                        0,
                        Optional.of(event.getWorkflowExecutionSignaledEventAttributes()
                                .getInput()),
                        String.class,
                        String.class))
                .toList();
    }

    private String left(String tile) {
        return read("to_char(left_at at time zone 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')", tile);
    }

    private String why(String tile) {
        return read("why #>> '{}'", tile);
    }

    private String read(String what, String tile) {
        return database.jdbi()
                .withHandle(handle -> handle.select("select " + what + " from tile_visit where tile = ?", tile)
                        .mapTo(String.class)
                        .one());
    }
}
