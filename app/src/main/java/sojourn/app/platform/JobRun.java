package sojourn.app.platform;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;

/** One process's hold on a job: what it is to work on, and where it says how far it came. */
public final class JobRun {

    /** Thrown into a batch, which it rolls back, when another process has taken the job over. */
    static final class LeaseLost extends RuntimeException {
        private static final long serialVersionUID = 1;
    }

    private final Jdbi jdbi;
    private final ObjectMapper json;
    private final ClaimedJob claimed;
    private volatile boolean cancelled;

    JobRun(Jdbi jdbi, ObjectMapper json, ClaimedJob claimed) {
        this.jdbi = jdbi;
        this.json = json;
        this.claimed = claimed;
    }

    public UUID id() {
        return claimed.id();
    }

    public String createdBy() {
        return claimed.createdBy();
    }

    /** What the job was submitted with. */
    public <T> T input(Class<T> type) {
        return read(claimed.input(), type);
    }

    /** Where the last committed batch ended; empty at the first start. */
    public <T> Optional<T> position(Class<T> type) {
        return claimed.position().equals("{}") ? Optional.empty() : Optional.of(read(claimed.position(), type));
    }

    /** How much was done when this run began. */
    public long done() {
        return claimed.done();
    }

    /** The body that the job was submitted with, from its beginning, in constant memory. */
    public InputStream upload() {
        return upload(0);
    }

    /** The body from an offset in bytes. */
    public InputStream upload(long offset) {
        return new UploadStream(jdbi, claimed.id(), offset);
    }

    /**
     * Says how far the job is, in the transaction of the batch itself, so that both are true or neither.
     *
     * @param position where to go on from after this batch; any record, not empty
     * @param done all that is done, earlier batches included
     * @param counted what this batch adds to the counts of the result
     * @param problems what this batch could not do
     */
    public void progress(
            Handle handle, Object position, long done, Map<String, Long> counted, List<JobProblem> problems) {
        var cancelling = handle.attach(JobDao.class)
                .progress(
                        claimed.id(),
                        claimed.attempt(),
                        write(position),
                        done,
                        write(counted),
                        write(problems),
                        problems.size())
                .orElseThrow(LeaseLost::new);
        cancelled |= cancelling;
    }

    /** Says how much there is to do, once that is known. */
    public void total(long total) {
        jdbi.useExtension(JobDao.class, jobs -> jobs.total(claimed.id(), claimed.attempt(), total));
    }

    /** Whether to stop now: the job was cancelled, or this process goes down and another will go on. */
    public boolean cancelled() {
        return cancelled;
    }

    void cancel() {
        cancelled = true;
    }

    ClaimedJob claimed() {
        return claimed;
    }

    private <T> T read(String text, Class<T> type) {
        try {
            return json.readValue(text, type);
        } catch (JsonProcessingException other) {
            throw new IllegalStateException("A job's record is not what its kind wrote", other);
        }
    }

    private String write(Object value) {
        try {
            return json.writeValueAsString(value);
        } catch (JsonProcessingException impossible) {
            throw new IllegalArgumentException(impossible);
        }
    }
}
