package sojourn.app.journeys;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Answers;
import sojourn.app.platform.Cursor;
import sojourn.app.platform.Job;
import sojourn.app.platform.Jobs;
import sojourn.app.platform.Page;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemType;
import sojourn.app.security.Caller;
import sojourn.app.security.Deed;
import sojourn.app.security.Role;

/** Enters lists of contacts, and says what became of each. */
@Path("/v1/journeys")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class ListEntryResource {

    private static final int MOST = 10_000;

    private final Jdbi jdbi;
    private final Jobs jobs;

    ListEntryResource(Jdbi jdbi, Jobs jobs) {
        this.jdbi = jdbi;
        this.jobs = jobs;
    }

    /** Exactly one of both: a static segment's key, or references to contacts. */
    record ListWanted(
            @Nullable String segment,
            @Nullable @Size(min = 1, max = MOST) List<@NotBlank String> contacts) {}

    /**
     * What became of one contact of a list; public for the row mapper.
     *
     * @param no its place in the list, from 1
     * @param contactId null when there is no such contact
     * @param result {@code entered}, {@code waiting}, or what kept it out
     * @param run the one that was made
     */
    public record Result(
            long no,
            @Nullable UUID contactId,
            @Nullable String externalId,
            String result,
            @Nullable UUID run) {}

    @Operation(summary = "Enters the members of a static segment, or up to 10,000 contacts, as a job")
    @Answers(value = Job.class, status = 202)
    @POST
    @Path("/{journey}/entries")
    @RolesAllowed({Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Response enter(@PathParam("journey") String key, @Valid @NotNull ListWanted wanted, @Auth Caller caller) {
        if ((wanted.segment() == null) == (wanted.contacts() == null)) {
            throw Problem.invalid(
                    "", "segment-or-contacts", "Give either the key of a static segment or a list of contacts");
        }
        var journey = find(key);
        if (journey.state() != JourneyState.live && journey.state() != JourneyState.paused) {
            throw new Problem(
                    ProblemType.NOT_LIVE,
                    EntryVerdict.notLive(journey.key(), journey.state()).detail());
        }
        var deed = Deed.of(caller, null);
        var job = wanted.contacts() == null
                ? ListEntryJob.submit(jobs, journey, segment(String.valueOf(wanted.segment())), deed)
                : ListEntryJob.submit(jobs, journey, wanted.contacts(), deed);
        return job.accepted();
    }

    /** What became of each contact of a list so far. */
    @Operation(summary = "Lists what became of each contact that a job was to enter")
    @GET
    @Path("/{journey}/entries/{job}")
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Page<Result> results(
            @PathParam("journey") String key,
            @PathParam("job") UUID id,
            @QueryParam("result") @Nullable String result,
            @QueryParam("limit") @Nullable Integer limit,
            @QueryParam("cursor") @Nullable String cursor) {
        var journey = find(key);
        var isOfJourney = jobs.find(id)
                .filter(job ->
                        job.kind().equals(ListEntryJob.NAME) && journey.key().equals(job.subject()))
                .isPresent();
        if (!isOfJourney) {
            throw Problem.notFound("job", id.toString());
        }
        var size = Page.limit(limit);
        var after = Cursor.parse(cursor, 1);
        var rows = jdbi.withHandle(handle -> handle.createQuery("""
                        select e.no, c.uuid as contact_id, c.external_id, e.result, e.run_id as run
                        from entry_result e left join contact c on c.id = e.contact_id
                        where e.job_id = :job and e.no > :after
                          and (cast(:result as text) is null or e.result = :result)
                        order by e.no limit :limit
                        """)
                .bind("job", id)
                .bind("after", after == null ? 0 : after.number(0))
                .bind("result", result)
                .bind("limit", size + 1)
                .map(ConstructorMapper.of(Result.class))
                .list());
        return Page.of(rows, size, row -> Cursor.of(row.no()));
    }

    /** Public for the row mapper. */
    public record Named(int id, String kind, String state) {}

    private int segment(String key) {
        var segment = jdbi.withHandle(handle -> named(handle, key))
                .orElseThrow(() -> Problem.invalid("/segment", "unknown-segment", "There is no segment '" + key + "'"));
        if (!segment.kind().equals("static")) {
            throw Problem.invalid(
                    "/segment",
                    "not-static",
                    "The segment '" + key
                            + "' is dynamic; name a static one, or give it to the journey as its audience");
        }
        if (!segment.state().equals("live")) {
            throw Problem.invalid(
                    "/segment",
                    "segment-not-live",
                    "The segment '" + key + "' is " + segment.state() + "; make it live first");
        }
        return segment.id();
    }

    private static Optional<Named> named(Handle handle, String key) {
        return handle.select("select id, kind, state from segment where key = ? or uuid::text = ?", key, key)
                .map(ConstructorMapper.of(Named.class))
                .findOne();
    }

    private Journey find(String key) {
        return jdbi.withExtension(
                JourneyDao.class,
                dao -> dao.idOf(key).map(dao::get).orElseThrow(() -> Problem.notFound("journey", key)));
    }
}
