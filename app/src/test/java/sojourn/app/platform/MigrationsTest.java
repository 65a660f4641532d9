package sojourn.app.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.Database;

class MigrationsTest {

    @RegisterExtension
    final Database database = new Database();

    @Test
    void every_change_can_be_undone_and_done_again() {
        var jdbi = database.jdbi();
        var count = jdbi.withHandle(handle -> handle.select("select count(*) from databasechangelog")
                .mapTo(Integer.class)
                .one());

        Migrations.rollback(jdbi, count);
        assertThat(Migrations.missing(jdbi)).isEqualTo(count);
        assertThat(tables(jdbi)).containsExactlyInAnyOrder("databasechangelog", "databasechangeloglock");
        Migrations.apply(jdbi);

        assertThat(Migrations.missing(jdbi)).isZero();
    }

    @Test
    void an_instance_that_was_killed_while_it_migrated_blocks_nobody() {
        var jdbi = database.jdbi();
        Migrations.rollback(jdbi, 1);
        jdbi.useHandle(handle -> handle.execute("""
                update databasechangeloglock set locked = true, lockgranted = now(), lockedby = 'the dead'
                """));

        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> Migrations.apply(jdbi));

        assertThat(Migrations.missing(jdbi)).isZero();
    }

    @Test
    void instances_that_start_at_once_migrate_one_after_another() {
        var jdbi = database.jdbi();
        Migrations.rollback(jdbi, 2);

        var all = IntStream.range(0, 4)
                .mapToObj(each -> CompletableFuture.runAsync(() -> Migrations.apply(jdbi)))
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(all).join();

        assertThat(Migrations.missing(jdbi)).isZero();
    }

    private static List<String> tables(Jdbi jdbi) {
        return jdbi.withHandle(handle -> handle.select("""
                        select relname from pg_class
                        where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
                        """).mapTo(String.class).list());
    }
}
