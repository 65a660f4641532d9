package sojourn.app.sandbox.demo;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import sojourn.app.sandbox.Sandbox;

/** The command as it is typed, from an empty directory to the last figure. */
class DemoCommandTest {

    @TempDir
    Path temporary;

    private final List<Process> started = new ArrayList<>();

    @AfterEach
    void endEverything() throws Exception {
        for (var process : started) {
            process.destroyForcibly().waitFor();
        }
        Sandbox.forget(temporary.resolve("data"));
    }

    @Test
    void a_made_up_shop_wins_customers_back_and_all_figures_add_up() throws Exception {
        var output = demo("--contacts", "40", "--wait", "2", "--fresh");

        assertThat(output)
                .contains("40 contacts")
                .contains("segment lapsed")
                .contains("goal reached")
                .contains("always added up")
                .doesNotContain("NOT")
                .doesNotContain("trouble");

        assertThat(demo()).contains("goes on where it was left").contains("always added up");
    }

    @Test
    void purchases_of_a_file_are_counted_by_segments_as_by_date() throws Exception {
        var file = Files.writeString(temporary.resolve("purchases.csv"), """
                customer_id,date,cds,amount
                1,1998-04-01,1,9.99
                2,1998-04-02,1,9.99
                2,1998-05-02,1,250.00
                2,1998-06-30,1,250.00
                3,1997-01-01,3,500.01
                """);

        var output = demo("--purchases", file.toString(), "--all", "--wait", "1");

        assertThat(output)
                .containsPattern("no purchase after 1998-04-01 +2 +2  equal")
                .containsPattern("at least 3 purchases after 1998-04-01 +1 +1  equal")
                .containsPattern("spent more than 500 in total +2 +2  equal")
                .containsPattern("exactly one purchase +2 +2  equal")
                .contains("the 2 members of the segment lapsed enter");
    }

    /** What it prints until it ends by itself, well. */
    private String demo(String... options) throws Exception {
        var output = Files.createTempFile(temporary, "output", null);
        var command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-XX:TieredStopAtLevel=1",
                "--enable-native-access=ALL-UNNAMED",
                "--sun-misc-unsafe-memory-access=allow",
                "-cp",
                System.getProperty("java.class.path"),
                "sojourn.app.Sojourn",
                "demo",
                "--data",
                temporary.resolve("data").toString(),
                "--port",
                Integer.toString(freePort()),
                "--temporal",
                "in-memory",
                "--exit"));
        command.addAll(List.of(options));
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        started.add(process);
        assertThat(process.waitFor(3, TimeUnit.MINUTES)).as(() -> text(output)).isTrue();
        assertThat(process.exitValue()).as(() -> text(output)).isZero();
        return text(output);
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException unreadable) {
            throw new AssertionError(unreadable);
        }
    }

    private static int freePort() throws IOException {
        try (var socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }
}
