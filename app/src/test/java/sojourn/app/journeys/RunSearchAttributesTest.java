package sojourn.app.journeys;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.grpc.StatusRuntimeException;
import io.temporal.client.WorkflowClient;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.io.IOException;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import sojourn.app.platform.Temporal;

class RunSearchAttributesTest {

    @Test
    void a_temporal_that_is_down_has_not_refused_them_and_is_asked_again() throws IOException {
        int closed;
        try (var socket = new ServerSocket(0)) {
            closed = socket.getLocalPort();
        }
        var stubs = WorkflowServiceStubs.newServiceStubs(WorkflowServiceStubsOptions.newBuilder()
                .setTarget("127.0.0.1:" + closed)
                .build());
        try {
            var attributes = new RunSearchAttributes(
                    new Temporal(WorkflowClient.newInstance(stubs), null, false, Duration.ZERO));
            var due = new RunStarter.Due(new UUID(0, 1), new UUID(0, 2), "win-back", 1, 1, null);

            for (var tries = 0; tries < 2; tries++) {
                assertThatThrownBy(() -> attributes.of(due)).isInstanceOf(StatusRuntimeException.class);
            }
        } finally {
            stubs.shutdownNow();
        }
    }
}
