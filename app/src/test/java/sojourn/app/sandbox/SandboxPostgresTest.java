package sojourn.app.sandbox;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SandboxPostgresTest {

    /** One for all tests: to make a PostgreSQL takes longer than to start it. */
    @TempDir
    static Path temporary;

    private DataDirectory directory;

    @BeforeEach
    void open() {
        directory = DataDirectory.open(temporary.resolve("data"));
    }

    @AfterEach
    void close() throws Exception {
        SandboxPostgres.stopRemains(directory);
        directory.close();
    }

    @Test
    void data_and_address_are_the_same_after_a_restart() {
        String url;
        try (var postgres = SandboxPostgres.start(directory)) {
            url = postgres.url();
            jdbi(postgres).useHandle(handle -> handle.execute("create table kept_1 as select 1 as one"));
        }

        try (var postgres = SandboxPostgres.start(directory)) {
            assertThat(postgres.url()).isEqualTo(url);
            assertThat(kept(postgres, "kept_1")).isEqualTo(1);
        }
    }

    @Test
    void one_that_was_left_running_is_ended_and_its_data_found_again() {
        var left = SandboxPostgres.start(directory);
        jdbi(left).useHandle(handle -> handle.execute("create table kept_2 as select 1 as one"));

        try (var postgres = SandboxPostgres.start(directory)) {
            assertThat(kept(postgres, "kept_2")).isEqualTo(1);
            assertThat(postgres.port()).isEqualTo(left.port());
        }
    }

    @Test
    void what_was_committed_outlasts_a_kill() throws Exception {
        var killed = SandboxPostgres.start(directory);
        jdbi(killed).useHandle(handle -> handle.execute("create table kept_3 as select 1 as one"));
        kill(killed);

        killed.revive();
        assertThat(kept(killed, "kept_3")).isEqualTo(1);
        kill(killed);

        try (var postgres = SandboxPostgres.start(directory)) {
            assertThat(kept(postgres, "kept_3")).isEqualTo(1);
        }
    }

    @Test
    void it_is_set_up_to_lose_nothing_and_to_let_nobody_in_without_the_password() {
        try (var postgres = SandboxPostgres.start(directory)) {
            jdbi(postgres).useHandle(handle -> {
                for (var setting : new String[] {"fsync", "full_page_writes", "synchronous_commit", "data_checksums"}) {
                    assertThat(handle.createQuery("select current_setting(:setting)")
                                    .bind("setting", setting)
                                    .mapTo(String.class)
                                    .one())
                            .as(setting)
                            .isEqualTo("on");
                }
                assertThat(handle.createQuery("select distinct auth_method from pg_hba_file_rules")
                                .mapTo(String.class)
                                .list())
                        .containsExactly("scram-sha-256");
            });
        }
    }

    private static void kill(SandboxPostgres postgres) throws Exception {
        var process = postgres.process().orElseThrow();
        process.destroyForcibly();
        process.onExit().get(10, TimeUnit.SECONDS);
    }

    private static int kept(SandboxPostgres postgres, String table) {
        return jdbi(postgres)
                .withHandle(handle -> handle.createQuery("select one from " + table)
                        .mapTo(Integer.class)
                        .one());
    }

    private static Jdbi jdbi(SandboxPostgres postgres) {
        return Jdbi.create(postgres.url(), postgres.user(), postgres.password());
    }
}
