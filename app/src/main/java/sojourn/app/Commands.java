package sojourn.app;

import io.dropwizard.core.cli.ConfiguredCommand;
import java.io.PrintWriter;
import java.sql.SQLException;
import java.util.Properties;
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
        var login = new Properties();
        login.setProperty("user", database.getUser());
        if (database.getPassword() != null) {
            login.setProperty("password", database.getPassword());
        }
        return JdbiPlugins.install(Jdbi.create(database.getUrl(), login), Json.mapper());
    }

    /** Says in words that the database cannot be reached; false when that is not what failed. */
    static boolean toldOfDatabase(Throwable failure, PrintWriter terminal) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            // 08: the connection, 28: the login, 3D: the name of the database
            if (cause instanceof SQLException sql
                    && String.valueOf(sql.getSQLState()).matches("(08|28|3D).*")) {
                terminal.println("PostgreSQL cannot be used: " + sql.getMessage());
                terminal.println(
                        "SOJOURN_DATABASE_URL, SOJOURN_DATABASE_USER and SOJOURN_DATABASE_PASSWORD say where it"
                                + " is and who we are there (see config.yml).");
                return true;
            }
        }
        return false;
    }
}
