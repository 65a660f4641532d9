package sojourn.app.sandbox;

import io.grpc.StatusRuntimeException;
import io.temporal.api.workflowservice.v1.DescribeNamespaceRequest;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import java.io.File;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Temporal's development server with its UI, as a process of its own, with its state in a file that survives it. */
public final class TemporalProcess implements SandboxTemporal {

    private static final Logger log = LoggerFactory.getLogger(TemporalProcess.class);
    private static final Duration START = Duration.ofSeconds(90);
    private static final Duration STOP = Duration.ofSeconds(15);

    private static final List<String> SEARCH_ATTRIBUTES = List.of(
            "JourneyId=Keyword",
            "JourneyVersion=Int",
            "ContactId=Keyword",
            "JourneyRunId=Keyword",
            "BusinessUnit=Keyword");

    private final List<String> command;
    private final Path logFile;
    private final int port;
    private final int uiPort;
    private volatile Process process;

    private TemporalProcess(List<String> command, Path logFile, int port, int uiPort) {
        this.command = command;
        this.logFile = logFile;
        this.port = port;
        this.uiPort = uiPort;
        this.process = launch();
    }

    /** Starts the Temporal whose state is in {@code temporal.db}. */
    public static TemporalProcess start(DataDirectory directory, Path program) {
        stopRemains(directory);
        for (var attempt = 1; ; attempt++) {
            var port = directory.port("temporal", 7233);
            var uiPort = directory.port("temporal-ui", 8233);
            var command = command(program, databaseFile(directory), port, uiPort);
            try {
                return new TemporalProcess(Programs.detached(command), directory.resolve("temporal.log"), port, uiPort);
            } catch (SandboxException failure) {
                if (attempt == DataDirectory.PORT_ATTEMPTS
                        || (DataDirectory.isFree(port) && DataDirectory.isFree(uiPort))) {
                    throw failure;
                }
                // Another program was quicker after the port had been seen free: the next attempt takes another.
            }
        }
    }

    private Process launch() {
        try {
            var launched = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.appendTo(logFile.toFile()))
                    .redirectInput(new File("/dev/null"))
                    .start();
            if (!answers(launched)) {
                end(launched.toHandle());
                throw new SandboxException(
                        "Temporal does not start; " + logFile + " ends with\n  " + Programs.tail(logFile));
            }
            return launched;
        } catch (IOException failure) {
            throw new SandboxException("Temporal cannot be run: " + failure.getMessage(), failure);
        }
    }

    @Override
    public void revive() {
        if (!process.isAlive()) {
            log.warn("Temporal has died and is started again");
            process = launch();
        }
    }

    private static List<String> command(Path program, String databaseFile, int port, int uiPort) {
        var command = new ArrayList<>(List.of(
                program.toString(),
                "server",
                "start-dev",
                "--ip=127.0.0.1",
                "--port=" + port,
                "--ui-port=" + uiPort,
                databaseFile,
                "--sqlite-pragma=journal_mode=wal",
                "--sqlite-pragma=synchronous=normal",
                "--log-level=error"));
        SEARCH_ATTRIBUTES.forEach(attribute -> command.add("--search-attribute=" + attribute));
        return command;
    }

    private boolean answers(Process launched) {
        var stubs = WorkflowServiceStubs.newServiceStubs(
                WorkflowServiceStubsOptions.newBuilder().setTarget(address()).validateAndBuildWithDefaults());
        try {
            var until = System.nanoTime() + START.toNanos();
            while (launched.isAlive() && System.nanoTime() < until) {
                try {
                    stubs.blockingStub()
                            .withDeadlineAfter(2, TimeUnit.SECONDS)
                            .describeNamespace(DescribeNamespaceRequest.newBuilder()
                                    .setNamespace("default")
                                    .build());
                    // It may be another's that answers: ours has died then, or is about to.
                    Thread.sleep(300);
                    return launched.isAlive();
                } catch (StatusRuntimeException notYet) {
                    Thread.sleep(100);
                }
            }
            return false;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        } finally {
            stubs.shutdownNow();
        }
    }

    @Override
    public String address() {
        return "127.0.0.1:" + port;
    }

    @Override
    public Optional<String> uiUrl() {
        return Optional.of("http://127.0.0.1:" + uiPort);
    }

    public ProcessHandle process() {
        return process.toHandle();
    }

    /** Ends a Temporal that outlived the process that had started it: it is known by its file, which no other uses. */
    static void stopRemains(DataDirectory directory) {
        var mark = databaseFile(directory);
        ProcessHandle.allProcesses()
                .filter(process -> process.info()
                        .commandLine()
                        .filter(line -> line.contains(mark))
                        .isPresent())
                .forEach(process -> {
                    log.info("ending the Temporal that an earlier run left behind");
                    end(process);
                });
    }

    private static String databaseFile(DataDirectory directory) {
        return "--db-filename=" + directory.resolve("temporal.db");
    }

    private static void end(ProcessHandle process) {
        process.destroy();
        try {
            process.onExit().get(STOP.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException stubborn) {
            process.destroyForcibly();
        } catch (ExecutionException impossible) {
            throw new IllegalStateException(impossible);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            process.destroyForcibly();
        }
    }

    @Override
    public void close() {
        end(process.toHandle());
    }
}
