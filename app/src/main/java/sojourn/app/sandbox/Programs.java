package sojourn.app.sandbox;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Finds and runs programs of the machine. */
final class Programs {

    private Programs() {}

    /** Where caches of this user go: unpacked or downloaded programs, which any sandbox may use and anyone may delete. */
    static Path cache() {
        var named = System.getenv("XDG_CACHE_HOME");
        var base =
                named == null || named.isBlank() ? Path.of(System.getProperty("user.home"), ".cache") : Path.of(named);
        return base.resolve("sojourn");
    }

    static Optional<Path> onPath(String program) {
        return Stream.of(Optional.ofNullable(System.getenv("PATH")).orElse("").split(File.pathSeparator))
                .filter(directory -> !directory.isEmpty())
                .map(directory -> Path.of(directory, program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /**
     * Puts a long-lived program out of reach of the terminal: Ctrl-C would else end it together with us, and the
     * application could not finish what it is doing.
     */
    static List<String> detached(List<String> command) {
        var all = new ArrayList<String>();
        if (onPath("setsid").isPresent()) {
            all.add("setsid");
        } else if (onPath("perl").isPresent()) {
            all.addAll(List.of("perl", "-e", "use POSIX; POSIX::setsid(); exec @ARGV", "--"));
        }
        all.addAll(command);
        return all;
    }

    /** Runs a short program to its end; fails with what it printed. */
    static void run(List<String> command, Duration limit) {
        @Nullable Path output = null;
        try {
            output = Files.createTempFile("sojourn", ".out");
            var process = new ProcessBuilder(command)
                    .redirectErrorStream(true)
                    .redirectOutput(output.toFile())
                    .redirectInput(new File("/dev/null"))
                    .start();
            if (!process.waitFor(limit.toMillis(), TimeUnit.MILLISECONDS)) {
                process.destroyForcibly();
                throw new SandboxException(name(command) + " did not end within " + limit.toSeconds() + " s");
            }
            if (process.exitValue() != 0) {
                throw new SandboxException(name(command) + " failed: " + tail(output));
            }
        } catch (IOException failure) {
            throw new SandboxException(name(command) + " cannot be run: " + failure.getMessage(), failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new SandboxException("Interrupted while " + name(command) + " ran", interrupted);
        } finally {
            delete(output);
        }
    }

    /** The last lines of a log, for a message. */
    static String tail(Path log) {
        try (var lines = Files.lines(log, StandardCharsets.ISO_8859_1)) {
            var all = lines.toList();
            return String.join("\n  ", all.subList(Math.max(0, all.size() - 8), all.size()));
        } catch (IOException unreadable) {
            return "(no output in " + log + ")";
        }
    }

    private static String name(List<String> command) {
        return command.stream()
                .map(part -> Path.of(part).getFileName())
                .map(String::valueOf)
                .filter(part -> !List.of("unshare", "-U").contains(part))
                .findFirst()
                .orElse("A program");
    }

    private static void delete(@Nullable Path file) {
        try {
            if (file != null) {
                Files.deleteIfExists(file);
            }
        } catch (IOException leftBehind) {
            // A small file in the temporary directory; the system clears it.
        }
    }
}
