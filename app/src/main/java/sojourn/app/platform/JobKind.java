package sojourn.app.platform;

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
}
