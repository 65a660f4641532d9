package sojourn.app.sandbox;

import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sojourn.app.platform.JdbiPlugins;
import sojourn.app.platform.Json;
import sojourn.app.platform.Loop;

/**
 * PostgreSQL, Temporal and a mail catcher on one directory, running. One of them that dies is started again. Ended in
 * any way and opened again it is what it was, but for the in-memory Temporal, whose runs the application rebuilds.
 */
public final class Sandbox implements Closeable {

    private static final Logger log = LoggerFactory.getLogger(Sandbox.class);

    private final DataDirectory directory;
    private final SandboxPostgres postgres;
    private final SandboxTemporal temporal;
    private final MailCatcher mails;
    private final Deque<Closeable> parts;

    private Sandbox(
            DataDirectory directory,
            SandboxPostgres postgres,
            SandboxTemporal temporal,
            MailCatcher mails,
            Deque<Closeable> parts) {
        this.directory = directory;
        this.postgres = postgres;
        this.temporal = temporal;
        this.mails = mails;
        this.parts = parts;
    }

    /**
     * Starts everything, or nothing stays.
     *
     * @param terminal is told what takes long
     */
    public static Sandbox open(
            Path path, SandboxTemporal.Choice choice, InstantSource clock, Consumer<String> terminal) {
        var parts = new ArrayDeque<Closeable>();
        try {
            var directory = DataDirectory.open(path);
            parts.push(directory);
            var postgres = SandboxPostgres.start(directory);
            parts.push(postgres);
            var temporal = SandboxTemporal.start(directory, choice, terminal);
            parts.push(temporal);
            var mails = MailCatcher.start(directory, clock);
            parts.push(mails);
            var nurse = new Loop("sandbox", Duration.ofSeconds(1), () -> {
                postgres.revive();
                temporal.revive();
                return false;
            });
            nurse.start();
            parts.push(() -> stop(nurse));
            return new Sandbox(directory, postgres, temporal, mails, parts);
        } catch (RuntimeException failure) {
            close(parts);
            throw failure;
        }
    }

    /** Deletes everything that a sandbox keeps in a directory on which none is running. */
    public static void forget(Path path) {
        if (!Files.exists(path)) {
            return;
        }
        try (var directory = DataDirectory.open(path)) {
            SandboxPostgres.stopRemains(directory);
            TemporalProcess.stopRemains(directory);
            directory.empty();
        } catch (IOException failure) {
            throw new SandboxException("What is in " + path + " cannot be deleted: " + failure, failure);
        }
    }

    public DataDirectory directory() {
        return directory;
    }

    public SandboxPostgres postgres() {
        return postgres;
    }

    public SandboxTemporal temporal() {
        return temporal;
    }

    public MailCatcher mails() {
        return mails;
    }

    /** A connection of its own to the application's database. */
    public Jdbi jdbi() {
        return JdbiPlugins.install(Jdbi.create(postgres.url(), postgres.user(), postgres.password()), Json.mapper());
    }

    /** What {@code config.yml} is to be filled with, to run on this sandbox and answer on this port. */
    public Map<String, String> variables(int port) {
        var variables = new LinkedHashMap<String, String>();
        variables.put("SOJOURN_HOST", "127.0.0.1");
        variables.put("SOJOURN_PORT", Integer.toString(port));
        variables.put("SOJOURN_ADMIN_HOST", "127.0.0.1");
        variables.put("SOJOURN_ADMIN_PORT", Integer.toString(directory.port("admin", port + 1, port)));
        variables.put("SOJOURN_URL", "http://127.0.0.1:" + port);
        variables.put("SOJOURN_DATABASE_URL", postgres.url());
        variables.put("SOJOURN_DATABASE_USER", postgres.user());
        variables.put("SOJOURN_DATABASE_PASSWORD", postgres.password());
        variables.put("TEMPORAL_ADDRESS", temporal.address());
        variables.put("TEMPORAL_NAMESPACE", "default");
        variables.put("SOJOURN_TEMPORAL_UI", temporal.uiUrl().orElse(""));
        variables.put("SOJOURN_SMTP_HOST", "127.0.0.1");
        variables.put("SOJOURN_SMTP_PORT", Integer.toString(mails.port()));
        variables.put("SOJOURN_SMTP_TLS", "none");
        return variables;
    }

    /** Ends everything, in the order opposite to the start. Harmless when done already. */
    @Override
    public synchronized void close() {
        close(parts);
    }

    private static void stop(Loop loop) throws IOException {
        try {
            loop.stop();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException(interrupted);
        }
    }

    private static void close(Deque<Closeable> parts) {
        while (!parts.isEmpty()) {
            var part = parts.pop();
            try {
                part.close();
            } catch (Exception failure) {
                log.warn("{} did not end well: {}", part.getClass().getSimpleName(), failure.toString());
            }
        }
    }
}
