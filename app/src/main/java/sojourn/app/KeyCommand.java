package sojourn.app;

import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ConfiguredCommand;
import io.dropwizard.core.setup.Bootstrap;
import java.io.PrintStream;
import java.time.Instant;
import java.time.InstantSource;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.jspecify.annotations.Nullable;
import sojourn.app.security.ApiKeys;
import sojourn.app.security.Role;

/** {@code key create}: makes an API key and prints it, this once. */
final class KeyCommand extends ConfiguredCommand<Settings> {

    private final InstantSource clock;
    private final PrintStream terminal = System.out;

    KeyCommand(InstantSource clock) {
        super("key", "Makes an API key");
        this.clock = clock;
    }

    @Override
    public void configure(Subparser arguments) {
        var create = arguments
                .addSubparsers()
                .dest("action")
                .metavar("create")
                .addParser("create")
                .description("Makes an API key and prints it, this once");
        create.addArgument("--name").required(true).help("what the key is for");
        create.addArgument("--role").required(true).choices(Role.ALL).help("what the key may be used for");
        create.addArgument("--expires")
                .metavar("INSTANT")
                .type((_, _, value) -> Instant.parse(value))
                .help("when it ends, e.g. 2027-01-01T00:00:00Z; never when not given");
        Commands.addConfigOption(create);
    }

    @Override
    protected void run(Bootstrap<Settings> bootstrap, Namespace namespace, Settings settings) {
        @Nullable Instant expires = namespace.get("expires");
        var made = new ApiKeys(Commands.database(settings), clock)
                .create(namespace.getString("name"), namespace.getString("role"), expires, "command line");
        terminal.println(made.key());
    }

    @Override
    public void onError(Cli cli, Namespace namespace, Throwable failure) {
        if (!Commands.toldOfDatabase(failure, cli.getStdErr())) {
            super.onError(cli, namespace, failure);
        }
    }
}
