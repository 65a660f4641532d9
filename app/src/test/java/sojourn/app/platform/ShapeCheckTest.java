package sojourn.app.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.codahale.metrics.health.HealthCheckRegistry;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.Database;

class ShapeCheckTest {

    @RegisterExtension
    final Database database = new Database();

    private final HealthCheckRegistry checks = new HealthCheckRegistry();
    private final HealthResource health = new HealthResource(checks);

    @BeforeEach
    void check() {
        Health.check(checks, "migrations", new ShapeCheck(database.jdbi()));
        Health.check(checks, "other", () -> true);
    }

    @Test
    void a_database_that_lacks_a_change_is_not_ready_and_is_when_it_has_it() {
        Migrations.rollback(database.jdbi(), 1);

        assertThatThrownBy(health::ready)
                .isInstanceOfSatisfying(
                        Problem.class, refused -> assertThat(refused.type()).isEqualTo(ProblemType.UNAVAILABLE))
                .hasMessage("Not ready yet: migrations");

        Migrations.apply(database.jdbi());
        assertThat(health.ready().checks()).containsEntry("migrations", true);
    }

    @Test
    void an_empty_database_is_not_ready() {
        database.jdbi().useHandle(handle -> handle.execute("drop table databasechangelog"));

        assertThatThrownBy(health::ready).hasMessage("Not ready yet: migrations");
    }

    @Test
    void what_was_found_once_is_not_looked_for_again() {
        health.ready();
        database.jdbi().useHandle(handle -> handle.execute("drop table databasechangelog"));

        assertThat(health.ready().checks()).containsEntry("migrations", true);
    }
}
