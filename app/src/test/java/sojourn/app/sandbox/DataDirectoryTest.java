package sojourn.app.sandbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.File;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {

    @TempDir
    Path temporary;

    @Test
    void another_process_is_refused_and_told_who_holds_the_directory() throws Exception {
        try (var directory = DataDirectory.open(temporary)) {
            directory.secret("some-secret");

            var refused = holdInAnotherProcess();

            assertThat(refused.waitFor(30, TimeUnit.SECONDS)).isTrue();
            assertThat(refused.exitValue()).isEqualTo(1);
            assertThat(new String(refused.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                    .contains("Another Sojourn (process "
                            + ProcessHandle.current().pid() + ")");
        }
    }

    @Test
    void a_killed_holder_leaves_the_directory_free() throws Exception {
        var holder = holdInAnotherProcess();
        assertThat(holder.getInputStream().read()).isEqualTo('h');
        assertThatThrownBy(() -> DataDirectory.open(temporary)).isInstanceOf(SandboxException.class);

        holder.destroyForcibly().waitFor();

        DataDirectory.open(temporary).close();
    }

    @Test
    void ports_and_secrets_are_the_same_the_next_time() throws Exception {
        int port;
        String secret;
        try (var directory = DataDirectory.open(temporary)) {
            port = directory.port("smtp", 1025);
            secret = directory.secret("password");
            assertThat(Files.getPosixFilePermissions(temporary.resolve("password")))
                    .isEqualTo(PosixFilePermissions.fromString("rw-------"));
        }

        try (var directory = DataDirectory.open(temporary)) {
            assertThat(directory.port("smtp", 1)).isEqualTo(port);
            assertThat(directory.secret("password")).isEqualTo(secret);
        }
    }

    @Test
    void a_port_that_is_taken_or_promised_to_another_is_not_given() throws Exception {
        try (var directory = DataDirectory.open(temporary);
                var taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            var smtp = directory.port("smtp", taken.getLocalPort());

            assertThat(smtp).isNotEqualTo(taken.getLocalPort());
            assertThat(directory.port("admin", smtp)).isNotEqualTo(smtp);
        }
    }

    @Test
    void a_port_that_is_reserved_is_not_given_though_it_was_the_last_time() throws Exception {
        try (var directory = DataDirectory.open(temporary)) {
            var last = directory.port("admin", 8081);

            assertThat(directory.port("admin", 8081, last)).isNotEqualTo(last);
        }
    }

    private Process holdInAnotherProcess() throws Exception {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path")
                                + File.pathSeparator
                                + System.getProperty("surefire.test.class.path", ""),
                        Holder.class.getName(),
                        temporary.toString())
                .start();
    }

    /** Holds a directory until it is killed. */
    static final class Holder {
        public static void main(String[] arguments) throws Exception {
            try {
                DataDirectory.open(Path.of(arguments[0]));
            } catch (SandboxException refused) {
                System.err.println(refused.getMessage());
                System.exit(1);
            }
            System.out.println("held");
            Thread.sleep(60_000);
        }
    }
}
