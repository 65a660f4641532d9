package sojourn.app;

import io.dropwizard.configuration.FileConfigurationSourceProvider;
import io.dropwizard.configuration.ResourceConfigurationSourceProvider;
import io.dropwizard.core.Application;
import io.dropwizard.core.setup.Bootstrap;
import io.dropwizard.core.setup.Environment;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import sojourn.app.contacts.ContactsFeature;
import sojourn.app.contacts.Erasure;
import sojourn.app.delivery.Channels;
import sojourn.app.delivery.DeliveryFeature;
import sojourn.app.insights.InsightsFeature;
import sojourn.app.interactions.InteractionsFeature;
import sojourn.app.journeys.Abilities;
import sojourn.app.journeys.BundleParts;
import sojourn.app.journeys.Conditions;
import sojourn.app.journeys.JourneysFeature;
import sojourn.app.journeys.SendingCheck;
import sojourn.app.messages.MessagesFeature;
import sojourn.app.messages.Personalization;
import sojourn.app.platform.ApiDescription;
import sojourn.app.platform.CodecResource;
import sojourn.app.platform.Database;
import sojourn.app.platform.FilledSettings;
import sojourn.app.platform.Health;
import sojourn.app.platform.Http;
import sojourn.app.platform.Idempotency;
import sojourn.app.platform.Jobs;
import sojourn.app.platform.Json;
import sojourn.app.platform.Metrics;
import sojourn.app.platform.Migrations;
import sojourn.app.platform.SettingsFactory;
import sojourn.app.platform.TemporalUiOrigin;
import sojourn.app.platform.Variables;
import sojourn.app.sandbox.DevCommand;
import sojourn.app.sandbox.demo.DemoCommand;
import sojourn.app.security.SecurityFeature;
import sojourn.app.segments.SegmentsFeature;
import sojourn.app.tasks.TasksFeature;

/** Puts the features together, in the order they need one another. */
public final class Sojourn extends Application<Settings> {

    private final InstantSource clock;
    private final Erasure erasure = new Erasure();

    public Sojourn() {
        this(InstantSource.system());
    }

    /** With a clock of the caller's, for tests that skip time. */
    public Sojourn(InstantSource clock) {
        this.clock = clock;
    }

    public InstantSource clock() {
        return clock;
    }

    /** Whoever keeps something personal beside the application's database says here how it is removed. */
    public Erasure erasure() {
        return erasure;
    }

    public static void main(String[] arguments) throws Exception {
        new Sojourn().run(arguments);
    }

    @Override
    public String getName() {
        return "sojourn";
    }

    /** Without Dropwizard's {@code check}: each start checks the settings, and says all that is wrong with them. */
    @Override
    protected void addDefaultCommands(Bootstrap<Settings> bootstrap) {
        bootstrap.addCommand(new ApiCommand(this));
    }

    @Override
    public void initialize(Bootstrap<Settings> bootstrap) {
        bootstrap.setObjectMapper(Json.mapper());
        var variables = Variables.ofThisProcess();
        bootstrap.setConfigurationFactoryFactory(
                (type, validator, _, prefix) -> new SettingsFactory<>(type, validator, prefix, variables));
        bootstrap.setConfigurationSourceProvider(new FilledSettings(Sojourn::open, variables));
        bootstrap.addCommand(new WorkerCommand(this));
        bootstrap.addCommand(new DatabaseCommand());
        bootstrap.addCommand(new KeyCommand(clock));
        bootstrap.addCommand(
                new DevCommand<>(this, erasure, settings -> settings.temporal().codec(), clock));
        bootstrap.addCommand(
                new DemoCommand<>(this, erasure, settings -> settings.temporal().codec(), clock));
        bootstrap.addCommand(new ImportCommand());
    }

    /** A file, or the config.yml that the jar carries where there is none. */
    private static InputStream open(String path) throws IOException {
        return Files.exists(Path.of(path))
                ? new FileConfigurationSourceProvider().open(path)
                : new ResourceConfigurationSourceProvider().open(path);
    }

    @Override
    public void run(Settings settings, Environment environment) {
        var json = environment.getObjectMapper();
        Http.install(
                environment,
                settings.getServerFactory(),
                json,
                settings.limits().body().toBytes());
        var jdbi = Database.open(environment, settings.database(), json);
        Migrations.apply(jdbi);

        var temporal = settings.temporal().connect();
        environment.jersey().register(new TemporalUiOrigin(settings.temporal().uiUrl()));
        environment.jersey().register(new CodecResource(settings.temporal().codec()));
        Metrics.register(environment);
        ApiDescription.register(environment);
        Health.register(environment, jdbi, temporal);
        var idempotency = new Idempotency(jdbi, json, clock);
        idempotency.register(environment);
        var jobs = new Jobs(jdbi, json, clock);
        jobs.register(environment);

        var limits = settings.limits();
        var security = new SecurityFeature(jdbi, clock, limits.requestsPerSecond(), limits.requestsAtOnce());
        security.register(environment, jobs);

        var contacts = new ContactsFeature(jdbi, erasure, clock);
        contacts.register(environment, jobs, idempotency, settings.contacts());

        var interactions = new InteractionsFeature(
                jdbi, contacts, clock, settings.interactions().skew());
        interactions.register(environment, settings.interactions().anonymousKept());

        var segments = new SegmentsFeature(jdbi, contacts.contacts(), contacts.changes(), settings.segments(), clock);
        segments.register(environment, temporal, jobs, contacts);

        var messages =
                new MessagesFeature(jdbi, contacts.profileTypes(), contacts.contacts(), segments.namedRecords(), clock);
        messages.register(environment);

        var delivery = new DeliveryFeature(jdbi, contacts, interactions, messages, settings.publicUrl(), clock);
        delivery.register(environment);

        var tasks = new TasksFeature(jdbi, contacts, interactions, clock);
        tasks.register(environment);

        var journeys = new JourneysFeature(
                jdbi,
                clock,
                settings.segments().timeZone(),
                temporal,
                jobs,
                contacts.contacts(),
                contacts.changes(),
                interactions.own(),
                segments.membershipChanges(),
                segments.namedRecords(),
                new Conditions(segments.contactConditions(), jdbi),
                new SendingCheck(new Channels(settings.channels()), messages.templateCheck()),
                new Abilities(
                        contacts.contacts(),
                        contacts.fields(),
                        segments.picks(),
                        interactions.emitted(),
                        new Personalization(),
                        tasks.tasks(),
                        contacts.leads()));
        journeys.register(
                environment,
                new BundleParts(segments.parts(), messages.parts(), contacts.newAttributes(), contacts.changes()));
        contacts.merges().addFollowing(journeys.merge());
        contacts.erasure().add(journeys.erasure());
        contacts.usedBy(journeys.declarationUse());
        segments.usedBy(journeys.segmentUse());
        journeys.countTowards(segments.quota());
        messages.usedBy(journeys.messageUse());
        delivery.work(environment, temporal, journeys.passages(), settings.smtp(), settings.channels());

        new InsightsFeature(jdbi, segments.maker()).register(environment);

        // Last, when every feature has said what it runs on which task queue.
        environment.lifecycle().manage(temporal);
    }
}
