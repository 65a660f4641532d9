package sojourn.app.sandbox;

import io.dropwizard.configuration.ResourceConfigurationSourceProvider;
import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.ConfiguredBundle;
import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ServerCommand;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import io.dropwizard.lifecycle.Managed;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.eclipse.jetty.util.component.LifeCycle;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Erasure;
import sojourn.app.platform.FilledSettings;
import sojourn.app.platform.RemoteCodec;
import sojourn.app.platform.Variables;
import sojourn.app.security.ApiKeys;

/**
 * {@code dev}: the whole application with everything it needs, in one process, on one directory, until Ctrl-C. It is
 * what {@code server} would be with the shipped {@code config.yml} and the addresses of a {@link Sandbox}.
 */
public class DevCommand<T extends Configuration> extends ServerCommand<T> {

    /** What is other than in {@code config.yml} unless the environment says something: enough to try everything out. */
    private static final Map<String, String> USUAL = Map.of(
            "SOJOURN_LOG_LEVEL", "WARN",
            "SOJOURN_TEXT_SENDER", "log",
            "SOJOURN_PUSH_SENDER", "log",
            "SOJOURN_WEBHOOK_ALLOWED", "127.0.0.0/8 ::1");

    private final Erasure erasure;
    private final Function<T, RemoteCodec> codec;
    private final InstantSource clock;
    private final PrintStream terminal = System.out;
    private @Nullable Sandbox sandbox;
    private volatile boolean stopping;

    /**
     * The command {@code dev}.
     *
     * @param erasure takes on how caught mails are erased
     * @param codec what the Temporal UI of the sandbox may ask to read payloads
     */
    public DevCommand(
            Application<T> application, Erasure erasure, Function<T, RemoteCodec> codec, InstantSource clock) {
        this(
                application,
                erasure,
                codec,
                clock,
                "dev",
                "Runs everything on this machine, PostgreSQL, Temporal and a mail catcher included");
    }

    protected DevCommand(
            Application<T> application,
            Erasure erasure,
            Function<T, RemoteCodec> codec,
            InstantSource clock,
            String name,
            String description) {
        super(application, name, description);
        this.erasure = erasure;
        this.codec = codec;
        this.clock = clock;
    }

    @Override
    public void configure(Subparser arguments) {
        arguments
                .addArgument("--data")
                .metavar("DIR")
                .type(String.class)
                .setDefault(usualDirectory())
                .help("the directory everything is kept in");
        arguments
                .addArgument("--port")
                .metavar("PORT")
                .type(Integer.class)
                .setDefault(8080)
                .help("the port of the API");
        arguments
                .addArgument("--temporal")
                .choices("auto", "dev", "in-memory")
                .setDefault("auto")
                .help("dev: Temporal's development server with its UI, from the program `temporal`; in-memory: one that"
                        + " needs nothing and has no UI; auto: dev where the program is found or can be"
                        + " downloaded, else in-memory");
    }

    @Override
    public void run(Bootstrap<?> bootstrap, Namespace namespace) throws Exception {
        int port = namespace.<Integer>get("port");
        if (!DataDirectory.isFree(port)) {
            throw new SandboxException(
                    "Port " + port + " is taken. Choose another with --port; the README's tour then wants"
                            + " `export SOJOURN=http://127.0.0.1:PORT`.");
        }
        prepare(Path.of(namespace.getString("data")), namespace);
        var opened = open(namespace);
        sandbox = opened;
        var untilServerRuns = new Thread(opened::close, "sandbox-close");
        Runtime.getRuntime().addShutdownHook(untilServerRuns);
        try {
            bootstrap.setConfigurationSourceProvider(settingsFor(opened, port));
            bootstrap.addBundle(new Outermost(opened, untilServerRuns, terminal));
            var arguments = new HashMap<>(namespace.getAttrs());
            arguments.put("file", "config.yml");
            super.run(bootstrap, new Namespace(arguments));
        } catch (Exception failure) {
            opened.close();
            throw failure;
        }
    }

    /** Where everything is kept unless told otherwise. */
    protected String usualDirectory() {
        return ".sojourn";
    }

    /** Called before anything starts; throws what must keep it from starting. */
    protected void prepare(Path data, Namespace namespace) {}

    /** Called once, when the server answers. */
    protected void whenRunning(Sandbox running, URI url, Namespace namespace) {}

    /** Called once, before the server refuses requests. */
    protected void whenStopping() {}

    protected final PrintStream terminal() {
        return terminal;
    }

    /** Whether Ctrl-C was pressed or the like. */
    protected final boolean isStopping() {
        return stopping;
    }

    private Sandbox open(Namespace namespace) {
        var choice = SandboxTemporal.Choice.valueOf(
                namespace.getString("temporal").toUpperCase(Locale.ROOT).replace('-', '_'));
        terminal.println("Starting PostgreSQL, Temporal and the mail catcher ...");
        return Sandbox.open(Path.of(namespace.getString("data")), choice, clock, terminal::println);
    }

    /** The config.yml that the jar carries, filled with the sandbox's addresses before the environment's variables. */
    private static FilledSettings settingsFor(Sandbox sandbox, int port) {
        var variables = new Variables(USUAL, List.of())
                .with(Variables.ofThisProcess().values())
                .with(sandbox.variables(port));
        return new FilledSettings(new ResourceConfigurationSourceProvider(), variables);
    }

    @Override
    protected void run(Environment environment, Namespace namespace, T settings) throws Exception {
        var running = Objects.requireNonNull(sandbox);
        erasure.add(new MailErasure(running.mails()));
        environment.jersey().register(new MailsResource(running.mails()));
        environment.jersey().register(new MailPages(running.mails()));
        environment.jersey().register(new DevCodecResource(codec.apply(settings)));
        AdminKey.ensure(running.directory(), new ApiKeys(running.jdbi(), clock));
        var url = URI.create("http://127.0.0.1:" + namespace.<Integer>get("port"));
        environment.lifecycle().addServerLifecycleListener(_ -> {
            announce(running, url);
            whenRunning(running, url, namespace);
        });
        environment.lifecycle().addEventListener(new LifeCycle.Listener() {
            @Override
            public void lifeCycleStopping(LifeCycle server) {
                stopping = true;
                whenStopping();
            }
        });
        super.run(environment, namespace, settings);
    }

    protected final void announce(Sandbox running, URI url) {
        terminal.println();
        terminal.println("Sojourn runs; Ctrl-C stops it. Everything is kept in "
                + running.directory().root());
        terminal.println("  API        " + url + "/v1");
        terminal.println("  API docs   " + url + "/docs");
        terminal.println("  API key    " + running.directory().resolve("api-key"));
        terminal.println("  Mails      " + url + "/dev");
        terminal.println("  Temporal   "
                + running.temporal()
                        .uiUrl()
                        .map(page ->
                                page + "   (for programs: " + running.temporal().address() + ")")
                        .orElse("in memory: no UI, and runs are rebuilt from PostgreSQL at each start. Put the program"
                                + " `temporal` on the PATH for the real one."));
        terminal.flush();
    }

    /** The first that the server starts and the last that it stops: the sandbox outlives all that use it. */
    private record Outermost(Sandbox sandbox, Thread untilServerRuns, PrintStream terminal)
            implements ConfiguredBundle<Configuration>, Managed {

        @Override
        public void run(Configuration settings, Environment environment) {
            environment.lifecycle().manage(this);
        }

        /** From here on stopping the server, which Ctrl-C does too, closes the sandbox. */
        @Override
        public void start() {
            try {
                Runtime.getRuntime().removeShutdownHook(untilServerRuns);
            } catch (IllegalStateException stoppingAlready) {
                // Then the hook does what stop() would.
            }
        }

        @Override
        public void stop() {
            sandbox.close();
            terminal.println("Stopped. What is in " + sandbox.directory().root() + " comes back with the next start.");
        }
    }

    @Override
    public void onError(Cli cli, Namespace namespace, Throwable failure) {
        if (failure instanceof SandboxException) {
            cli.getStdErr().println(failure.getMessage());
        } else {
            super.onError(cli, namespace, failure);
        }
    }
}
