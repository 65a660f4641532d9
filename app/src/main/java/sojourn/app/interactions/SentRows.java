package sojourn.app.interactions;

import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The interactions of a stream, one at a time, whatever its format. */
interface SentRows {

    /** The next one; null when there is none. */
    @Nullable
    Sent next() throws IOException;

    /** How long the one last read is in the stream, in bytes or characters. */
    long size();
}
