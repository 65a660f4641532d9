package sojourn.app.messages;

import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** Finds what other features send. */
public final class Messages {

    /** The version to send now; empty when no message of that key is live. */
    public Optional<LiveMessage> live(Handle handle, String key) {
        return handle.attach(MessageDao.class).live(key);
    }

    /** A version that was chosen before; it never changes, whatever became of the message. */
    public Optional<LiveMessage> version(Handle handle, String key, int version) {
        return handle.attach(MessageDao.class).version(key, version);
    }
}
