package sojourn.app.platform;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
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

    private static List<String> tables(Jdbi jdbi) {
        return jdbi.withHandle(handle -> handle.select("""
                        select relname from pg_class
                        where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
                        """).mapTo(String.class).list());
    }
}
