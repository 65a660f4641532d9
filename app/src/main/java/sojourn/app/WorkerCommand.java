package sojourn.app;

import io.dropwizard.core.cli.Cli;
import io.dropwizard.core.cli.ServerCommand;
import io.dropwizard.core.server.DefaultServerFactory;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import java.util.List;
import net.sourceforge.argparse4j.inf.Argument;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;

/** {@code worker}: runs workflows, activities and loops; of HTTP only the admin port, for health and metrics. */
final class WorkerCommand extends ServerCommand<Settings> {

    WorkerCommand(Sojourn application) {
        super(application, "worker", "Runs workers only, without the API");
    }

    @Override
    protected Argument addFileArgument(Subparser arguments) {
        return super.addFileArgument(arguments).setDefault("config.yml");
    }

    @Override
    protected void run(Bootstrap<Settings> bootstrap, Namespace namespace, Settings settings) throws Exception {
        settings.runWorkers();
        super.run(bootstrap, namespace, settings);
    }

    @Override
    protected void run(Environment environment, Namespace namespace, Settings settings) throws Exception {
        if (settings.getServerFactory() instanceof DefaultServerFactory server) {
            server.setApplicationConnectors(List.of());
        }
        super.run(environment, namespace, settings);
    }

    @Override
    public void onError(Cli cli, Namespace namespace, Throwable failure) {
        if (!Commands.toldOfDatabase(failure, cli.getStdErr())) {
            super.onError(cli, namespace, failure);
        }
    }
}
