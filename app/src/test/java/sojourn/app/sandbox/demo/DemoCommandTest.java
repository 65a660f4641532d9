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
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
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

    /** A run that is interrupted in a step may stand still in the in-memory Temporal; in the second story that is rare. */
    static List<Arguments> stories() {
        return System.getenv("TEMPORAL_CLI_PATH") == null
                ? List.of(Arguments.of("double-ab-newsletter", "in-memory"))
                : List.of(Arguments.of("event-invitation", "dev"), Arguments.of("double-ab-newsletter", "dev"));
    }

    @ParameterizedTest
    @MethodSource("stories")
    void a_template_is_shown_with_people_whom_it_fits_and_all_figures_add_up(String template, String temporal)
            throws Exception {
        var output = demo("--journey", template, "--contacts", "14", "--wait", "2", "--temporal", temporal);

        assertThat(output)
                .contains("The journey " + template + " is live")
                .containsPattern("who may enter +\\d+ +\\d+  equal")
                .containsPattern("mails received +\\d+ +\\d+  equal")
                .containsPattern("entered [1-9]\\d*   in progress 0 ")
                .contains("always added up")
                .doesNotContain("NOT")
                .doesNotContain("trouble");
    }

    @Test
    void the_stories_are_listed_and_no_other_is_told() throws Exception {
        var list = run(temporary.resolve("list"), "--journey", "list");
        assertThat(list.code()).isZero();
        assertThat(list.output().lines().map(line -> line.replaceFirst(" .*", "")))
                .containsExactlyElementsOf(Scenes.all().keySet());

        var unknown = run(temporary.resolve("unknown"), "--journey", "no-such", "--exit");

        assertThat(unknown.code()).isNotZero();
        assertThat(unknown.output()).contains("There is no journey no-such to show", "welcome-series");
        assertThat(temporary.resolve("unknown")).doesNotExist();
    }

    /** What it prints until it ends by itself, well. */
    private String demo(String... options) throws Exception {
        var all = new ArrayList<>(List.of(options));
        all.add("--exit");
        if (!all.contains("--temporal")) {
            all.addAll(List.of("--temporal", "in-memory"));
        }
        var ended = run(temporary.resolve("data"), all.toArray(String[]::new));
        assertThat(ended.code()).as(ended.output()).isZero();
        return ended.output();
    }

    private record Ended(int code, String output) {}

    private Ended run(Path data, String... options) throws Exception {
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
                data.toString(),
                "--port",
                Integer.toString(freePort())));
        command.addAll(List.of(options));
        var process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        started.add(process);
        // A show gives up by itself when it takes too long.
        assertThat(process.waitFor(20, TimeUnit.MINUTES)).as(() -> text(output)).isTrue();
        return new Ended(process.exitValue(), text(output));
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
