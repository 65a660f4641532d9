package sojourn.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Migrations;
import sojourn.app.sandbox.Sandbox;
import sojourn.app.sandbox.SandboxTemporal;

/** A PostgreSQL, a Temporal and a mail catcher of a benchmark's own, empty at first, and the product beside them. */
final class Installation implements AutoCloseable {

    private final Sandbox sandbox;
    private final boolean reused;
    private @Nullable Server server;

    private Installation(Sandbox sandbox, boolean reused) {
        this.sandbox = sandbox;
        this.reused = reused;
    }

    static Installation open(String name, SandboxTemporal.Choice temporal) {
        return open(name, temporal, false);
    }

    /** @param reuse whether to go on with what an earlier run has left, where there is such */
    static Installation open(String name, SandboxTemporal.Choice temporal, boolean reuse) {
        var directory = Path.of("target", "bench", name);
        var reused = reuse && Files.exists(directory);
        try {
            if (!reused) {
                deleteTree(directory);
            }
            Files.createDirectories(directory.toAbsolutePath().getParent());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        var installation = new Installation(
                Sandbox.open(directory, temporal, InstantSource.system(), System.err::println), reused);
        try {
            Migrations.apply(installation.jdbi());
            return installation;
        } catch (RuntimeException failure) {
            installation.close();
            throw failure;
        }
    }

    /** Whether it has what an earlier run has left. */
    boolean reused() {
        return reused;
    }

    /** Starts the whole application in a JVM of its own; ends the one before. */
    Server serve(String... jvmOptions) throws IOException, InterruptedException {
        if (server != null) {
            server.close();
        }
        var started = Server.start(sandbox, freePort(), jvmOptions);
        server = started;
        return started;
    }

    /** Starts one more beside it, which the caller closes. */
    Server another(String... jvmOptions) throws IOException, InterruptedException {
        return Server.start(sandbox, freePort(), jvmOptions);
    }

    Jdbi jdbi() {
        return sandbox.jdbi();
    }

    Sandbox sandbox() {
        return sandbox;
    }

    /** Seconds of processor time that this process, the server and PostgreSQL have had together. */
    double processorTime() {
        var processes = Stream.concat(
                Stream.of(ProcessHandle.current()),
                Stream.concat(
                        Stream.ofNullable(server).map(Server::process),
                        sandbox.postgres().process().stream()
                                .flatMap(postmaster -> Stream.concat(Stream.of(postmaster), postmaster.children()))));
        return processes
                .mapToDouble(process -> process.info()
                        .totalCpuDuration()
                        .map(time -> time.toNanos() / 1e9)
                        .orElse(0.0))
                .sum();
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }

    private static void deleteTree(Path root) throws IOException {
        if (Files.exists(root)) {
            try (var paths = Files.walk(root)) {
                for (var path : paths.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            }
        }
    }

    @Override
    public void close() {
        if (server != null) {
            server.close();
        }
        sandbox.close();
    }
}
