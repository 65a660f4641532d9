package sojourn.app.platform;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.dropwizard.core.setup.Environment;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;

/** Takes work that is longer than a request: what was answered 202 outlives this process. */
public final class Jobs {

    private final JobDao jobs;
    private final ObjectMapper json;
    private final InstantSource clock;
    private final JobRunner runner;

    public Jobs(Jdbi jdbi, ObjectMapper json, InstantSource clock) {
        this.jobs = jdbi.onDemand(JobDao.class);
        this.json = json;
        this.clock = clock;
        this.runner = new JobRunner(jdbi, json, clock);
    }

    /** Makes a kind of job known; before the start. */
    public void register(JobKind kind) {
        runner.register(kind);
    }

    /** Lets a later feature keep who cancels jobs; before the start. */
    public void onCancelling(JobCancelling noting) {
        runner.onCancelling(noting);
    }

    public Job submit(String kind, Object input, @Nullable InputStream upload, String createdBy) {
        return submit(kind, null, input, upload, createdBy);
    }

    /**
     * Queues a job about something.
     *
     * @param subject what the job works on, e.g. a journey's key; null when that is nothing in particular
     */
    public Job submit(
            String kind, @Nullable String subject, Object input, @Nullable InputStream upload, String createdBy) {
        return submit(kind, subject, null, input, upload, createdBy);
    }

    /**
     * Queues a job; its upload is stored first, in constant memory. An upload that breaks off leaves nothing.
     *
     * @param serial a name under which jobs, of whatever kind, are run one after another: none begins before those that
     *     were accepted earlier have ended, however they ended; null when the order is of no importance
     */
    public Job submit(
            String kind,
            @Nullable String subject,
            @Nullable String serial,
            Object input,
            @Nullable InputStream upload,
            String createdBy) {
        var id = jobs.add(kind, subject, serial, write(input), clock.instant(), createdBy);
        store(id, upload == null ? InputStream.nullInputStream() : upload);
        runner.kick();
        return jobs.find(id).orElseThrow();
    }

    /**
     * Queues a job without an upload in the caller's transaction, with what the caller writes beside it. After the commit the
     * caller {@link #kick}s.
     */
    public Job submit(Handle handle, String kind, String subject, String serial, Object input, String createdBy) {
        var dao = handle.attach(JobDao.class);
        var id = dao.add(kind, subject, serial, write(input), clock.instant(), createdBy);
        dao.queue(id);
        return dao.find(id).orElseThrow();
    }

    /** Says that a job was queued. */
    public void kick() {
        runner.kick();
    }

    public Optional<Job> find(UUID id) {
        return jobs.find(id);
    }

    public void register(Environment environment) {
        environment.jersey().register(new JobsResource(jobs, runner));
        environment.lifecycle().manage(runner);
    }

    JobRunner runner() {
        return runner;
    }

    private void store(UUID id, InputStream upload) {
        var complete = false;
        try {
            var number = 0;
            for (var chunk = upload.readNBytes(UploadStream.CHUNK);
                    chunk.length > 0;
                    chunk = upload.readNBytes(UploadStream.CHUNK)) {
                if (jobs.addChunk(id, number++, chunk) == 0) {
                    throw new Problem(ProblemType.UNAVAILABLE, "The upload took too long");
                }
            }
            complete = jobs.queue(id);
        } catch (IOException brokenOff) {
            throw new UncheckedIOException(brokenOff);
        } finally {
            if (!complete) {
                jobs.drop(id);
            }
        }
    }

    private String write(Object input) {
        try {
            return json.writeValueAsString(input);
        } catch (JsonProcessingException notJson) {
            throw new IllegalArgumentException(notJson);
        }
    }
}
