package sojourn.app.messages;

import java.util.List;
import org.jdbi.v3.core.Handle;

/** Says who uses a message. Features that do register one with {@link MessagesFeature#usedBy}. */
@FunctionalInterface
public interface MessageUse {

    /** The live users of a message, as a person would name them, e.g. {@code journey win-back}. */
    List<String> of(Handle handle, String message);
}
