package sojourn.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.postgresql.ds.PGSimpleDataSource;
import sojourn.app.platform.JdbiPlugins;
import sojourn.app.platform.Json;
import sojourn.app.platform.Migrations;

/**
 * A migrated, empty database of its own for each test: PostgreSQL is started once a JVM, migrated once with the real
 * changelog, and each test's database is a copy of that one.
 */
public final class Database implements BeforeEachCallback {

    private static final String TEMPLATE = "sojourn_template";
    private static final AtomicInteger COUNT = new AtomicInteger();

    private static @Nullable EmbeddedPostgres postgres;

    private @Nullable String name;
    private @Nullable Jdbi jdbi;

    @Override
    public void beforeEach(ExtensionContext context) {
        renew();
    }

    /** Gives this extension a new empty database; for suites that need several, or none per test. */
    public Database renew() {
        var server = server();
        name = "test_" + COUNT.incrementAndGet();
        Jdbi.create(server.getPostgresDatabase())
                .useHandle(handle -> handle.execute("create database " + name + " template " + TEMPLATE));
        jdbi = JdbiPlugins.install(Jdbi.create(source(name)), Json.mapper());
        return this;
    }

    public Jdbi jdbi() {
        if (jdbi == null) {
            throw new IllegalStateException("Register this extension with @RegisterExtension, or call renew()");
        }
        return jdbi;
    }

    /** A JDBC URL with user, for code that opens its own connections. */
    public String url() {
        return "jdbc:postgresql://127.0.0.1:" + server().getPort() + "/" + name + "?user=postgres";
    }

    private static DataSource source(String database) {
        var source = new PGSimpleDataSource();
        source.setServerNames(new String[] {"127.0.0.1"});
        source.setPortNumbers(new int[] {server().getPort()});
        source.setDatabaseName(database);
        source.setUser("postgres");
        return source;
    }

    private static synchronized EmbeddedPostgres server() {
        if (postgres == null) {
            try {
                postgres = EmbeddedPostgres.builder()
                        .setPGStartupWait(Duration.ofSeconds(60))
                        .setServerConfig("max_connections", "300")
                        .start();
            } catch (IOException failure) {
                throw new UncheckedIOException("Cannot start PostgreSQL", failure);
            }
            Jdbi.create(postgres.getPostgresDatabase())
                    .useHandle(handle -> handle.execute("create database " + TEMPLATE));
            Migrations.apply(Jdbi.create(source(TEMPLATE)));
        }
        return postgres;
    }
}
