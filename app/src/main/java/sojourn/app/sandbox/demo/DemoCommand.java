package sojourn.app.sandbox.demo;

import io.dropwizard.core.Application;
import io.dropwizard.core.Configuration;
import io.dropwizard.core.setup.Bootstrap;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;
import net.sourceforge.argparse4j.inf.Namespace;
import net.sourceforge.argparse4j.inf.Subparser;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Erasure;
import sojourn.app.platform.RemoteCodec;
import sojourn.app.sandbox.DevCommand;
import sojourn.app.sandbox.Sandbox;
import sojourn.app.sandbox.SandboxException;

/** {@code demo}: {@code dev}, and a {@link Show} on top of it. */
public final class DemoCommand<T extends Configuration> extends DevCommand<T> {

    private final InstantSource clock;
    private volatile @Nullable Thread show;

    public DemoCommand(
            Application<T> application, Erasure erasure, Function<T, RemoteCodec> codec, InstantSource clock) {
        super(
                application,
                erasure,
                codec,
                clock,
                "demo",
                "dev, plus a shop whose lapsed customers walk through a win-back journey, with simulated shoppers");
        this.clock = clock;
    }

    @Override
    public void configure(Subparser arguments) {
        super.configure(arguments);
        DemoOptions.declare(arguments);
    }

    @Override
    public void run(Bootstrap<?> bootstrap, Namespace typed) throws Exception {
        if (DemoOptions.of(typed).journey().equals(Optional.of("list"))) {
            Scenes.all().values().forEach(scene -> terminal().printf("%-22s %s%n", scene.template(), scene.story()));
        } else {
            super.run(bootstrap, typed);
        }
    }

    @Override
    protected String usualDirectory() {
        return ".sojourn-demo";
    }

    /** What can be seen to be wrong is said before anything starts. */
    @Override
    protected void prepare(Path data, Namespace typed) {
        var options = DemoOptions.of(typed);
        if (options.contacts().isPresent() && options.purchases().isPresent()) {
            throw new SandboxException("Give either --contacts, for a made-up shop, or --purchases.");
        }
        if (options.journey().isPresent() && options.purchases().isPresent()) {
            throw new SandboxException("Give either --journey, for people who are made up, or --purchases.");
        }
        if (options.fresh()) {
            forget(data);
        }
        var ledger = Ledger.of(data, options, clock.instant());
        if (ledger.scene().isEmpty()) {
            ledger.shop();
        }
    }

    private static void forget(Path data) {
        try (var files = Files.exists(data) ? Files.list(data) : Stream.<Path>empty()) {
            if (!Ledger.isIn(data) && files.findAny().isPresent()) {
                throw new SandboxException(data + " was not made by demo and is not forgotten; remove it yourself.");
            }
        } catch (IOException failure) {
            throw new SandboxException(data + " cannot be read: " + failure, failure);
        }
        Sandbox.forget(data);
    }

    @Override
    protected void whenRunning(Sandbox sandbox, URI url, Namespace typed) {
        show = Thread.ofPlatform().name("demo").daemon().start(() -> perform(sandbox, url, DemoOptions.of(typed)));
    }

    @Override
    protected void whenStopping() {
        var showing = show;
        if (showing != null) {
            showing.interrupt();
        }
    }

    /** What is logged would be written across the figures. */
    private void keepScreenClear(Path log) throws IOException {
        System.setOut(new PrintStream(
                Files.newOutputStream(log, StandardOpenOption.CREATE, StandardOpenOption.APPEND),
                true,
                StandardCharsets.UTF_8));
        terminal().println("  Warnings   " + log);
    }

    private void perform(Sandbox sandbox, URI url, DemoOptions options) {
        var good = false;
        try (var http = HttpClient.newHttpClient()) {
            var directory = sandbox.directory().root();
            keepScreenClear(directory.resolve("demo.log"));
            var ledger = Ledger.of(directory, options, clock.instant());
            ledger.write();
            var adminKey = Files.readString(directory.resolve("api-key")).strip();
            good = new Show(options, ledger, http, url, adminKey, Terminal.of(terminal()), clock).run();
        } catch (SandboxException | IOException failure) {
            if (isStopping()) {
                return;
            }
            terminal().println("The show is broken off: " + failure.getMessage());
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return;
        }
        if (options.exit()) {
            System.exit(good ? 0 : 1);
        }
        announce(sandbox, url);
    }
}
