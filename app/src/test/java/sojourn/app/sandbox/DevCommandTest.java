package sojourn.app.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.subethamail.smtp.client.SmartClient;

/** The command as it is typed, in a process of its own that can be killed. */
class DevCommandTest {

    private static final Duration PATIENCE = Duration.ofMinutes(2);

    @TempDir
    Path temporary;

    private final List<Process> started = new ArrayList<>();
    private Path data;
    private Path output;
    private int port;

    @BeforeEach
    void choosePlace() throws IOException {
        data = temporary.resolve("data");
        output = temporary.resolve("output");
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
    }

    @AfterEach
    void endEverything() throws Exception {
        for (var process : started) {
            process.destroyForcibly().waitFor();
        }
        if (Files.exists(data)) {
            try (var directory = DataDirectory.open(data)) {
                SandboxPostgres.stopRemains(directory);
                TemporalProcess.stopRemains(directory);
            }
        }
    }

    @Test
    void after_a_kill_and_after_a_stop_everything_is_back() throws Exception {
        var killed = dev();
        var key = Files.readString(data.resolve("api-key")).strip();
        assertThat(status("/v1/api-keys", key)).isEqualTo(200);
        send("ada@example.com");
        payloadsAreReadWithoutAKey();

        killed.destroyForcibly().waitFor();

        var stopped = dev();
        assertThat(Files.readString(data.resolve("api-key")).strip()).isEqualTo(key);
        assertThat(status("/v1/api-keys", key)).isEqualTo(200);
        assertThat(get("/dev/mails?to=ada@example.com", null).body()).contains("\"to\":\"ada@example.com\"");
        assertThat(get("/dev", null).body()).contains("ada@example.com");

        stopped.destroy();
        assertThat(stopped.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
        assertThat(ProcessHandle.allProcesses()
                        .map(process -> process.info().commandLine().orElse("")))
                .noneMatch(line -> line.contains(data.toString()));
        assertThat(Files.readString(output)).contains("Stopped.");
    }

    /** As the sandbox's Temporal UI does. */
    private void payloadsAreReadWithoutAKey() throws Exception {
        var plain = "{\"payloads\":[{\"metadata\":{\"encoding\":\"anNvbi9wbGFpbg==\"},\"data\":\"MQ==\"}]}";

        var hidden = post("/dev/codec/encode", plain);
        var read = post("/dev/codec/decode", hidden.body());

        assertThat(hidden.body()).contains("encryption-key-id").doesNotContain("MQ==");
        assertThat(read.body()).isEqualTo(plain);
        assertThat(post("/v1/temporal/codec/decode", hidden.body()).statusCode())
                .isEqualTo(401);
        assertThat(statusUnderAnotherName("/dev/codec/decode", plain)).contains(" 404 ");
    }

    /** As a browser asks that was led here under a name of somebody else's. */
    private String statusUnderAnotherName(String path, String body) throws Exception {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            var request = "POST " + path + " HTTP/1.1\r\nHost: evil.example.com\r\nConnection: close\r\n"
                    + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
            socket.getOutputStream().write(request.getBytes(StandardCharsets.UTF_8));
            var answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            return answer.lines().findFirst().orElse("");
        }
    }

    private HttpResponse<String> post(String path, String body) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body));
        try (var client = HttpClient.newHttpClient()) {
            return client.send(request.build(), BodyHandlers.ofString());
        }
    }

    private Process dev() throws Exception {
        Files.deleteIfExists(output);
        var building = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        System.getProperty("java.class.path"),
                        "sojourn.app.Sojourn",
                        "dev",
                        "--data",
                        data.toString(),
                        "--port",
                        Integer.toString(port),
                        "--temporal",
                        "in-memory")
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        building.environment()
                .put("SOJOURN_TEMPORAL_KEYS", "test:" + Base64.getEncoder().encodeToString(new byte[32]));
        var process = building.start();
        started.add(process);
        var until = System.nanoTime() + PATIENCE.toNanos();
        while (!Files.readString(output).contains("Sojourn runs")) {
            assertThat(process.isAlive())
                    .as(() -> "dev ended:\n" + Programs.tail(output))
                    .isTrue();
            assertThat(System.nanoTime()).as("dev is slow").isLessThan(until);
            Thread.sleep(50);
        }
        while (get("/readyz", null).statusCode() != 200) {
            assertThat(System.nanoTime()).as("dev is not ready").isLessThan(until);
            Thread.sleep(50);
        }
        return process;
    }

    private void send(String recipient) throws Exception {
        var ports = new Properties();
        try (var in = Files.newBufferedReader(data.resolve("ports.properties"))) {
            ports.load(in);
        }
        var client =
                SmartClient.createAndConnect("127.0.0.1", Integer.parseInt(ports.getProperty("smtp")), "localhost");
        client.from("shop@example.com");
        client.to(recipient);
        client.dataStart();
        var mail = "Subject: Hello\r\n\r\nHello\r\n".getBytes(StandardCharsets.UTF_8);
        client.dataWrite(mail, mail.length);
        client.dataEnd();
        client.quit();
    }

    private int status(String path, String key) throws Exception {
        return get(path, key).statusCode();
    }

    private HttpResponse<String> get(String path, @Nullable String key) throws Exception {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path));
        if (key != null) {
            request.header("Authorization", "Bearer " + key);
        }
        try (var client = HttpClient.newHttpClient()) {
            return client.send(request.build(), BodyHandlers.ofString());
        }
    }
}
