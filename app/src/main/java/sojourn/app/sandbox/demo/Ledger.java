package sojourn.app.sandbox.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.Properties;
import org.jspecify.annotations.Nullable;
import sojourn.app.sandbox.SandboxException;

/** What the demo remembers in {@code demo.properties}: which shop its data directory holds and how far the show is. */
final class Ledger {

    /** For so long the counts by moving windows are those by date. */
    private static final Duration OPENING_MAY_TAKE = Duration.ofHours(20);

    private static final int DEFAULT_CONTACTS = 500;
    private static final int DEFAULT_GUESTS = 200;
    private static final String FILE = "demo.properties";

    private final Path file;
    private final Properties entries = new Properties();

    private Ledger(Path directory) {
        file = directory.resolve(FILE);
    }

    static boolean isIn(Path directory) {
        return Files.exists(directory.resolve(FILE));
    }

    /** The one that is there, which must be of the shop that is asked for; or a new one. */
    static Ledger of(Path directory, DemoOptions options, Instant now) {
        var ledger = new Ledger(directory);
        if (isIn(directory)) {
            ledger.read();
            ledger.check(options, now);
        } else {
            ledger.entries.setProperty(
                    "now", now.truncatedTo(ChronoUnit.SECONDS).toString());
            ledger.entries.setProperty("seed", Long.toString(options.seed().orElse(1L)));
            options.journey().ifPresent(journey -> ledger.entries.setProperty("journey", journey));
            ledger.entries.setProperty("all", Boolean.toString(options.all()));
            options.purchases()
                    .ifPresentOrElse(
                            path -> ledger.entries.setProperty("purchases", path.toString()),
                            () -> ledger.entries.setProperty(
                                    "contacts",
                                    Integer.toString(options.contacts()
                                            .orElse(
                                                    options.journey().isPresent()
                                                            ? DEFAULT_GUESTS
                                                            : DEFAULT_CONTACTS))));
        }
        return ledger;
    }

    private void check(DemoOptions options, Instant now) {
        var same = options.contacts()
                        .map(Object::toString)
                        .map(wanted -> wanted.equals(entries.getProperty("contacts")))
                        .orElse(true)
                && options.purchases()
                        .map(Path::toString)
                        .map(wanted -> wanted.equals(entries.getProperty("purchases")))
                        .orElse(true)
                && options.journey()
                        .map(wanted -> wanted.equals(entries.getProperty("journey")))
                        .orElse(true)
                && options.seed().map(wanted -> wanted == seed()).orElse(true);
        if (!same) {
            throw new SandboxException(
                    file.getParent() + " holds another show. Leave the options away to go on with that"
                            + " one, give --fresh to begin anew, or choose another directory with --data.");
        }
        if (!isOpen() && now().plus(OPENING_MAY_TAKE).isBefore(now)) {
            throw new SandboxException("The shop in " + file.getParent()
                    + " was never opened and is of another day. Begin anew with --fresh.");
        }
    }

    /** Made or read again, the same each time. */
    Shop shop() {
        return purchases()
                .map(path -> PurchaseFile.read(path, seed(), now()))
                .orElseGet(() -> GeneratedShop.of(Integer.parseInt(entries.getProperty("contacts")), seed(), now()));
    }

    private Optional<Path> purchases() {
        return Optional.ofNullable(entries.getProperty("purchases")).map(Path::of);
    }

    /** Of the template that is shown; empty for the shop. */
    Optional<Scene> scene() {
        return Optional.ofNullable(entries.getProperty("journey"))
                .map(journey -> Optional.ofNullable(Scenes.all().get(journey))
                        .orElseThrow(
                                () -> new SandboxException("There is no journey " + journey + " to show; there are "
                                        + String.join(", ", Scenes.all().keySet()))));
    }

    /** How many people come to the show of a template. */
    int contacts() {
        return Integer.parseInt(entries.getProperty("contacts"));
    }

    Instant now() {
        return Instant.parse(entries.getProperty("now"));
    }

    long seed() {
        return Long.parseLong(entries.getProperty("seed"));
    }

    /** The segment whose members enter: of thousands of lapsed customers only the good ones, unless all are wanted. */
    String audience() {
        var all = purchases().isEmpty() || Boolean.parseBoolean(entries.getProperty("all"));
        return all ? WinBack.LAPSED : WinBack.LAPSED_REGULARS;
    }

    boolean isOpen() {
        return Boolean.parseBoolean(entries.getProperty("open"));
    }

    void open() {
        set("open", "true");
    }

    @Nullable
    String lastMail() {
        return entries.getProperty("lastMail");
    }

    void lastMail(@Nullable String id) {
        if (id != null && !id.equals(lastMail())) {
            set("lastMail", id);
        }
    }

    private void set(String name, String value) {
        entries.setProperty(name, value);
        write();
    }

    private void read() {
        try (var in = Files.newBufferedReader(file)) {
            entries.load(in);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** As a whole: a crash leaves the old content or the new. */
    void write() {
        var next = file.resolveSibling(FILE + ".new");
        try {
            try (var out = Files.newBufferedWriter(next)) {
                entries.store(out, null);
            }
            Files.move(next, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
