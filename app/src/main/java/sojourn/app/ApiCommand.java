package sojourn.app;

import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ServerCommand;
import net.sourceforge.argparse4j.inf.Namespace;

/** {@code server}: answers HTTP and, unless told otherwise, runs workers. */
final class ApiCommand extends ServerCommand<Settings> {

    ApiCommand(Sojourn application) {
        super(application, "server", "Runs the API and, unless told otherwise, workers");
    }

    @Override
    public void onError(Cli cli, Namespace namespace, Throwable failure) {
        if (!Commands.toldOfDatabase(failure, cli.getStdErr())) {
            super.onError(cli, namespace, failure);
        }
    }
}
