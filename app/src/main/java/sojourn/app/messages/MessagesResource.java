package sojourn.app.messages;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
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
import java.net.URI;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Answers;
import sojourn.app.platform.Cursor;
import sojourn.app.platform.OptionalBody;
import sojourn.app.platform.Page;
import sojourn.app.platform.Versions;
import sojourn.app.security.Caller;
import sojourn.app.security.Deed;
import sojourn.app.security.ReasonGiven;
import sojourn.app.security.Role;

/** Messages and their life cycle. */
@Path("/v1/messages")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class MessagesResource {

    private final Jdbi jdbi;
    private final MessageEditor editor;
    private final Previews previews;

    MessagesResource(Jdbi jdbi, MessageEditor editor, Previews previews) {
        this.jdbi = jdbi;
        this.editor = editor;
        this.previews = previews;
    }

    /**
     * @param contact a UUID or {@code external:...}
     * @param trigger what the interaction would say that lets a run in
     */
    record PreviewOf(@NotBlank String contact, @Nullable Map<String, Object> trigger) {}

    /**
     * @param force whether to stop what is in use, too
     * @param reason why, for those who come after
     */
    record StopWanted(
            @Nullable Boolean force,
            @Size(max = Deed.LONGEST_REASON) @Nullable String reason) {}

    @Operation(summary = "Creates a message as a draft")
    @Answers(value = Message.class, status = 201)
    @POST
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public Response create(@Valid @NotNull NewMessage message, @Auth Caller caller) {
        var created = editor.create(message, Deed.of(caller, null));
        return withEtag(Response.created(URI.create("/v1/messages/" + created.key())), created);
    }

    @Operation(summary = "Lists messages by key")
    @GET
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Page<Message> list(
            @QueryParam("q") @Nullable String search,
            @QueryParam("state") @Nullable String state,
            @QueryParam("limit") @Nullable Integer limit,
            @QueryParam("cursor") @Nullable String cursor) {
        var size = Page.limit(limit);
        var after = Cursor.parse(cursor, 1);
        var rows = jdbi.withExtension(
                MessageDao.class,
                dao -> dao.list(
                        after == null ? null : after.get(0),
                        state,
                        search == null ? null : "%" + search.replaceAll("([\\\\%_])", "\\\\$1") + "%",
                        size + 1));
        return Page.of(rows, size, row -> Cursor.of(row.key())).map(MessageRow::toMessage);
    }

    @Operation(summary = "Reads a message")
    @Answers(Message.class)
    @GET
    @Path("/{message}")
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Response get(@PathParam("message") String key) {
        return withEtag(Response.ok(), editor.find(key));
    }

    @Operation(summary = "Replaces a message's draft; of a live message, the draft of its next version")
    @Answers(Message.class)
    @PUT
    @Path("/{message}")
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public Response replace(
            @PathParam("message") String key,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @Valid @NotNull NewMessage message,
            @Auth Caller caller) {
        return withEtag(Response.ok(), editor.replace(key, ifMatch, message, Deed.of(caller, null)));
    }

    @Operation(summary = "Deletes a message that was never live")
    @DELETE
    @Path("/{message}")
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public void delete(
            @PathParam("message") String key,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @Auth Caller caller) {
        editor.delete(key, ifMatch, Deed.of(caller, null));
    }

    @Operation(summary = "Checks a message's texts and templates")
    @POST
    @Path("/{message}/check")
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public MessageCheckResult check(@PathParam("message") String key) {
        return editor.check(key);
    }

    @Operation(summary = "Makes a message live, or publishes its draft as the next version")
    @Answers(Message.class)
    @POST
    @Path("/{message}/go-live")
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public Response goLive(
            @PathParam("message") String key,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @OptionalBody @Valid @Nullable ReasonGiven given,
            @Auth Caller caller) {
        return withEtag(Response.ok(), editor.goLive(key, ifMatch, Deed.of(caller, ReasonGiven.of(given))));
    }

    @Operation(summary = "Takes a message out of use; refused while live journeys send it, unless forced")
    @Answers(Message.class)
    @POST
    @Path("/{message}/stop")
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public Response stop(
            @PathParam("message") String key,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @OptionalBody @Valid @Nullable StopWanted wanted,
            @Auth Caller caller) {
        var forced = wanted != null && Boolean.TRUE.equals(wanted.force());
        var deed = Deed.of(caller, wanted == null ? null : wanted.reason());
        return withEtag(Response.ok(), editor.stop(key, ifMatch, forced, deed));
    }

    /** What a contact would get of the pending edit, or of what is live when there is none. */
    @Operation(summary = "Shows what a contact would get of a message")
    @POST
    @Path("/{message}/preview")
    @RolesAllowed({Role.MARKETER, Role.ADMIN})
    public Previews.Preview preview(@PathParam("message") String key, @Valid @NotNull PreviewOf of) {
        return previews.of(key, of.contact(), of.trigger() == null ? Map.of() : of.trigger());
    }

    private static Response withEtag(Response.ResponseBuilder answer, Message message) {
        return answer.entity(message)
                .header(HttpHeaders.ETAG, Versions.etag(message.revision()))
                .build();
    }
}
