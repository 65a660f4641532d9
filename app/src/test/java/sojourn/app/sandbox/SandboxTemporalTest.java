package sojourn.app.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.net.httpserver.HttpServer;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.workflowservice.v1.GetSystemInfoRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.common.SearchAttributeKey;
import io.temporal.common.SearchAttributes;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxTemporalTest {

    @TempDir
    Path temporary;

    @Test
    void workflows_outlast_a_kill_and_a_restart_of_the_development_server() throws Exception {
        var program = TemporalProgram.find();
        assumeTrue(program.isPresent(), "the program `temporal` is not on this machine");
        try (var directory = DataDirectory.open(temporary)) {
            String address;
            try (var temporal = TemporalProcess.start(directory, program.get())) {
                address = temporal.address();
                startWorkflow(address);

                temporal.process().destroyForcibly();
                temporal.process().onExit().get(10, TimeUnit.SECONDS);
                temporal.revive();

                assertThat(status(address)).isEqualTo(WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING);
            }

            var left = TemporalProcess.start(directory, program.get());
            try (var temporal = TemporalProcess.start(directory, program.get())) {
                assertThat(left.process().isAlive()).isFalse();
                assertThat(temporal.address()).isEqualTo(address);
                assertThat(status(address)).isEqualTo(WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_RUNNING);
            }
        }
    }

    @Test
    void the_one_in_memory_needs_nothing_and_has_no_ui() throws Exception {
        try (var directory = DataDirectory.open(temporary);
                var temporal = SandboxTemporal.start(directory, SandboxTemporal.Choice.IN_MEMORY, _ -> {})) {
            assertThat(temporal.uiUrl()).isEmpty();
            assertThat(WorkflowServiceStubs.newServiceStubs(options(temporal.address()))
                            .blockingStub()
                            .getSystemInfo(GetSystemInfoRequest.getDefaultInstance()))
                    .isNotNull();
        }
    }

    @Test
    void the_program_is_taken_from_the_archive_that_is_offered() throws Exception {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/archive", exchange -> {
            var body = archive();
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
        server.createContext("/cli", exchange -> {
            exchange.getResponseHeaders().set("Location", "/archive");
            exchange.sendResponseHeaders(302, -1);
            exchange.close();
        });
        server.start();
        var target = temporary.resolve("bin/temporal");
        try {
            var base = "http://127.0.0.1:" + server.getAddress().getPort();

            assertThat(TemporalProgram.download(URI.create(base + "/nothing"), target))
                    .isEmpty();
            assertThat(TemporalProgram.download(URI.create(base + "/cli"), target))
                    .contains(target);
        } finally {
            server.stop(0);
        }

        assertThat(target).hasContent("program").isExecutable();
        try (var files = Files.list(target.getParent())) {
            assertThat(files).containsExactly(target);
        }
    }

    private static byte[] archive() throws IOException {
        var bytes = new ByteArrayOutputStream();
        try (var tar = new TarArchiveOutputStream(new GZIPOutputStream(bytes))) {
            for (var name : new String[] {"LICENSE", "temporal"}) {
                var content = (name.equals("temporal") ? "program" : "text").getBytes(StandardCharsets.UTF_8);
                var entry = new TarArchiveEntry(name);
                entry.setSize(content.length);
                tar.putArchiveEntry(entry);
                tar.write(content);
                tar.closeArchiveEntry();
            }
        }
        return bytes.toByteArray();
    }

    /** One that nobody works on, found by what the product would look for. */
    private static void startWorkflow(String address) {
        var stubs = WorkflowServiceStubs.newServiceStubs(options(address));
        WorkflowClient.newInstance(stubs)
                .newUntypedWorkflowStub(
                        "Waiting",
                        WorkflowOptions.newBuilder()
                                .setTaskQueue("nobody")
                                .setWorkflowId("kept")
                                .setTypedSearchAttributes(SearchAttributes.newBuilder()
                                        .set(SearchAttributeKey.forKeyword("JourneyId"), "win-back")
                                        .set(SearchAttributeKey.forLong("JourneyVersion"), 1L)
                                        .build())
                                .build())
                .start();
        stubs.shutdownNow();
    }

    private static WorkflowExecutionStatus status(String address) {
        var stubs = WorkflowServiceStubs.newServiceStubs(options(address));
        try {
            return WorkflowClient.newInstance(stubs)
                    .newUntypedWorkflowStub("kept")
                    .describe()
                    .getStatus();
        } finally {
            stubs.shutdownNow();
        }
    }

    private static WorkflowServiceStubsOptions options(String address) {
        return WorkflowServiceStubsOptions.newBuilder().setTarget(address).validateAndBuildWithDefaults();
    }
}
