package sojourn.app.sandbox;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Where the program {@code temporal} is. */
final class TemporalProgram {

    private static final String NAME = "temporal";

    private TemporalProgram() {}

    /** Named by TEMPORAL_CLI_PATH, on the PATH, or in our cache. */
    static Optional<Path> find() {
        var named = System.getenv("TEMPORAL_CLI_PATH");
        if (named != null && !named.isBlank()) {
            var program = Path.of(named);
            if (!Files.isExecutable(program) || Files.isDirectory(program)) {
                throw new SandboxException("TEMPORAL_CLI_PATH is " + named + ", which is no program.");
            }
            return Optional.of(program);
        }
        return Programs.onPath(NAME).or(() -> Optional.of(cached()).filter(Files::isExecutable));
    }

    static Path cached() {
        return Programs.cache().resolve("bin").resolve(NAME);
    }
}
