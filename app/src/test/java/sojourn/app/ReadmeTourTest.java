package sojourn.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The tour of the README works as written: its blocks are run by bash, in order and in one shell, beside a {@code dev}
 * that was started for them, and print what the README says they print ({@code ...} stands for anything).
 */
class ReadmeTourTest {

    private static final Path README = Path.of("..", "README.md");
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final String NEXT_BLOCK = "=== the next block of the tour ===";

    /** A block of commands and, behind it, what it prints. */
    private static final Pattern BLOCK = Pattern.compile("(?s)```bash\n(.*?)```\n(?:```text\n(.*?)```\n)?");

    @TempDir
    Path home;

    private Process dev;
    private int port;

    private record Block(String commands, String prints) {}

    @BeforeEach
    void startDev() throws Exception {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            port = socket.getLocalPort();
        }
        var output = home.resolve("dev.log");
        dev = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx512m",
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "--enable-native-access=ALL-UNNAMED",
                        "--sun-misc-unsafe-memory-access=allow",
                        "-cp",
                        classPath(),
                        "sojourn.app.Sojourn",
                        "dev",
                        "--port",
                        Integer.toString(port),
                        "--temporal",
                        "in-memory")
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        var until = System.nanoTime() + PATIENCE.toNanos();
        while (!Files.readString(output).contains("Sojourn runs")) {
            assertThat(dev.isAlive()).as(Files.readString(output)).isTrue();
            assertThat(System.nanoTime()).as("dev is slow").isLessThan(until);
            Thread.sleep(50);
        }
    }

    /** Stopped as by Ctrl-C, which ends its PostgreSQL as well. */
    @AfterEach
    void stopDev() throws InterruptedException {
        dev.destroy();
        if (!dev.waitFor(60, TimeUnit.SECONDS)) {
            dev.destroyForcibly().waitFor();
        }
    }

    @Test
    void every_block_of_the_tour_works_and_prints_what_it_says() throws Exception {
        var blocks = tour();
        assertThat(blocks).hasSizeGreaterThan(10);

        var printed = run(blocks);

        for (var number = 0; number < blocks.size(); number++) {
            var block = blocks.get(number);
            assertThat(number < printed.size() ? printed.get(number).strip() : "(nothing: an earlier block failed)")
                    .as("block %d of the tour:%n%s", number + 1, block.commands())
                    .matches(likePrinted(block.prints()));
        }
    }

    private static List<Block> tour() throws IOException {
        var readme = Files.readString(README);
        var tour = readme.substring(readme.indexOf("## A tour"), readme.indexOf("## For real"));
        return BLOCK.matcher(tour)
                .results()
                .map(found -> new Block(found.group(1), found.group(2) == null ? "" : found.group(2)))
                .toList();
    }

    /** What each block printed; the last one is of the block that failed, if one did. */
    private List<String> run(List<Block> blocks) throws Exception {
        var script = home.resolve("tour.sh");
        Files.writeString(
                script,
                blocks.stream()
                        .map(Block::commands)
                        .collect(Collectors.joining("\necho '" + NEXT_BLOCK + "'\n", "set -eu\n", "\n")));
        var output = home.resolve("tour.log");
        var builder = new ProcessBuilder("bash", script.toString())
                .directory(home.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        builder.environment().put("SOJOURN", "http://127.0.0.1:" + port);
        var bash = builder.start();
        if (!bash.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
            bash.destroyForcibly().waitFor();
        }
        return List.of(Files.readString(output).split(Pattern.quote(NEXT_BLOCK) + "\n", -1));
    }

    private static Pattern likePrinted(String prints) {
        var parts = prints.strip().split(Pattern.quote("..."), -1);
        return Pattern.compile(List.of(parts).stream().map(Pattern::quote).collect(Collectors.joining(".*")));
    }

    private static String classPath() {
        return List.of(System.getProperty("java.class.path").split(File.pathSeparator)).stream()
                .map(entry -> Path.of(entry).toAbsolutePath().toString())
                .collect(Collectors.joining(File.pathSeparator));
    }
}
