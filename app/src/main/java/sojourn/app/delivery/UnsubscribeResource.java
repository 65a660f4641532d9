package sojourn.app.delivery;

import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.contacts.Changes;
import sojourn.app.contacts.Erasure;
import sojourn.app.delivery.Tokens.Kind;
import sojourn.app.interactions.OwnInteractions;
import sojourn.app.messages.LiveMessage;
import sojourn.app.messages.Messages;
import sojourn.app.platform.OptionalBody;
import sojourn.app.platform.Problem;
import sojourn.app.platform.Transactions;

/**
 * One-click unsubscribing (RFC 8058): only POST acts, since mail programs and scanners open links by themselves; GET
 * shows a page with a button, which needs no script.
 */
@Path("/t/u/{token}")
@Produces(MediaType.TEXT_HTML)
public final class UnsubscribeResource {

    private final Jdbi jdbi;
    private final Tokens tokens;
    private final Consents consents;
    private final Messages messages;
    private final OwnInteractions interactions;
    private final Changes changes;
    private final InstantSource clock;

    UnsubscribeResource(
            Jdbi jdbi,
            Tokens tokens,
            Consents consents,
            Messages messages,
            OwnInteractions interactions,
            Changes changes,
            InstantSource clock) {
        this.jdbi = jdbi;
        this.tokens = tokens;
        this.consents = consents;
        this.messages = messages;
        this.interactions = interactions;
        this.changes = changes;
        this.clock = clock;
    }

    @Operation(summary = "Shows a page with a button to unsubscribe")
    @GET
    @PermitAll
    public Response page(@PathParam("token") String token) {
        delivery(token);
        return html("Unsubscribe", """
                <p>Do you want no more of these messages?</p>
                <form method="post"><input type="hidden" name="List-Unsubscribe" value="One-Click"><button>Unsubscribe</button></form>
                """);
    }

    /** The body, which RFC 8058 makes {@code List-Unsubscribe=One-Click}, says nothing that the token does not. */
    @Operation(summary = "Withdraws consent for the message's purpose (one click, RFC 8058)")
    @POST
    @PermitAll
    @Consumes(MediaType.WILDCARD)
    public Response unsubscribe(@PathParam("token") String token, @OptionalBody byte[] body) {
        var id = delivery(token);
        Transactions.use(jdbi, handle -> withdraw(handle, id));
        changes.kick();
        return html("Unsubscribed", "<p>You will get no more of these messages.</p>");
    }

    private void withdraw(Handle handle, UUID id) {
        Erasure.holdOff(handle);
        var of = new DeliveryRows(handle).find(id).orElse(null);
        var contactPoint = of == null ? null : of.contactPoint();
        if (of == null || contactPoint == null) {
            return; // Erased since: there is nobody left to write to.
        }
        var message = of.message();
        var version = of.messageVersion();
        if (message == null || version == null) {
            return; // A webhook, which has no such link.
        }
        var purpose = messages.version(handle, message, version)
                .map(LiveMessage::purpose)
                .orElse(EmailWriter.COMMERCIAL);
        var at = clock.instant();
        // Behind the hold no delivery is of a contact that was merged.
        if (consents.set(handle, of.contactId(), contactPoint, purpose, Consents.OUT, "one-click", at)) {
            interactions.record(handle, List.of(of.fact("unsubscribed", of.type("Unsubscribed"), at, Map.of())));
        }
    }

    private UUID delivery(String token) {
        return tokens.read(Kind.UNSUBSCRIBE, token)
                .orElseThrow(() -> Problem.notFound("page", "here: the link is not one of ours"))
                .delivery();
    }

    private static Response html(String title, String body) {
        return Response.ok("""
                        <!doctype html>
                        <html lang="en">
                        <head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><meta name="robots" content="noindex"><title>%1$s</title></head>
                        <body><main><h1>%1$s</h1>%2$s</main></body>
                        </html>
                        """.formatted(title, body))
                .header("Content-Security-Policy", "default-src 'none'; form-action 'self'")
                .header("Cache-Control", "no-store")
                .build();
    }
}
