package sojourn.app.sandbox;

import com.sun.management.OperatingSystemMXBean;
import java.io.Closeable;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A PostgreSQL of our own that loses nothing: it keeps its data in a directory, answers on loopback to one password, and
 * after whatever ended us the last time its remains are ended first.
 */
public final class SandboxPostgres implements Closeable {

    private static final Logger log = LoggerFactory.getLogger(SandboxPostgres.class);
    private static final String NAME = "sojourn";
    private static final Duration RECOVERY = Duration.ofMinutes(5);

    private final Path programs;
    private final Path data;
    private final Path logFile;
    private final int port;
    private final String password;

    private SandboxPostgres(Path programs, Path data, Path logFile, int port, String password) {
        this.programs = programs;
        this.data = data;
        this.logFile = logFile;
        this.port = port;
        this.password = password;
    }

    /** Starts the PostgreSQL whose data is in {@code postgres/}, and makes it the first time. */
    public static SandboxPostgres start(DataDirectory directory) {
        var programs = PostgresPrograms.unpacked(Programs.cache());
        var data = directory.resolve("postgres");
        var logFile = directory.resolve("postgres.log");
        var password = directory.secret("postgres-password");
        stopRemains(directory);
        for (var attempt = 1; ; attempt++) {
            var port = directory.port("postgres", 5433);
            var postgres = new SandboxPostgres(programs, data, logFile, port, password);
            postgres.create();
            try {
                postgres.start();
            } catch (SandboxException failure) {
                if (attempt == DataDirectory.PORT_ATTEMPTS || DataDirectory.isFree(port)) {
                    throw failure;
                }
                // Another program was quicker after the port had been seen free: the next attempt takes another.
                continue;
            }
            postgres.createDatabase();
            return postgres;
        }
    }

    public String url() {
        return url(NAME);
    }

    private String url(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
    }

    public String user() {
        return NAME;
    }

    public String password() {
        return password;
    }

    public int port() {
        return port;
    }

    /** The process that all others of this PostgreSQL are children of. */
    public Optional<ProcessHandle> process() {
        return running(data);
    }

    /** Makes the data directory beside its place and moves it there, so that half a directory is never found. */
    private void create() {
        if (Files.exists(data.resolve("PG_VERSION"))) {
            return;
        }
        var making = data.resolveSibling("postgres.new");
        try {
            PostgresPrograms.deleteTree(making);
            var passwordFile = data.resolveSibling("postgres-password");
            Programs.run(
                    command(
                            "initdb",
                            "--pgdata=" + making,
                            "--username=" + NAME,
                            "--pwfile=" + passwordFile,
                            "--auth=scram-sha-256",
                            "--encoding=UTF8",
                            "--locale-provider=builtin",
                            "--builtin-locale=C.UTF-8",
                            "--locale=C",
                            "--data-checksums"),
                    Duration.ofMinutes(2));
            Files.move(making, data);
        } catch (IOException failure) {
            throw new SandboxException("PostgreSQL's data cannot be made in " + data + ": " + failure, failure);
        }
    }

    private void start() {
        try {
            Programs.run(
                    command(
                            "pg_ctl",
                            "start",
                            "--pgdata=" + data,
                            "--log=" + logFile,
                            "--wait",
                            "--timeout=" + RECOVERY.toSeconds(),
                            "--options=" + options()),
                    RECOVERY.plusSeconds(10));
        } catch (SandboxException failure) {
            throw new SandboxException(
                    "PostgreSQL does not start; " + logFile + " ends with\n  " + Programs.tail(logFile), failure);
        }
    }

    /** Starts it again where it has died. */
    public void revive() {
        if (running(data).isEmpty()) {
            log.warn("PostgreSQL has died and is started again");
            deletePidFile(data);
            start();
        }
    }

    /** Durable first; sized for a machine that does other things as well. */
    private String options() {
        var memory =
                ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class).getTotalMemorySize() >> 20;
        var settings = new LinkedHashMap<String, String>();
        settings.put("port", Integer.toString(port));
        settings.put("listen_addresses", "127.0.0.1");
        settings.put("unix_socket_directories", "");
        settings.put("fsync", "on");
        settings.put("synchronous_commit", "on");
        settings.put("full_page_writes", "on");
        // Taken only as far as the data goes: what is often written at random must not have to be read first.
        settings.put("shared_buffers", Math.clamp(memory / 4, 128, 16_384) + "MB");
        settings.put("effective_cache_size", Math.max(memory / 2, 256) + "MB");
        settings.put("work_mem", Math.clamp(memory / 256, 8, 64) + "MB");
        settings.put("maintenance_work_mem", Math.clamp(memory / 32, 64, 512) + "MB");
        settings.put("max_connections", "200");
        settings.put("max_wal_size", "4GB");
        settings.put("checkpoint_timeout", "15min");
        settings.put("wal_compression", "off");
        settings.put("random_page_cost", "1.1");
        settings.put("log_checkpoints", "off");
        return settings.entrySet().stream()
                .map(setting -> "-c " + setting.getKey() + "=" + setting.getValue())
                .collect(Collectors.joining(" "));
    }

    private void createDatabase() {
        Jdbi.create(url("postgres"), NAME, password).useHandle(handle -> {
            var there = handle.createQuery("select exists(select from pg_database where datname = :name)")
                    .bind("name", NAME)
                    .mapTo(Boolean.class)
                    .one();
            if (!there) {
                handle.execute("create database " + NAME);
            }
        });
    }

    /** Ends a PostgreSQL that outlived the process that had started it. */
    static void stopRemains(DataDirectory directory) {
        var data = directory.resolve("postgres");
        if (!Files.exists(data.resolve("postmaster.pid"))) {
            return;
        }
        if (running(data).isPresent()) {
            log.info("ending the PostgreSQL that an earlier run left behind");
            stop(PostgresPrograms.unpacked(Programs.cache()), data);
        } else {
            deletePidFile(data);
        }
    }

    /** The pid in the file may by now be another's, so the process must also be a PostgreSQL on this directory. */
    private static Optional<ProcessHandle> running(Path data) {
        try (var lines = Files.lines(data.resolve("postmaster.pid"))) {
            return lines.findFirst()
                    .flatMap(pid -> ProcessHandle.of(Long.parseLong(pid.strip())))
                    .filter(process -> process.info()
                            .commandLine()
                            .filter(line -> line.contains("postgres") && line.contains(data.toString()))
                            .isPresent());
        } catch (IOException | NumberFormatException noneOrHalfWritten) {
            return Optional.empty();
        }
    }

    private static void deletePidFile(Path data) {
        try {
            Files.deleteIfExists(data.resolve("postmaster.pid"));
        } catch (IOException failure) {
            throw new SandboxException("A stale postmaster.pid cannot be deleted: " + failure, failure);
        }
    }

    private static void stop(Path programs, Path data) {
        Programs.run(
                command(programs, "pg_ctl", "stop", "--pgdata=" + data, "--mode=fast", "--wait", "--timeout=120"),
                Duration.ofSeconds(130));
    }

    private List<String> command(String program, String... arguments) {
        return command(programs, program, arguments);
    }

    /** PostgreSQL refuses to run as root; in a user namespace of its own root is nobody. */
    private static List<String> command(Path programs, String program, String... arguments) {
        var all = new ArrayList<String>();
        if ("root".equals(System.getProperty("user.name"))) {
            all.addAll(List.of("unshare", "-U"));
        }
        all.add(programs.resolve("bin").resolve(program).toString());
        Stream.of(arguments).forEach(all::add);
        return all;
    }

    /** Lets transactions be rolled back and writes a checkpoint, so that the next start is quick. */
    @Override
    public void close() {
        if (running(data).isPresent()) {
            stop(programs, data);
        }
    }
}
