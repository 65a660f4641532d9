package sojourn.app.sandbox;

import io.temporal.testserver.TestServer;
import io.temporal.testserver.TestServer.PortBoundTestServer;
import java.io.Closeable;
import java.util.Optional;
import java.util.function.Consumer;

/** The Temporal of a sandbox. */
public sealed interface SandboxTemporal extends Closeable permits SandboxTemporal.InMemory, TemporalProcess {

    /** Which Temporal is wanted: the best there is, the real development server or nothing, or the one in memory. */
    enum Choice {
        AUTO,
        DEV,
        IN_MEMORY
    }

    /** Starts what is wanted. */
    static SandboxTemporal start(DataDirectory directory, Choice choice, Consumer<String> terminal) {
        if (choice == Choice.IN_MEMORY) {
            return InMemory.start(directory);
        }
        var program = TemporalProgram.findOrDownload(terminal);
        if (program.isPresent()) {
            return TemporalProcess.start(directory, program.get());
        }
        if (choice == Choice.DEV) {
            throw new SandboxException(
                    "The program `temporal` is neither on the PATH nor named by TEMPORAL_CLI_PATH and"
                            + " cannot be downloaded. Install it, or use --temporal in-memory.");
        }
        return InMemory.start(directory);
    }

    /** Host and port. */
    String address();

    /** Where a person reads workflows. */
    Optional<String> uiUrl();

    /** Starts it again where it has died. */
    void revive();

    @Override
    void close();

    /** Forgets everything when it ends; there is no page to look at. Runs are rebuilt from PostgreSQL. */
    record InMemory(String address, PortBoundTestServer server) implements SandboxTemporal {

        static InMemory start(DataDirectory directory) {
            TemporalProcess.stopRemains(directory);
            var port = directory.port("temporal", 7233);
            try {
                return onPort(port);
            } catch (RuntimeException takenMeanwhile) {
                // Another program was quicker after the port had been seen free.
                return onPort(directory.port("temporal", 7233, port));
            }
        }

        private static InMemory onPort(int port) {
            return new InMemory("127.0.0.1:" + port, TestServer.createPortBoundServer(port, true));
        }

        @Override
        public Optional<String> uiUrl() {
            return Optional.empty();
        }

        /** It is a part of this process and lives as long. */
        @Override
        public void revive() {}

        @Override
        public void close() {
            server.close();
        }
    }
}
