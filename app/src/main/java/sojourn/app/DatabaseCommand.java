package sojourn.app;

import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ConfiguredCommand;
import io.dropwizard.core.setup.Bootstrap;
import java.io.PrintStream;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import sojourn.app.platform.Migrations;

/** {@code db migrate|status|rollback}: brings the database to this version's shape, or tells what is missing. */
final class DatabaseCommand extends ConfiguredCommand<Settings> {

    private final PrintStream terminal = System.out;

    DatabaseCommand() {
        super("db", "Brings the database to this version's shape, or tells what is missing");
    }

    @Override
    public void configure(Subparser arguments) {
        var actions = arguments.addSubparsers().dest("action").metavar("migrate|status|rollback");
        Commands.addConfigOption(actions.addParser("migrate").help("applies what is missing"));
        Commands.addConfigOption(actions.addParser("status").help("says how many changes are missing"));
        var rollback = actions.addParser("rollback").help("undoes the newest changes, and what is stored in them");
        rollback.addArgument("--count")
                .type(Integer.class)
                .required(true)
                .help("how many changes to undo, the newest first");
        Commands.addConfigOption(rollback);
    }

    @Override
    protected void run(Bootstrap<Settings> bootstrap, Namespace namespace, Settings settings) {
        var jdbi = Commands.database(settings);
        switch (namespace.getString("action")) {
            case "migrate" -> Migrations.apply(jdbi);
            case "rollback" -> Migrations.rollback(jdbi, namespace.getInt("count"));
            default -> {
                // only says how it is
            }
        }
        var missing = Migrations.missing(jdbi);
        terminal.println(missing == 0 ? "The database has this version's shape." : missing + " changes are missing.");
    }

    @Override
    public void onError(Cli cli, Namespace namespace, Throwable failure) {
        if (!Commands.toldOfDatabase(failure, cli.getStdErr())) {
            super.onError(cli, namespace, failure);
        }
    }
}
