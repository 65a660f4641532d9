package sojourn.app.sandbox;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import sojourn.app.security.ApiKeys;
import sojourn.app.security.Role;

/** The key with which the person at this machine may do everything; kept in the file {@code api-key}. */
final class AdminKey {

    private static final String FILE = "api-key";

    private AdminKey() {}

    /** Leaves the key that is there as long as it is valid, so that what was set up with it goes on working. */
    static Path ensure(DataDirectory directory, ApiKeys keys) throws IOException {
        var file = directory.resolve(FILE);
        if (Files.exists(file)
                && keys.authenticate(Files.readString(file).strip()).isPresent()) {
            return file;
        }
        return directory.writeSecret(
                FILE, keys.create("dev", Role.ADMIN, null, "dev").key());
    }
}
