package sojourn.app;

import io.dropwizard.core.cli.ConfiguredCommand;
import net.sourceforge.argparse4j.inf.Subparser;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.platform.JdbiPlugins;
import sojourn.app.platform.Json;

/** What the commands that need no server share: where the settings are, and the database. */
final class Commands {

    private Commands() {}

    /** Named {@code file} as {@link ConfiguredCommand} expects, but an option, so that sub-commands can follow. */
    static void addConfigOption(Subparser arguments) {
        arguments
                .addArgument("--config")
                .dest("file")
                .metavar("FILE")
                .setDefault("config.yml")
                .help("the settings; config.yml when not given");
    }

    static Jdbi database(Settings settings) {
        var database = settings.database();
        return JdbiPlugins.install(
                Jdbi.create(database.getUrl(), database.getUser(), database.getPassword()), Json.mapper());
    }
}
