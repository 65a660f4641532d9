package sojourn.app.platform;

import java.sql.Connection;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import liquibase.Contexts;
import liquibase.LabelExpression;
import liquibase.Liquibase;
import liquibase.Scope;
import liquibase.UpdateSummaryOutputEnum;
import liquibase.database.DatabaseFactory;
import liquibase.database.jvm.JdbcConnection;
import liquibase.exception.LiquibaseException;
import liquibase.resource.ClassLoaderResourceAccessor;
import liquibase.ui.LoggerUIService;
import org.jdbi.v3.core.Jdbi;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Brings the database to this version's shape, or says what is missing. One instance at a time does it, under a lock that
 * PostgreSQL takes back when that instance dies; Liquibase's own, a row, would then be held for good.
 */
public final class Migrations {

    private static final Logger log = LoggerFactory.getLogger(Migrations.class);
    private static final String CHANGELOG = "migrations/changelog.xml";
    private static final long LOCK = 5201;

    private Migrations() {}

    /** Applies what is missing; waits while another instance does so. */
    public static void apply(Jdbi jdbi) {
        alone(jdbi, liquibase -> liquibase.update(new Contexts(), new LabelExpression()));
    }

    private static void alone(Jdbi jdbi, Step step) {
        jdbi.useHandle(handle -> {
            handle.execute("select pg_advisory_lock(?)", LOCK);
            try {
                with(handle.getConnection(), liquibase -> {
                    if (liquibase.listLocks().length > 0) {
                        log.warn("an instance died while it migrated the database; its lock is lifted");
                        liquibase.forceReleaseLocks();
                    }
                    step.run(liquibase);
                });
            } finally {
                handle.execute("select pg_advisory_unlock(?)", LOCK);
            }
        });
    }

    /** How many changes of this version the database lacks. */
    public static int missing(Jdbi jdbi) {
        var count = new int[1];
        jdbi.useHandle(handle -> with(
                handle.getConnection(),
                liquibase -> count[0] = liquibase
                        .listUnrunChangeSets(new Contexts(), new LabelExpression())
                        .size()));
        return count[0];
    }

    /** The ids of all changes that this version has. */
    static List<String> ids(Jdbi jdbi) {
        var ids = new ArrayList<String>();
        jdbi.useHandle(handle -> with(
                handle.getConnection(),
                liquibase ->
                        liquibase.getDatabaseChangeLog().getChangeSets().forEach(change -> ids.add(change.getId()))));
        return ids;
    }

    /** Undoes the newest {@code count} changes. */
    public static void rollback(Jdbi jdbi, int count) {
        alone(jdbi, liquibase -> liquibase.rollback(count, ""));
    }

    @FunctionalInterface
    private interface Step {
        void run(Liquibase liquibase) throws LiquibaseException;
    }

    private static void with(Connection connection, Step step) {
        try {
            Scope.child(Map.of(Scope.Attr.ui.name(), new LoggerUIService()), () -> {
                var database =
                        DatabaseFactory.getInstance().findCorrectDatabaseImplementation(new JdbcConnection(connection));
                var liquibase = new Liquibase(CHANGELOG, new ClassLoaderResourceAccessor(), database);
                liquibase.setShowSummaryOutput(UpdateSummaryOutputEnum.LOG);
                step.run(liquibase);
                // Liquibase leaves the connection inside a transaction, which Jdbi rightly refuses to take back.
                connection.commit();
                connection.setAutoCommit(true);
            });
        } catch (Exception failure) {
            throw new IllegalStateException("The database cannot be migrated: " + failure.getMessage(), failure);
        }
    }
}
