package sojourn.app.segments;

import io.dropwizard.auth.Auth;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
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
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.Response.Status;
import java.net.URI;
import java.util.function.Consumer;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Cursor;
import sojourn.app.platform.OptionalBody;
import sojourn.app.platform.Page;
import sojourn.app.platform.Problem;
import sojourn.app.security.Caller;
import sojourn.app.security.Role;
import sojourn.app.segments.SegmentLifecycle.Outcome;
import sojourn.app.segments.language.Query;
import sojourn.app.segments.language.QueryException;
import sojourn.app.segments.language.SegmentLanguage;

/** Segments over HTTP. A path takes a segment's key or id. */
@Path("/v1/segments")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class SegmentsResource {

    private final Jdbi jdbi;
    private final Vocabulary vocabulary;
    private final SegmentEditor editor;
    private final SegmentLifecycle lifecycle;
    private final Consumer<String> changed;

    SegmentsResource(
            Jdbi jdbi,
            Vocabulary vocabulary,
            SegmentEditor editor,
            SegmentLifecycle lifecycle,
            Consumer<String> changed) {
        this.jdbi = jdbi;
        this.vocabulary = vocabulary;
        this.editor = editor;
        this.lifecycle = lifecycle;
        this.changed = changed;
    }

    record Force(@Nullable Boolean force) {}

    record QueryText(@NotNull String query) {}

    record ParsedQuery(String query, Query tree) {}

    @POST
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public Response create(@NotNull NewSegment segment, @Auth Caller caller) {
        var created = editor.create(segment, caller.name());
        return answer(created, Status.CREATED)
                .location(URI.create("/v1/segments/" + created.key()))
                .build();
    }

    @GET
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Page<SegmentAnswer> list(
            @QueryParam("limit") @Nullable Integer limit,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("q") @Nullable String q,
            @QueryParam("state") @Nullable String state,
            @QueryParam("kind") @Nullable String kind) {
        var size = Page.limit(limit);
        var after = Cursor.parse(cursor, 1);
        if (state != null && SegmentState.of(state).isEmpty()) {
            throw Problem.invalid("/state", "unknown-state", "There is no state '" + state + "'");
        }
        if (kind != null && SegmentKind.of(kind).isEmpty()) {
            throw Problem.invalid("/kind", "unknown-kind", "There is no kind '" + kind + "'");
        }
        return jdbi.withHandle(handle -> {
            var rows =
                    handle.attach(SegmentDao.class).list(after == null ? null : after.get(0), state, kind, q, size + 1);
            var page = Page.of(rows, size, segment -> Cursor.of(segment.key()));
            return new Page<>(SegmentReadings.answers(handle, page.items()), page.next());
        });
    }

    @GET
    @Path("/{segment}")
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Response get(@PathParam("segment") String reference) {
        return answer(jdbi.withHandle(handle -> SegmentPath.find(handle, reference)), Status.OK)
                .build();
    }

    @PUT
    @Path("/{segment}")
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public Response replace(
            @PathParam("segment") String reference,
            @NotNull NewSegment segment,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @Auth Caller caller) {
        return answer(editor.replace(key(reference), segment, ifMatch, caller.name()), Status.OK)
                .build();
    }

    @DELETE
    @Path("/{segment}")
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public void delete(
            @PathParam("segment") String reference,
            @QueryParam("force") @DefaultValue("false") boolean force,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        lifecycle.delete(key(reference), force, ifMatch);
    }

    @POST
    @Path("/{segment}/go-live")
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public Response goLive(
            @PathParam("segment") String reference,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @Auth Caller caller) {
        return verb(lifecycle.goLive(key(reference), ifMatch, caller.name()));
    }

    @POST
    @Path("/{segment}/stop")
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public Response stop(
            @PathParam("segment") String reference,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @OptionalBody @Nullable Force force,
            @Auth Caller caller) {
        var forced = force != null && Boolean.TRUE.equals(force.force());
        return verb(lifecycle.stop(key(reference), forced, ifMatch, caller.name()));
    }

    @POST
    @Path("/{segment}/edit")
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public Response edit(
            @PathParam("segment") String reference,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @Auth Caller caller) {
        return answer(editor.edit(key(reference), ifMatch, caller.name()), Status.OK)
                .build();
    }

    @POST
    @Path("/{segment}/save")
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public Response save(
            @PathParam("segment") String reference,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @Auth Caller caller) {
        var saved = editor.save(key(reference), ifMatch, caller.name());
        return verb(new Outcome(saved, saved.draft() != null));
    }

    @POST
    @Path("/{segment}/discard")
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public Response discard(
            @PathParam("segment") String reference,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @Auth Caller caller) {
        return answer(editor.discard(key(reference), ifMatch, caller.name()), Status.OK)
                .build();
    }

    @POST
    @Path("/{segment}/evaluate")
    @RolesAllowed({Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Response evaluate(
            @PathParam("segment") String reference, @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch) {
        return verb(new Outcome(lifecycle.evaluate(key(reference), ifMatch), true));
    }

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
                handle, SegmentPath.find(handle, reference).id(), after, size));
    }

    @POST
    @Path("/parse")
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public ParsedQuery parse(@NotNull @Valid QueryText text) {
        try {
            var tree = vocabulary.read().parse(text.query());
            return new ParsedQuery(SegmentLanguage.print(tree), tree);
        } catch (QueryException refused) {
            throw Problem.invalid(NewSegment.problems(refused));
        }
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
        var answer = jdbi.withHandle(handle -> SegmentReadings.answer(handle, segment));
        return Response.status(status).entity(answer).tag(Integer.toString(segment.version()));
    }

    private String key(String reference) {
        return jdbi.withHandle(handle -> SegmentPath.find(handle, reference)).key();
    }
}
