package sojourn.testing;

import io.dropwizard.testing.ConfigOverride;
import io.dropwizard.testing.DropwizardTestSupport;
import io.temporal.testserver.TestServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import sojourn.app.Settings;
import sojourn.app.Sojourn;
import sojourn.app.security.ApiKeys;
import sojourn.app.security.Role;

/**
 * The whole application over HTTP, as shipped: {@code config.yml}, random ports, a database and an in-memory Temporal of its own. One for a test
 * class, since it takes seconds to start:
 *
 * <pre>{@code
 * @RegisterExtension
 * static final App app = new App();
 *
 * @Test
 * void a_contact_is_found_by_its_external_id() {
 *     app.request("PUT", "/v1/contacts/external:42", "{\"externalId\": \"42\"}");
 *
 *     assertThat(app.request("GET", "/v1/contacts/external:42").status()).isEqualTo(200);
 * }
 * }</pre>
 *
 * <p>Requests come with an admin key; {@link #as} gives a client with a key of another role.
 */
public final class App implements BeforeAllCallback, AfterAllCallback {

    private final Database database = new Database();
    private final InstantSource clock;
    private final List<ConfigOverride> overrides = new ArrayList<>();
    private @Nullable DropwizardTestSupport<Settings> support;
    private @Nullable Client admin;
    private TestServer.@Nullable PortBoundTestServer temporal;
    private int temporalPort;

    public App() {
        this(InstantSource.system());
    }

    public App(InstantSource clock) {
        this.clock = clock;
    }

    /** A setting that differs from {@code config.yml}, by its path, e.g. {@code limits.body}. */
    public App with(String setting, String value) {
        overrides.add(ConfigOverride.config(setting, value));
        return this;
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        database.renew();
        keepWord("change");
        keepWord("membership_change");
        keepWord("record_change");
        start();
        admin = as(Role.ADMIN);
    }

    /**
     * Queues are emptied by whoever reacts, often before a test can look; {@code <queue>_seen} keeps every row that was
     * ever put into one.
     */
    private void keepWord(String queue) {
        database.jdbi().useHandle(handle -> {
            handle.execute("create table %1$s_seen (like %1$s)".formatted(queue));
            handle.execute("""
                    create function keep_%1$s() returns trigger language plpgsql as
                    $$begin insert into %1$s_seen select new.*; return new; end$$
                    """.formatted(queue));
            handle.execute("""
                    create trigger keep after insert on %1$s for each row execute function keep_%1$s()
                    """.formatted(queue));
        });
    }

    @Override
    public void afterAll(ExtensionContext context) {
        stop();
        if (temporal != null) {
            temporal.close();
        }
    }

    /** Starts the application on the database as it is; for tests that stop it in between. */
    public void start() throws Exception {
        var all = new ArrayList<>(overrides);
        all.add(ConfigOverride.randomPorts());
        all.add(ConfigOverride.config("database.url", database.url()));
        all.add(ConfigOverride.config("database.user", "postgres"));
        all.add(ConfigOverride.config("temporal.target", temporal()));
        var starting =
                new DropwizardTestSupport<Settings>(
                        Sojourn.class, config().toString(), all.toArray(ConfigOverride[]::new)) {
                    @Override
                    public Sojourn newApplication() {
                        return new Sojourn(clock);
                    }
                };
        starting.before();
        support = starting;
        if (admin != null) {
            admin = admin.at(url());
        }
    }

    public void stop() {
        if (support != null) {
            support.after();
            support = null;
        }
    }

    /** The address of this application's own in-memory Temporal, whose time does not skip. */
    public synchronized String temporal() {
        if (temporal == null) {
            temporal = startTemporal(10);
        }
        return "127.0.0.1:" + temporalPort;
    }

    /** A port that was free may be another's a moment later. */
    private TestServer.PortBoundTestServer startTemporal(int tries) {
        temporalPort = freePort();
        try {
            return TestServer.createPortBoundServer(temporalPort, true);
        } catch (RuntimeException taken) {
            if (tries == 1) {
                throw taken;
            }
            return startTemporal(tries - 1);
        }
    }

    private static int freePort() {
        try (var socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Sends a request with an admin key. */
    public Answer request(String method, String path) {
        return admin().request(method, path, null);
    }

    /** Sends a request with an admin key; a body that is not text is written as JSON. */
    public Answer request(String method, String path, Object body) {
        return admin().request(method, path, body);
    }

    public Client admin() {
        if (admin == null) {
            throw new IllegalStateException("Register this extension with @RegisterExtension");
        }
        return admin;
    }

    /** A client with a new key of this role. */
    public Client as(String role) {
        return anonymous()
                .withKey(new ApiKeys(jdbi(), clock)
                        .create("test " + role, role, null, "test")
                        .key());
    }

    public Client anonymous() {
        return new Client(url(), null);
    }

    public Jdbi jdbi() {
        return database.jdbi();
    }

    public Database database() {
        return database;
    }

    public String url() {
        return "http://127.0.0.1:" + support().getLocalPort();
    }

    public String adminUrl() {
        return "http://127.0.0.1:" + support().getAdminPort();
    }

    public DropwizardTestSupport<Settings> support() {
        if (support == null) {
            throw new IllegalStateException("The application is not running");
        }
        return support;
    }

    /** The shipped configuration, whichever module the build runs in. */
    public static Path config() {
        var here = Path.of("config.yml");
        return Files.exists(here) ? here : Path.of("..", "config.yml");
    }
}
