package sojourn.app.journeys;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.PositiveOrZero;
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
import java.util.ArrayList;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jspecify.annotations.Nullable;
import sojourn.app.journeys.Interventions.Action;
import sojourn.app.platform.Answers;
import sojourn.app.platform.Cursor;
import sojourn.app.platform.Instants;
import sojourn.app.platform.Job;
import sojourn.app.platform.Jobs;
import sojourn.app.platform.Page;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemError;
import sojourn.app.security.Caller;
import sojourn.app.security.Deed;
import sojourn.app.security.Role;

/** The runs of a journey, and helping many of them on at once. */
@Path("/v1/journeys")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class JourneyRunsResource {

    private final Jdbi jdbi;
    private final RunReading runs;
    private final ManyRuns many;
    private final Jobs jobs;

    JourneyRunsResource(Jdbi jdbi, RunReading runs, ManyRuns many, Jobs jobs) {
        this.jdbi = jdbi;
        this.runs = runs;
        this.many = many;
        this.jobs = jobs;
    }

    /**
     * Which runs are to be helped on.
     *
     * @param expected how many are meant at most; needed unless it is a {@code dryRun}, which only counts
     */
    record Wanted(
            @Valid @NotNull RunFilter where,
            @Size(max = Deed.LONGEST_REASON) @Nullable String reason,
            @PositiveOrZero @Nullable Long expected,
            @Nullable Boolean dryRun) {}

    /** The same, and where to. */
    record MoveWanted(
            @Valid @NotNull RunFilter where,
            @NotBlank String tile,
            @Size(max = Deed.LONGEST_REASON) @Nullable String reason,
            @PositiveOrZero @Nullable Long expected,
            @Nullable Boolean dryRun) {}

    /** How many runs fit now. */
    record Counted(long matching) {}

    /**
     * What became of one run; public for the row mapper.
     *
     * @param no its place in the order in which they are helped, from 1
     * @param result {@code done}, {@code skipped} or {@code failed}; null until the job has come to it
     * @param code why it was not done
     */
    public record Helped(
            long no,
            UUID run,
            @Nullable UUID contactId,
            @Nullable String externalId,
            @Nullable String result,
            @Nullable String code,
            @Nullable String detail) {}

    @Operation(summary = "Lists the runs of a journey")
    @GET
    @Path("/{journey}/runs")
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Page<Run> runs(
            @PathParam("journey") String key,
            @QueryParam("status") @Nullable RunStatus status,
            @QueryParam("tile") @Nullable String tile,
            @QueryParam("version") @Nullable Integer version,
            @Parameter(description = "Why they stopped or failed") @QueryParam("reason") @Nullable String reason,
            @QueryParam("contact") @Nullable String contact,
            @Parameter(description = "Runs of its members") @QueryParam("segment") @Nullable String segment,
            @Parameter(description = "At or after this instant") @QueryParam("enteredAfter") @Nullable
                    String enteredAfter,
            @Parameter(description = "Before this instant") @QueryParam("enteredBefore") @Nullable String enteredBefore,
            @QueryParam("limit") @Nullable Integer limit,
            @QueryParam("cursor") @Nullable String cursor) {
        var size = Page.limit(limit);
        var after = Cursor.parse(cursor, 1);
        var journey = find(key);
        var errors = new ArrayList<ProblemError>();
        var filter = new RunFilter(
                status,
                tile,
                version,
                reason,
                contact,
                segment,
                Instants.read("/enteredAfter", enteredAfter, errors),
                Instants.read("/enteredBefore", enteredBefore, errors),
                null);
        errors.addAll(jdbi.withHandle(handle -> filter.check(handle, "")));
        if (!errors.isEmpty()) {
            throw Problem.invalid(errors);
        }
        var rows = runs.page(journey.number(), filter, after == null ? new UUID(0, 0) : after.uuid(0), size + 1);
        return Page.of(rows, size, run -> Cursor.of(run.id()));
    }

    /** Takes all runs that fit to a tile; see {@link RunInterventionsResource#move}. */
    @Operation(summary = "Takes all runs that fit to a tile, as a job")
    @Answers(Counted.class)
    @Answers(value = Job.class, status = 202)
    @POST
    @Path("/{journey}/runs/move")
    @RolesAllowed({Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Response move(@PathParam("journey") String key, @Valid @NotNull MoveWanted wanted, @Auth Caller caller) {
        var counting = new Wanted(wanted.where(), wanted.reason(), wanted.expected(), wanted.dryRun());
        return help(key, Action.move, wanted.tile(), counting, caller);
    }

    /** Ends the waits of all runs that fit. */
    @Operation(summary = "Ends the waits of all runs that fit, as a job")
    @Answers(Counted.class)
    @Answers(value = Job.class, status = 202)
    @POST
    @Path("/{journey}/runs/skip-wait")
    @RolesAllowed({Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Response skipWait(@PathParam("journey") String key, @Valid @NotNull Wanted wanted, @Auth Caller caller) {
        return help(key, Action.skipWait, null, wanted, caller);
    }

    /** Takes the contacts of all runs that fit out of the journey. */
    @Operation(summary = "Takes the contacts of all runs that fit out of the journey, as a job")
    @Answers(Counted.class)
    @Answers(value = Job.class, status = 202)
    @POST
    @Path("/{journey}/runs/stop")
    @RolesAllowed({Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Response stop(@PathParam("journey") String key, @Valid @NotNull Wanted wanted, @Auth Caller caller) {
        return help(key, Action.stop, null, wanted, caller);
    }

    /** Opens all failed runs that fit again. */
    @Operation(summary = "Opens all failed runs that fit again, as a job")
    @Answers(Counted.class)
    @Answers(value = Job.class, status = 202)
    @POST
    @Path("/{journey}/runs/retry")
    @RolesAllowed({Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Response retry(@PathParam("journey") String key, @Valid @NotNull Wanted wanted, @Auth Caller caller) {
        return help(key, Action.retry, null, wanted, caller);
    }

    private Response help(String key, Action action, @Nullable String tile, Wanted wanted, Caller caller) {
        var journey = find(key);
        var deed = Deed.of(caller, wanted.reason());
        var wish = new ManyRuns.Wish(action, tile, wanted.where(), wanted.expected(), deed);
        return Boolean.TRUE.equals(wanted.dryRun())
                ? Response.ok(new Counted(many.count(journey, wish))).build()
                : many.submit(journey, wish).accepted();
    }

    /** What became so far of each run that a job is to help on. */
    @Operation(summary = "Lists what became of each run that a job was to help on")
    @GET
    @Path("/{journey}/interventions/{job}")
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Page<Helped> results(
            @PathParam("journey") String key,
            @PathParam("job") UUID id,
            @QueryParam("result") @Nullable String result,
            @QueryParam("limit") @Nullable Integer limit,
            @QueryParam("cursor") @Nullable String cursor) {
        var journey = find(key);
        var isOfJourney = jobs.find(id)
                .filter(job -> RunsJob.isName(job.kind()) && journey.key().equals(job.subject()))
                .isPresent();
        if (!isOfJourney) {
            throw Problem.notFound("job", id);
        }
        var size = Page.limit(limit);
        var after = Cursor.parse(cursor, 1);
        var rows = jdbi.withHandle(handle -> handle.createQuery("""
                        select i.no, i.run_id as run, c.uuid as contact_id, c.external_id, i.result, i.code, i.detail
                        from run_intervention i
                        left join run r on r.id = i.run_id
                        left join contact c on c.id = r.contact_id
                        where i.job_id = :job and i.no > :after
                          and (cast(:result as text) is null or i.result = :result)
                        order by i.no limit :limit
                        """)
                .bind("job", id)
                .bind("after", after == null ? 0 : after.number(0))
                .bind("result", result)
                .bind("limit", size + 1)
                .map(ConstructorMapper.of(Helped.class))
                .list());
        return Page.of(rows, size, row -> Cursor.of(row.no()));
    }

    private Journey find(String key) {
        return jdbi.withExtension(
                JourneyDao.class,
                dao -> dao.idOf(key).map(dao::get).orElseThrow(() -> Problem.notFound("journey", key)));
    }
}
