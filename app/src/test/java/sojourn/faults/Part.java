package sojourn.faults;

import io.temporal.testserver.TestServer;
import io.temporal.testserver.TestServer.PortBoundTestServer;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import sojourn.app.sandbox.SandboxPostgres;
import sojourn.app.sandbox.TemporalProcess;
import sojourn.testing.App;

/** A process of an installation. */
interface Part extends AutoCloseable {

    String name();

    boolean alive();

    /** Starts it, also where it was before. */
    void start() throws Exception;

    /** Ends it as a power cut would. */
    void kill() throws Exception;

    @Override
    void close();

    /** Kills a process with all its children, and waits until they are gone. */
    static void kill(ProcessHandle process) throws Exception {
        var all = new ArrayList<ProcessHandle>(List.of(process));
        process.descendants().forEach(all::add);
        all.forEach(ProcessHandle::destroyForcibly);
        for (var each : all) {
            try {
                each.onExit().get(20, TimeUnit.SECONDS);
            } catch (TimeoutException stubborn) {
                throw new IllegalStateException("Process " + each.pid() + " outlives kill -9", stubborn);
            }
        }
    }

    record Postgres(SandboxPostgres postgres) implements Part {

        @Override
        public String name() {
            return "postgres";
        }

        @Override
        public boolean alive() {
            return postgres.process().isPresent();
        }

        @Override
        public void start() {
            postgres.revive();
        }

        @Override
        public void kill() throws Exception {
            Part.kill(postgres.process().orElseThrow());
        }

        @Override
        public void close() {
            postgres.close();
        }
    }

    record Temporal(TemporalProcess temporal) implements Part {

        @Override
        public String name() {
            return "temporal";
        }

        @Override
        public boolean alive() {
            return temporal.process().isAlive();
        }

        @Override
        public void start() {
            temporal.revive();
        }

        @Override
        public void kill() throws Exception {
            Part.kill(temporal.process());
        }

        @Override
        public void close() {
            temporal.close();
        }
    }

    /** Temporal in the memory of this process, as it is where there is no program; with its end it forgets everything. */
    final class Memory implements Part {

        private final int port;
        private @Nullable PortBoundTestServer server;

        Memory(int port) {
            this.port = port;
            start();
        }

        @Override
        public String name() {
            return "temporal";
        }

        @Override
        public synchronized boolean alive() {
            return server != null;
        }

        @Override
        public synchronized void start() {
            server = TestServer.createPortBoundServer(port, true);
        }

        @Override
        public void kill() {
            close();
        }

        @Override
        public synchronized void close() {
            if (server != null) {
                server.close();
                server = null;
            }
        }
    }

    /** The application itself, from the test's own class path. */
    final class Jvm implements Part {

        private final String name;
        private final String command;
        private final Map<String, String> environment;
        private final List<String> options;
        private final Path log;
        private @Nullable Process process;

        /** @param options for Java, e.g. settings that differ from {@code config.yml} */
        Jvm(String name, String command, Map<String, String> environment, List<String> options, Path log) {
            this.name = name;
            this.command = command;
            this.environment = environment;
            this.options = options;
            this.log = log;
        }

        @Override
        public String name() {
            return name;
        }

        @Override
        public synchronized boolean alive() {
            return process != null && process.isAlive();
        }

        @Override
        public synchronized void start() throws IOException {
            var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
            var line = new ArrayList<>(List.of(
                    java,
                    "-Xmx400m",
                    "-XX:TieredStopAtLevel=1",
                    "-XX:+UseSerialGC",
                    "--enable-native-access=ALL-UNNAMED",
                    "--sun-misc-unsafe-memory-access=allow",
                    "-cp",
                    System.getProperty("java.class.path")));
            line.addAll(options);
            line.addAll(List.of("sojourn.app.Sojourn", command, App.config().toString()));
            var builder = new ProcessBuilder(line)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
            builder.environment().putAll(environment);
            process = builder.start();
        }

        @Override
        public void kill() throws Exception {
            var running = process;
            if (running != null) {
                Part.kill(running.toHandle());
            }
        }

        /** Asks it to stop, as whoever runs it would. */
        @Override
        public void close() {
            var running = process;
            if (running == null) {
                return;
            }
            running.destroy();
            try {
                if (!running.waitFor(Duration.ofSeconds(30))) {
                    running.destroyForcibly();
                }
            } catch (InterruptedException hurry) {
                Thread.currentThread().interrupt();
                running.destroyForcibly();
            }
        }
    }
}
