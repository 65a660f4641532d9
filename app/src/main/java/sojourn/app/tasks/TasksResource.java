package sojourn.app.tasks;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Contacts;
import sojourn.app.platform.Cursor;
import sojourn.app.platform.OptionalBody;
import sojourn.app.platform.Page;
import sojourn.app.platform.Problem;
import sojourn.app.security.Caller;
import sojourn.app.security.Deed;
import sojourn.app.security.Role;

/** What people are to do about contacts. */
@Path("/v1/tasks")
@Produces(MediaType.APPLICATION_JSON)
public final class TasksResource {

    private final Jdbi jdbi;
    private final Contacts contacts;
    private final Tasks tasks;

    TasksResource(Jdbi jdbi, Contacts contacts, Tasks tasks) {
        this.jdbi = jdbi;
        this.contacts = contacts;
        this.tasks = tasks;
    }

    /** @param outcome what came of the task, in a few words */
    record Completion(@Size(min = 1, max = 255) @Nullable String outcome) {}

    /** Newest first. */
    @Operation(summary = "Lists tasks, newest first")
    @GET
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Page<Task> list(
            @QueryParam("state") @Nullable String state,
            @QueryParam("owner") @Nullable String owner,
            @QueryParam("team") @Nullable String team,
            @QueryParam("contact") @Nullable String contact,
            @QueryParam("limit") @Nullable Integer limit,
            @QueryParam("cursor") @Nullable String cursor,
            @Auth Caller caller) {
        if (state != null
                && Arrays.stream(Task.State.values())
                        .noneMatch(each -> each.name().equals(state))) {
            throw Problem.invalid("/state", "unknown-state", "open, completed or cancelled would fit");
        }
        var size = Page.limit(limit);
        var after = Cursor.parse(cursor, 1);
        return jdbi.withHandle(handle -> {
            var contactId = contact == null
                    ? null
                    : contacts.resolve(handle, contact).orElseThrow(() -> Contacts.unknown(contact));
            var filter = new TaskDao.Filter(state, owner, team, contactId, after == null ? null : after.uuid(0));
            var rows = handle.attach(TaskDao.class).list(filter, size + 1);
            return Page.of(rows, size, task -> Cursor.of(task.id())).map(task -> shown(task, caller));
        });
    }

    @Operation(summary = "Reads a task")
    @GET
    @Path("/{id}")
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Task get(@PathParam("id") UUID id, @Auth Caller caller) {
        var task =
                jdbi.withExtension(TaskDao.class, dao -> dao.find(id)).orElseThrow(() -> Problem.notFound("task", id));
        return shown(task, caller);
    }

    /** Completes an open task, which is the interaction {@code TaskCompleted} of its contact; again changes nothing. */
    @Operation(summary = "Completes an open task, which is the interaction `TaskCompleted` of its contact")
    @POST
    @Path("/{id}/complete")
    @RolesAllowed({Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Task complete(
            @PathParam("id") UUID id, @OptionalBody @Valid @Nullable Completion completion, @Auth Caller caller) {
        return tasks.complete(id, completion == null ? null : completion.outcome(), Deed.of(caller, null));
    }

    /** Calls an open task off. */
    @Operation(summary = "Cancels an open task")
    @POST
    @Path("/{id}/cancel")
    @RolesAllowed({Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Task cancel(@PathParam("id") UUID id, @Auth Caller caller) {
        return tasks.cancel(id, Deed.of(caller, null));
    }

    private static Task shown(Task task, Caller caller) {
        return caller.mayReadContactPoints() ? task : task.withoutTexts();
    }
}
