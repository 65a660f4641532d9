package sojourn.app.segments;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Answers;
import sojourn.app.platform.Cursor;
import sojourn.app.platform.ListExport;
import sojourn.app.platform.OptionalBody;
import sojourn.app.platform.Page;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemType;
import sojourn.app.security.Caller;
import sojourn.app.security.Deed;
import sojourn.app.security.ReasonGiven;
import sojourn.app.security.Role;
import sojourn.app.segments.SegmentLifecycle.Outcome;
import sojourn.app.segments.language.Query;
import sojourn.app.segments.language.SegmentLanguage;

/** Segments over HTTP. A path takes a segment's key or id. */
@Path("/v1/segments")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class SegmentsResource {

    private static final List<String> COLUMNS = List.of(
            "id",
            "key",
            "name",
            "description",
            "kind",
            "state",
            "cause",
            "timeZone",
            "query",
            "size",
            "scope",
            "owner",
            "tags",
            "external.source",
            "external.url",
            "createdAt",
            "createdBy",
            "updatedAt",
            "updatedBy",
            "firstLiveAt",
            "firstLiveBy",
            "stoppedAt",
            "lastEvaluation.at",
            "nextEvaluationAt");

    private static final List<String> EVALUATION_COLUMNS =
            List.of("at", "took", "size", "joined", "left", "kind", "drift");

    private final Jdbi jdbi;
    private final Vocabulary vocabulary;
    private final SegmentEditor editor;
    private final SegmentLifecycle lifecycle;
    private final SegmentAnswers answers;
    private final Consumer<String> changed;
    private final Runnable due;

    /**
     * @param changed has a segment's workflow look at once
     * @param due has those of segments that are due do so
     */
    SegmentsResource(
            Jdbi jdbi,
            Vocabulary vocabulary,
            SegmentEditor editor,
            SegmentLifecycle lifecycle,
            SegmentAnswers answers,
            Consumer<String> changed,
            Runnable due) {
        this.jdbi = jdbi;
        this.vocabulary = vocabulary;
        this.editor = editor;
        this.lifecycle = lifecycle;
        this.answers = answers;
        this.changed = changed;
        this.due = due;
    }

    /**
     * @param force whether to stop what is in use, too
     * @param reason why, for those who come after
     */
    record StopWanted(
            @Nullable Boolean force,
            @Size(max = Deed.LONGEST_REASON) @Nullable String reason) {}

    record QueryText(@Nullable String query, @Nullable Query tree) {}

    record ParsedQuery(String query, Query tree) {}

    @Operation(summary = "Creates a segment: a dynamic one as a draft, a static one live")
    @Answers(value = SegmentAnswer.class, status = 201)
    @POST
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public Response create(@NotNull NewSegment segment, @Auth Caller caller) {
        refuseUnlessAdmin(segment.scope(), Scopes.ORGANIZATION, caller);
        var created = editor.create(segment, Deed.of(caller, null));
        return answers.created(created);
    }

    @Operation(summary = "Lists segments, in pages as JSON, or all of them as CSV or NDJSON")
    @GET
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Page<SegmentAnswer> list(
            @QueryParam("limit") @Nullable Integer limit,
            @QueryParam("cursor") @Nullable String cursor,
            @Parameter(description = "In key or name") @QueryParam("q") @Nullable String q,
            @QueryParam("state") @Nullable String state,
            @QueryParam("kind") @Nullable String kind,
            @QueryParam("tag") @Nullable String tag,
            @QueryParam("owner") @Nullable String owner,
            @Parameter(description = "`key` (the default), `name`, `updatedAt` or `size`; turned round by a minus")
                    @QueryParam("sort")
                    @Nullable
                    String sort) {
        var size = Page.limit(limit);
        var filter = new SegmentList.Filter(q, state, kind, tag, owner);
        return jdbi.withHandle(handle -> {
            var page = SegmentList.read(handle, filter, sort, Cursor.parse(cursor, 3), size);
            return new Page<>(answers.of(handle, page.items()), page.next());
        });
    }

    @Operation(summary = "Lists segments, in pages as JSON, or all of them as CSV or NDJSON")
    @Answers(String.class)
    @GET
    @Produces({ListExport.ALSO_CSV, ListExport.ALSO_NDJSON})
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Response export(
            @Parameter(description = "In key or name") @QueryParam("q") @Nullable String q,
            @QueryParam("state") @Nullable String state,
            @QueryParam("kind") @Nullable String kind,
            @QueryParam("tag") @Nullable String tag,
            @QueryParam("owner") @Nullable String owner,
            @Parameter(description = "`key` (the default), `name`, `updatedAt` or `size`; turned round by a minus")
                    @QueryParam("sort")
                    @Nullable
                    String sort,
            @Context HttpHeaders accepting) {
        return ListExport.answer(
                accepting,
                "segments",
                COLUMNS,
                cursor -> list(Page.MAX_LIMIT, cursor, q, state, kind, tag, owner, sort));
    }

    @Operation(summary = "Reads a segment")
    @Answers(SegmentAnswer.class)
    @GET
    @Path("/{segment}")
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Response get(@PathParam("segment") String reference) {
        return answer(jdbi.withHandle(handle -> SegmentReadings.find(handle, reference)), Status.OK)
                .build();
    }

    @Operation(summary = "Replaces a segment that is not live, or the edit beside it")
    @Answers(SegmentAnswer.class)
    @PUT
    @Path("/{segment}")
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public Response replace(
            @PathParam("segment") String reference,
            @NotNull NewSegment segment,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @Auth Caller caller) {
        var known = jdbi.withHandle(handle -> SegmentReadings.find(handle, reference));
        refuseUnlessAdmin(segment.scope(), Scopes.current(known), caller);
        refuseOtherOwnerUnlessAdmin(segment, known, caller);
        return answer(editor.replace(known.key(), segment, ifMatch, Deed.of(caller, null)), Status.OK)
                .build();
    }

    @Operation(summary = "Deletes a segment that is static or not live; refused while in use, unless forced")
    @DELETE
    @Path("/{segment}")
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public void delete(
            @PathParam("segment") String reference,
            @Parameter(description = "`true` deletes what is in use, too") @QueryParam("force") @DefaultValue("false")
                    boolean force,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @Auth Caller caller) {
        lifecycle.delete(key(reference), force, ifMatch, Deed.of(caller, null));
    }

    @Operation(summary = "Makes a segment live")
    @Answers(
            value = SegmentAnswer.class,
            status = {200, 202})
    @POST
    @Path("/{segment}/go-live")
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public Response goLive(
            @PathParam("segment") String reference,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @OptionalBody @Valid @Nullable ReasonGiven given,
            @Auth Caller caller) {
        return verb(lifecycle.goLive(key(reference), ifMatch, Deed.of(caller, ReasonGiven.of(given))));
    }

    @Operation(summary = "Stops a segment; refused while it is in use, unless forced")
    @Answers(
            value = SegmentAnswer.class,
            status = {200, 202})
    @POST
    @Path("/{segment}/stop")
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public Response stop(
            @PathParam("segment") String reference,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @OptionalBody @Valid @Nullable StopWanted wanted,
            @Auth Caller caller) {
        var forced = wanted != null && Boolean.TRUE.equals(wanted.force());
        var deed = Deed.of(caller, wanted == null ? null : wanted.reason());
        return verb(lifecycle.stop(key(reference), forced, ifMatch, deed));
    }

    @Operation(summary = "Begins an edit beside a live segment")
    @Answers(SegmentAnswer.class)
    @POST
    @Path("/{segment}/edit")
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public Response edit(
            @PathParam("segment") String reference,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @Auth Caller caller) {
        return answer(editor.edit(key(reference), ifMatch, Deed.of(caller, null)), Status.OK)
                .build();
    }

    @Operation(summary = "Checks the edit beside a segment and swaps it in")
    @Answers(
            value = SegmentAnswer.class,
            status = {200, 202})
    @POST
    @Path("/{segment}/save")
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public Response save(
            @PathParam("segment") String reference,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @Auth Caller caller) {
        var saved = editor.save(key(reference), ifMatch, Deed.of(caller, null));
        return verb(new Outcome(saved, saved.draft() != null));
    }

    @Operation(summary = "Drops the edit beside a segment")
    @Answers(SegmentAnswer.class)
    @POST
    @Path("/{segment}/discard")
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public Response discard(
            @PathParam("segment") String reference,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @Auth Caller caller) {
        return answer(editor.discard(key(reference), ifMatch, Deed.of(caller, null)), Status.OK)
                .build();
    }

    @Operation(summary = "Has a live segment evaluated now")
    @Answers(value = SegmentAnswer.class, status = 202)
    @POST
    @Path("/{segment}/evaluate")
    @RolesAllowed({Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Response evaluate(
            @PathParam("segment") String reference,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @Auth Caller caller) {
        return verb(new Outcome(lifecycle.evaluate(key(reference), ifMatch, Deed.of(caller, null)), true));
    }

    /** How many segments are about to be evaluated. */
    record Evaluating(int segments) {}

    @Operation(summary = "Has all live segments evaluated now")
    @Answers(value = Evaluating.class, status = 202)
    @POST
    @Path("/evaluate")
    @RolesAllowed({Role.OPERATOR, Role.ADMIN})
    public Response evaluateAll(@Auth Caller caller) {
        var evaluating = new Evaluating(lifecycle.evaluateAll(Deed.of(caller, null)));
        due.run();
        return Response.accepted(evaluating).build();
    }

    @Operation(summary = "Lists full evaluations, newest first, in pages as JSON, or all as CSV or NDJSON")
    @GET
    @Path("/{segment}/evaluations")
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Page<Evaluation> evaluations(
            @PathParam("segment") String reference,
            @QueryParam("limit") @Nullable Integer limit,
            @QueryParam("cursor") @Nullable String cursor) {
        var size = Page.limit(limit);
        var after = Cursor.parse(cursor, 2);
        return jdbi.withHandle(handle -> SegmentReadings.evaluations(
                handle, SegmentReadings.find(handle, reference).id(), after, size));
    }

    @Operation(summary = "Lists full evaluations, newest first, in pages as JSON, or all as CSV or NDJSON")
    @Answers(String.class)
    @GET
    @Path("/{segment}/evaluations")
    @Produces({ListExport.ALSO_CSV, ListExport.ALSO_NDJSON})
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Response exportEvaluations(@PathParam("segment") String reference, @Context HttpHeaders accepting) {
        return ListExport.answer(
                accepting,
                reference + "-evaluations",
                EVALUATION_COLUMNS,
                cursor -> evaluations(reference, Page.MAX_LIMIT, cursor));
    }

    @Operation(summary = "Checks a query and answers with its canonical text and its tree")
    @POST
    @Path("/parse")
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public ParsedQuery parse(@NotNull QueryText sent) {
        var tree = new SentForm(sent.query(), sent.tree())
                .require(vocabulary.read())
                .query();
        return new ParsedQuery(SegmentLanguage.print(tree), tree);
    }

    /** 202 while something is still to be done, 200 when the verb had been done before. */
    private Response verb(Outcome outcome) {
        if (outcome.changed()) {
            changed.accept(outcome.segment().key());
        }
        return answer(outcome.segment(), outcome.changed() ? Status.ACCEPTED : Status.OK)
                .build();
    }

    private Response.ResponseBuilder answer(Segment segment, Status status) {
        return answers.answer(Response.status(status), segment);
    }

    private static void refuseUnlessAdmin(@Nullable String scope, String current, Caller caller) {
        if (scope != null && !scope.equals(current) && !caller.is(Role.ADMIN)) {
            throw new Problem(
                    ProblemType.FORBIDDEN,
                    "Only admins change the scope of a segment; it is " + current + ", leave it so or out");
        }
    }

    /** Where the scope is the owner's unit, another owner is another scope. */
    private static void refuseOtherOwnerUnlessAdmin(NewSegment segment, Segment known, Caller caller) {
        var owner = Scopes.currentOwner(known);
        if (Scopes.current(known).equals(Scopes.OWNER)
                && !Objects.equals(segment.owner(), owner)
                && !caller.is(Role.ADMIN)) {
            throw new Problem(
                    ProblemType.FORBIDDEN,
                    "Only admins change the scope of a segment, which is the unit of its owner " + owner
                            + "; leave the owner as it is");
        }
    }

    private String key(String reference) {
        return jdbi.withHandle(handle -> SegmentReadings.find(handle, reference))
                .key();
    }
}
