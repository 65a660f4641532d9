package sojourn.app.platform;

import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.json.Json;
import org.jspecify.annotations.Nullable;

/**
 * Work that takes longer than a request, as the API shows it.
 *
 * @param state {@code queued}, {@code running}, {@code succeeded}, {@code failed} or {@code cancelled}
 * @param subject what it works on, e.g. a journey's key
 * @param done how much is done, in the kind's own unit
 * @param total how much there is to do, when that is known
 * @param result counts by name
 * @param problems the first 1,000 of {@code problemsTotal}
 */
public record Job(
        UUID id,
        String kind,
        String state,
        @Nullable String subject,
        long done,
        @Nullable Long total,
        @Json Map<String, Long> result,
        @Json List<JobProblem> problems,
        long problemsTotal,
        Instant createdAt,
        String createdBy,
        @Nullable Instant startedAt,
        @Nullable Instant endedAt)
        implements PersonalAnswer {

    /** Problems may quote lines about anybody. */
    @Override
    public @Nullable UUID contactId() {
        return null;
    }

    @Override
    public boolean personal() {
        return !problems.isEmpty();
    }

    public boolean ended() {
        return endedAt != null;
    }

    /** 202 with the job's place. */
    public Response accepted() {
        return Response.accepted(this)
                .location(URI.create("/v1/jobs/" + id))
                .header(HttpHeaders.ETAG, Versions.etag(hashCode()))
                .build();
    }

    /** Without what problems quote of their input, which may be contact points. */
    Job withoutDetails() {
        var bare = problems.stream()
                .map(problem -> new JobProblem(problem.line(), problem.code(), ""))
                .toList();
        return new Job(
                id,
                kind,
                state,
                subject,
                done,
                total,
                result,
                bare,
                problemsTotal,
                createdAt,
                createdBy,
                startedAt,
                endedAt);
    }
}
