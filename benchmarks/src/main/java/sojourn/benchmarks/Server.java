package sojourn.benchmarks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.tools.attach.AttachNotSupportedException;
import com.sun.tools.attach.VirtualMachine;
import java.io.File;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import javax.management.MBeanServerConnection;
import javax.management.remote.JMXConnectorFactory;
import javax.management.remote.JMXServiceURL;
import sojourn.app.sandbox.Sandbox;
import sojourn.app.security.ApiKeys;
import sojourn.app.security.Role;

/** The product as an operator runs it: {@code server config.yml} in its own JVM; spoken to over HTTP alone. */
final class Server implements AutoCloseable {

    private static final HttpClient HTTP =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Process process;
    private final String url;
    private final String key;

    private Server(Process process, String url, String key) {
        this.process = process;
        this.url = url;
        this.key = key;
    }

    static Server start(Sandbox sandbox, int port, String... jvmOptions) throws IOException, InterruptedException {
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow"));
        command.addAll(List.of(jvmOptions));
        command.addAll(List.of(
                "-cp", System.getProperty("java.class.path"), "sojourn.app.Sojourn", "server", config().toString()));
        var builder = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(new File("target/bench/server.log"));
        builder.environment().putAll(sandbox.variables(port));
        builder.environment().put("SOJOURN_LOG_LEVEL", "WARN");
        // One key sends as fast as it can.
        builder.environment().put("SOJOURN_REQUESTS_PER_SECOND", "0");
        var process = builder.start();
        var key = new ApiKeys(sandbox.jdbi(), InstantSource.system())
                .create("benchmarks-" + port, Role.ADMIN, null, "benchmarks");
        var server = new Server(process, "http://127.0.0.1:" + port, key.key());
        server.awaitReady();
        return server;
    }

    private static Path config() {
        var here = Path.of("config.yml");
        return Files.exists(here) ? here : Path.of("..", "config.yml");
    }

    private void awaitReady() throws InterruptedException {
        var end = System.nanoTime() + 120_000_000_000L;
        while (System.nanoTime() < end && process.isAlive()) {
            try {
                var request =
                        HttpRequest.newBuilder(URI.create(url + "/readyz")).build();
                if (HTTP.send(request, BodyHandlers.discarding()).statusCode() == 200) {
                    return;
                }
            } catch (IOException notYet) {
                // It is not listening yet.
            }
            Thread.sleep(100);
        }
        close();
        throw new IllegalStateException("The server did not get ready; see target/bench/server.log");
    }

    /** Sends JSON and gives the answer, or fails. */
    JsonNode send(String method, String path, String json) throws IOException, InterruptedException {
        return send(method, path, "application/json", BodyPublishers.ofString(json));
    }

    /** Sends newline-delimited JSON and gives the answer, or fails. */
    JsonNode stream(String path, BodyPublisher lines) throws IOException, InterruptedException {
        return send("POST", path, "application/x-ndjson", lines);
    }

    /** Sends a table and gives the answer, or fails. */
    JsonNode csv(String path, BodyPublisher table) throws IOException, InterruptedException {
        return send("POST", path, "text/csv", table);
    }

    JsonNode get(String path) throws IOException, InterruptedException {
        return send("GET", path, "application/json", BodyPublishers.noBody());
    }

    private JsonNode send(String method, String path, String type, BodyPublisher body)
            throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create(url + path))
                .header("Authorization", "Bearer " + key)
                .header("Content-Type", type)
                .method(method, body)
                .build();
        var response = HTTP.send(request, BodyHandlers.ofString());
        if (response.statusCode() >= 300) {
            throw new IOException(method + " " + path + " answered " + response.statusCode() + " " + response.body());
        }
        return JSON.readTree(response.body());
    }

    /** Megabytes in use on the heap right after a full collection. */
    @SuppressWarnings("BanJNDI") // the address is that of the process we started ourselves
    long heapAfterCollection() throws IOException {
        try {
            var machine = VirtualMachine.attach(Long.toString(process.pid()));
            try (var connector = JMXConnectorFactory.connect(new JMXServiceURL(machine.startLocalManagementAgent()))) {
                var memory = memory(connector.getMBeanServerConnection());
                memory.gc();
                return memory.getHeapMemoryUsage().getUsed() >> 20;
            } finally {
                machine.detach();
            }
        } catch (AttachNotSupportedException unsupported) {
            throw new IOException(unsupported);
        }
    }

    private static MemoryMXBean memory(MBeanServerConnection connection) throws IOException {
        return ManagementFactory.newPlatformMXBeanProxy(
                connection, ManagementFactory.MEMORY_MXBEAN_NAME, MemoryMXBean.class);
    }

    ProcessHandle process() {
        return process.toHandle();
    }

    @Override
    public void close() {
        process.destroy();
        try {
            process.waitFor();
        } catch (InterruptedException stopped) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
