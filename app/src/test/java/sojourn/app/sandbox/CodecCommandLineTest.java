package sojourn.app.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.temporal.client.WorkflowClient;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import sojourn.app.security.ApiKeys;
import sojourn.app.security.Role;
import sojourn.testing.App;
import sojourn.testing.KeptPayloads;

/** Temporal's own command line with the codec endpoint, on a real Temporal. */
class CodecCommandLineTest {

    @RegisterExtension
    static final App app = new App()
            .with("temporal.encryption.keys", "a:" + Base64.getEncoder().encodeToString(new byte[32]));

    @TempDir
    Path temporary;

    @Test
    void operators_start_workflows_with_it_that_only_they_can_read() throws Exception {
        var program = TemporalProgram.find();
        assumeTrue(program.isPresent(), "the program `temporal` is not on this machine");
        var key = new ApiKeys(app.jdbi(), Instant::now).create("operator", Role.OPERATOR, null, "test");
        var codec =
                List.of("--codec-endpoint", app.url() + "/v1/temporal/codec", "--codec-auth", "Bearer " + key.key());
        try (var directory = DataDirectory.open(temporary);
                var server = TemporalProcess.start(directory, program.get())) {
            var command =
                    List.of(program.get().toString(), "workflow", "--address", server.address(), "--workflow-id", "w");

            run(command, List.of("start", "--type", "X", "--task-queue", "nobody", "--input", "\"win-back\""), codec);

            var stubs = WorkflowServiceStubs.newServiceStubs(WorkflowServiceStubsOptions.newBuilder()
                    .setTarget(server.address())
                    .validateAndBuildWithDefaults());
            var history = WorkflowClient.newInstance(stubs).fetchHistory("w");
            stubs.shutdownNow();
            assertThat(KeptPayloads.plain(history)).isEmpty();
            assertThat(KeptPayloads.keys(history)).containsExactly("a");
            var show = List.of("show", "--output", "json");
            assertThat(run(command, show, codec)).contains(base64("\"win-back\""));
            assertThat(run(command, show, List.of()))
                    .doesNotContain(base64("\"win-back\""))
                    .contains("encryption-key-id");
        }
    }

    private static String base64(String text) {
        return Base64.getEncoder().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }

    /** What a command of three parts, the first two words of which name it, has said. */
    private static String run(List<String> command, List<String> verb, List<String> codec) throws Exception {
        var words = new ArrayList<>(command.subList(0, 2));
        words.addAll(verb);
        words.addAll(command.subList(2, command.size()));
        words.addAll(codec);
        var process = new ProcessBuilder(words).redirectErrorStream(true).start();
        var said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(said).isZero();
        return said;
    }
}
