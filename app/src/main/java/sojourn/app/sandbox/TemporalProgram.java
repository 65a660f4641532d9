package sojourn.app.sandbox;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.zip.GZIPInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;

/** The program {@code temporal}: where it is, or where it comes from. */
public final class TemporalProgram {

    /** Where Temporal offers it; the answer leads on to the archive. */
    static final URI SOURCE = URI.create("https://temporal.download/cli/archive/latest");

    private static final String NAME = "temporal";
    private static final Duration CONNECT = Duration.ofSeconds(3);
    private static final Duration DOWNLOAD = Duration.ofMinutes(2);

    private TemporalProgram() {}

    /** Named by TEMPORAL_CLI_PATH, on the PATH, or in our cache. */
    public static Optional<Path> find() {
        var named = System.getenv("TEMPORAL_CLI_PATH");
        if (named != null && !named.isBlank()) {
            var program = Path.of(named);
            if (!Files.isExecutable(program) || Files.isDirectory(program)) {
                throw new SandboxException("TEMPORAL_CLI_PATH is " + named + ", which is no program.");
            }
            return Optional.of(program);
        }
        return Programs.onPath(NAME).or(() -> Optional.of(cached()).filter(Files::isExecutable));
    }

    private static Path cached() {
        return Programs.cache().resolve("bin").resolve(NAME);
    }

    /** Found, or else fetched into our cache; empty where there is no way to it, soon. */
    static Optional<Path> findOrDownload(Consumer<String> terminal) {
        return find().or(() -> {
            terminal.accept("Downloading the program `temporal` ...");
            var program = download(SOURCE, cached());
            if (program.isEmpty()) {
                terminal.accept("It cannot be downloaded now.");
            }
            return program;
        });
    }

    static Optional<Path> download(URI source, Path target) {
        var address = URI.create(source + "?platform=" + platform() + "&arch=" + architecture());
        try (var client = HttpClient.newBuilder()
                .connectTimeout(CONNECT)
                .followRedirects(HttpClient.Redirect.NORMAL)
                .build()) {
            Files.createDirectories(target.getParent());
            var archive = Files.createTempFile(target.getParent(), NAME, ".tar.gz");
            var answer = client.sendAsync(HttpRequest.newBuilder(address).build(), BodyHandlers.ofFile(archive));
            try {
                if (answer.get(DOWNLOAD.toSeconds(), TimeUnit.SECONDS).statusCode() != 200) {
                    return Optional.empty();
                }
                return unpack(archive, target);
            } finally {
                client.shutdownNow();
                Files.deleteIfExists(archive);
            }
        } catch (IOException | ExecutionException | TimeoutException notThere) {
            return Optional.empty();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Optional.empty();
        }
    }

    private static Optional<Path> unpack(Path archive, Path target) throws IOException {
        try (var tar = new TarArchiveInputStream(new GZIPInputStream(buffered(archive)))) {
            for (var entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
                if (entry.isFile() && Path.of(entry.getName()).endsWith(NAME)) {
                    var whole = Files.createTempFile(target.getParent(), NAME, ".new");
                    Files.copy(tar, whole, StandardCopyOption.REPLACE_EXISTING);
                    Files.setPosixFilePermissions(whole, PosixFilePermissions.fromString("rwxr-xr-x"));
                    return Optional.of(Files.move(whole, target, StandardCopyOption.ATOMIC_MOVE));
                }
            }
            return Optional.empty();
        }
    }

    private static InputStream buffered(Path file) throws IOException {
        return new BufferedInputStream(Files.newInputStream(file));
    }

    private static String platform() {
        return System.getProperty("os.name").toLowerCase(Locale.ROOT).contains("mac") ? "darwin" : "linux";
    }

    private static String architecture() {
        return switch (System.getProperty("os.arch")) {
            case "aarch64", "arm64" -> "arm64";
            default -> "amd64";
        };
    }
}
