package sojourn.app.platform;

import org.jdbi.v3.core.Handle;

/** One kind of long work; a feature implements it and registers it with {@link Jobs}. */
public interface JobKind {

    /** Its name in the API, e.g. {@code contact-import}. */
    String name();

    /**
     * Does the work in batches, each a transaction that ends with {@link JobRun#progress}, and returns when all is done
     * or {@link JobRun#cancelled} says to stop. It may be called again for the same job, in another process, and then
     * goes on from {@link JobRun#position}. A {@link Problem} ends the job as failed; anything else is tried again.
     */
    void run(JobRun run) throws Exception;

    /**
     * Notes what a job has done, in the transaction that ends it, whether it succeeded, failed or was cancelled: batches
     * that were done stay done. Once for each job.
     *
     * @param job as it has ended, with all that was counted
     */
    default void ended(Handle handle, JobRun run, Job job) {}
}
