package sojourn.app.sandbox;

import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.PermitAll;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Cursor;
import sojourn.app.platform.Page;
import sojourn.app.platform.Problem;

/** What the mail catcher holds, oldest first. Only in the sandbox, and only for this machine. */
@Path("/dev/mails")
@Produces(MediaType.APPLICATION_JSON)
public final class MailsResource {

    private final MailCatcher mails;

    MailsResource(MailCatcher mails) {
        this.mails = mails;
    }

    @Operation(summary = "Lists the mails that were caught, oldest first")
    @GET
    @PermitAll
    public Page<CaughtMail> list(
            @QueryParam("to") @Nullable String to,
            @QueryParam("limit") @Nullable Integer limit,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("sort") @Nullable String sort,
            @Context HttpServletRequest request) {
        Loopback.check(request);
        var newestFirst = newestFirst(sort);
        var after = Cursor.parse(cursor, 1);
        var start = newestFirst ? Long.MAX_VALUE : 0L;
        var size = Page.limit(limit);
        var rows = mails.list(
                Optional.ofNullable(to).filter(text -> !text.isBlank()),
                after == null ? start : number(after.get(0)).orElse(start),
                newestFirst,
                size + 1);
        return Page.of(rows, size, mail -> Cursor.of(mail.id()));
    }

    @Operation(summary = "Reads a mail that was caught")
    @GET
    @Path("/{id}")
    @PermitAll
    public CaughtMail get(@PathParam("id") String id, @Context HttpServletRequest request) {
        Loopback.check(request);
        return number(id).flatMap(mails::find).orElseThrow(() -> Problem.notFound("mail", id));
    }

    private static boolean newestFirst(@Nullable String sort) {
        return switch (sort == null ? "receivedAt" : sort) {
            case "receivedAt" -> false;
            case "-receivedAt" -> true;
            default ->
                throw Problem.invalid(
                        "/sort", "unknown-field", "Mails are sorted by receivedAt or -receivedAt, not by " + sort);
        };
    }

    static Optional<Long> number(String text) {
        return text.matches("[0-9]{1,9}") ? Optional.of(Long.valueOf(text)) : Optional.empty();
    }
}
