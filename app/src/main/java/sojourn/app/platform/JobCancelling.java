package sojourn.app.platform;

import java.security.Principal;
import java.time.Instant;
import org.jdbi.v3.core.Handle;

/** Keeps who has asked for the end of a job, in the transaction that does so; a later feature implements it. */
@FunctionalInterface
public interface JobCancelling {

    /** Called once for a job, however often its end is asked for. */
    void note(Handle handle, Job job, Principal by, Instant at);
}
