package sojourn.app.segments;

import com.fasterxml.jackson.databind.JsonNode;
import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Answers;
import sojourn.app.platform.Cursor;
import sojourn.app.platform.Job;
import sojourn.app.platform.Jobs;
import sojourn.app.platform.Page;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemError;
import sojourn.app.security.Caller;
import sojourn.app.security.Deed;
import sojourn.app.security.Role;
import sojourn.app.segments.MemberQueries.Among;
import sojourn.app.segments.language.Query;

/** Picks members of static segments by query. */
@Path("/v1/segments/{segment}/members/query")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class MemberQueriesResource {

    private final Jdbi jdbi;
    private final MemberQueries queries;
    private final Jobs jobs;

    MemberQueriesResource(Jdbi jdbi, MemberQueries queries, Jobs jobs) {
        this.jdbi = jdbi;
        this.queries = queries;
        this.jobs = jobs;
    }

    record Question(
            @Nullable String query,
            @Nullable Query tree,
            @Nullable String timeZone,
            @Nullable String among) {}

    /** @param contacts {@code "all"}, or a list of names */
    record Choice(@NotNull JsonNode contacts) {}

    @Operation(summary = "Finds contacts by a query, to add or remove; changes no members")
    @Answers(value = MemberQueries.Result.class, status = 201)
    @POST
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public Response ask(@PathParam("segment") String reference, @NotNull Question question, @Auth Caller caller) {
        var segment = jdbi.withHandle(handle -> SegmentReadings.find(handle, reference));
        var zone = zone(question.timeZone(), segment.timeZone());
        var sent = new SentForm(question.query(), question.tree());
        var result = queries.ask(segment, sent, zone, Among.of(question.among()), caller.name());
        return Response.status(Status.CREATED).entity(result).build();
    }

    @Operation(summary = "Lists the contacts that a query for members found")
    @GET
    @Path("/{id}")
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Page<MemberQueries.Found> page(
            @PathParam("segment") String segment,
            @PathParam("id") UUID id,
            @QueryParam("limit") @Nullable Integer limit,
            @QueryParam("cursor") @Nullable String cursor) {
        return queries.page(segment, id, Cursor.parse(cursor, 1), Page.limit(limit));
    }

    @Operation(summary = "Adds contacts that a query found to a static segment")
    @Answers(StaticMembers.Result.class)
    @Answers(value = Job.class, status = 202)
    @POST
    @Path("/{id}/add")
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public Response add(
            @PathParam("segment") String segment,
            @PathParam("id") UUID id,
            @NotNull @Valid Choice choice,
            @Auth Caller caller) {
        return change(segment, id, choice, false, caller);
    }

    @Operation(summary = "Removes contacts that a query found from a static segment")
    @Answers(StaticMembers.Result.class)
    @Answers(value = Job.class, status = 202)
    @POST
    @Path("/{id}/remove")
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public Response remove(
            @PathParam("segment") String segment,
            @PathParam("id") UUID id,
            @NotNull @Valid Choice choice,
            @Auth Caller caller) {
        return change(segment, id, choice, true, caller);
    }

    private Response change(String reference, UUID id, Choice choice, boolean remove, Caller caller) {
        var deed = Deed.of(caller, null);
        if (choice.contacts().isArray()) {
            return Response.ok(queries.change(reference, id, names(choice.contacts()), remove, deed))
                    .build();
        }
        if (!"all".equals(choice.contacts().textValue())) {
            throw Problem.invalid("/contacts", "wrong-type", "\"all\" or a list of contacts would fit");
        }
        var segment = jdbi.withHandle(handle -> SegmentReadings.find(handle, reference));
        var job = jdbi.inTransaction(handle -> {
            StaticMembers.requireByHand(segment);
            var large = queries.get(handle, segment.id(), id).count() > StaticMembers.MOST_AT_ONCE;
            if (large) {
                queries.keep(handle, id);
            }
            return large ? new ResultMembers.Input(segment.id(), id, remove, deed) : null;
        });
        return job == null
                ? Response.ok(queries.changeAll(reference, id, remove, deed)).build()
                : jobs.submit(
                                ResultMembers.NAME,
                                segment.key(),
                                StaticMembers.serial(job.segment()),
                                job,
                                null,
                                caller.name())
                        .accepted();
    }

    private static List<String> names(JsonNode list) {
        var names = new ArrayList<String>();
        var problems = new ArrayList<ProblemError>();
        for (var index = 0; index < list.size(); index++) {
            var name = list.get(index).textValue();
            if (name == null) {
                problems.add(ProblemError.at(
                        "/contacts/" + index, "wrong-type", "A contact is named by a UUID or external:..."));
            } else {
                names.add(name);
            }
        }
        if (!problems.isEmpty()) {
            throw Problem.invalid(problems);
        }
        return names;
    }

    private static ZoneId zone(@Nullable String name, ZoneId standard) {
        if (name == null) {
            return standard;
        }
        if (ZoneId.getAvailableZoneIds().contains(name)) {
            return ZoneId.of(name);
        }
        throw Problem.invalid("/timeZone", "unknown-time-zone", "'" + name + "' is no IANA time zone");
    }
}
