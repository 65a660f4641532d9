package sojourn.app.security;

import java.util.UUID;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Job;

/**
 * Who does something, and why.
 *
 * @param by the name of the key or command
 * @param key null for commands
 * @param reason as given, for those who come after; null when none was
 */
public record Deed(String by, @Nullable UUID key, @Nullable String reason) {

    /** The longest reason that is taken. */
    public static final int LONGEST_REASON = 1000;

    /** Who does what nobody asks for just then. */
    public static final Deed ITSELF = by("sojourn");

    public static Deed by(String name) {
        return new Deed(name, null, null);
    }

    /** Who had a job done: as kept with it, or by the name alone where none was kept. */
    public static Deed of(Job job, @Nullable Deed kept) {
        return kept == null ? by(job.createdBy()) : kept;
    }

    public static Deed of(Caller caller, @Nullable String reason) {
        return new Deed(caller.name(), caller.keyId(), reason);
    }
}
