package sojourn.faults;

import ch.qos.logback.classic.Level;
import io.dropwizard.logging.common.BootstrapLogging;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.platform.JdbiPlugins;
import sojourn.app.platform.Json;
import sojourn.app.sandbox.DataDirectory;
import sojourn.app.sandbox.SandboxPostgres;
import sojourn.app.sandbox.TemporalProcess;
import sojourn.app.security.ApiKeys;
import sojourn.app.security.Role;
import sojourn.testing.Mailbox;

/**
 * A whole installation as somebody would run it: PostgreSQL, Temporal, servers and workers, each a process of its own
 * that is started again whenever it has died, unless it is held down. Only the mail server lives here and never dies.
 */
final class Installation implements AutoCloseable {

    private static final Duration LOOK = Duration.ofMillis(100);

    static {
        BootstrapLogging.bootstrap(Level.WARN);
    }

    final Mailbox mailbox = new Mailbox();
    private final Deque<Closeable> closing = new ArrayDeque<>();
    private final Map<String, Part> parts = new LinkedHashMap<>();
    private final Set<String> held = ConcurrentHashMap.newKeySet();
    private final List<Thread> supervisors = new ArrayList<>();
    private final List<String> urls = new ArrayList<>();
    private final Path root;
    private final SandboxPostgres postgres;
    private final String temporalAddress;
    private final List<String> options;
    private final Thread onExit = new Thread(this::end);
    private volatile boolean stopping;

    Installation(Path root, Path temporalProgram, int servers, int workers) {
        this(root, Optional.of(temporalProgram), servers, workers, List.of());
    }

    /**
     * Starts everything.
     *
     * @param temporalProgram without it Temporal is in memory, and dies with whichever server or worker is killed
     * @param options for the Java of servers and workers
     */
    Installation(Path root, Optional<Path> temporalProgram, int servers, int workers, List<String> options) {
        this.root = root;
        this.options = options;
        Runtime.getRuntime().addShutdownHook(onExit);
        try {
            var directory = DataDirectory.open(root.resolve("data"));
            closing.push(directory);
            closing.push(mailbox::close);
            postgres = SandboxPostgres.start(directory);
            add(new Part.Postgres(postgres));
            if (temporalProgram.isPresent()) {
                var temporal = TemporalProcess.start(directory, temporalProgram.get());
                add(new Part.Temporal(temporal));
                temporalAddress = temporal.address();
            } else {
                var port = freePort();
                add(new Part.Memory(port));
                temporalAddress = "127.0.0.1:" + port;
            }
            for (var number = 1; number <= servers; number++) {
                var port = freePort();
                urls.add("http://127.0.0.1:" + port);
                add(jvm("server-" + number, "server", Map.of("SOJOURN_PORT", port + "", "SOJOURN_WORKERS", "false")));
            }
            for (var number = 1; number <= workers; number++) {
                add(jvm("worker-" + number, "worker", Map.of()));
            }
        } catch (IOException | RuntimeException failure) {
            end();
            throw new IllegalStateException("The installation does not start", failure);
        }
    }

    private void add(Part part) {
        parts.put(part.name(), part);
        closing.push(part::close);
        supervisors.add(Thread.ofVirtual().name("supervisor-" + part.name()).start(() -> supervise(part)));
    }

    private Part jvm(String name, String command, Map<String, String> more) throws IOException {
        var environment = new LinkedHashMap<>(Map.of(
                "SOJOURN_DATABASE_URL",
                postgres.url() + "?ApplicationName=" + name,
                "SOJOURN_DATABASE_USER",
                postgres.user(),
                "SOJOURN_DATABASE_PASSWORD",
                postgres.password(),
                "TEMPORAL_ADDRESS",
                temporalAddress,
                "TEMPORAL_NAMESPACE",
                "default",
                "SOJOURN_SMTP_HOST",
                "127.0.0.1",
                "SOJOURN_SMTP_PORT",
                mailbox.port() + "",
                "SOJOURN_SMTP_TLS",
                "none",
                "SOJOURN_ADMIN_PORT",
                freePort() + ""));
        environment.putAll(Map.of(
                "SOJOURN_TEXT_SENDER", "log", "SOJOURN_PUSH_SENDER", "log", "SOJOURN_WEBHOOK_ALLOWED", "127.0.0.1"));
        environment.putAll(more);
        return new Part.Jvm(name, command, environment, options, root.resolve(name + ".log"));
    }

    private void supervise(Part part) {
        while (!stopping) {
            try {
                if (!held.contains(part.name()) && !part.alive()) {
                    part.start();
                }
                Thread.sleep(LOOK);
            } catch (InterruptedException stopped) {
                return;
            } catch (Exception notYet) {
                System.out.println("faults: " + part.name() + " is not up yet: " + notYet);
            }
        }
    }

    Set<String> parts() {
        return parts.keySet();
    }

    /** Kills a part with -9 and keeps it down until released. */
    void kill(String part) throws Exception {
        held.add(part);
        var victim = part(part);
        if (victim.alive()) {
            victim.kill();
        }
        if (victim instanceof Part.Jvm && parts.get("temporal") instanceof Part.Memory memory) {
            memory.kill();
        }
    }

    void release(String part) {
        held.remove(part);
    }

    private Part part(String name) {
        var part = parts.get(name);
        if (part == null) {
            throw new IllegalArgumentException("There is no " + name + " among " + parts.keySet());
        }
        return part;
    }

    List<String> urls() {
        return urls;
    }

    String temporalAddress() {
        return temporalAddress;
    }

    /** A view of the database that opens a connection for each use. */
    Jdbi jdbi() {
        return JdbiPlugins.install(Jdbi.create(postgres.url(), postgres.user(), postgres.password()), Json.mapper());
    }

    String key() {
        return new ApiKeys(jdbi(), InstantSource.system())
                .create("faults", Role.ADMIN, null, "test")
                .key();
    }

    Path log(String part) {
        return root.resolve(part + ".log");
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    @Override
    public void close() {
        Runtime.getRuntime().removeShutdownHook(onExit);
        end();
    }

    private synchronized void end() {
        stopping = true;
        for (var supervisor : supervisors) {
            try {
                supervisor.join();
            } catch (InterruptedException hurry) {
                Thread.currentThread().interrupt();
            }
        }
        while (!closing.isEmpty()) {
            var each = closing.pop();
            try {
                each.close();
            } catch (IOException | RuntimeException failure) {
                System.out.println("faults: something does not end well: " + failure);
            }
        }
    }
}
