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
import jakarta.ws.rs.core.Response;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Problem;

/**
 * The caught mails for reading in a browser. A mail is shown as its recipient would see it, pictures and links
 * included, so looking counts as an open and clicking as a click; scripts do not run.
 */
@Path("/dev")
@Produces(MediaType.TEXT_HTML + ";charset=UTF-8")
public final class MailPages {

    private static final int SHOWN = 200;
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss").withZone(ZoneOffset.UTC);
    private static final String POLICY =
            "default-src 'none'; style-src 'unsafe-inline'; img-src http: https: data:; form-action 'self'; base-uri 'none';"
                    + " frame-ancestors 'self'";

    private static final String STYLE = """
            <style>
              body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; color: #222 }
              table { border-collapse: collapse; width: 100% }
              td, th { text-align: left; padding: .3rem .8rem .3rem 0; border-bottom: 1px solid #ddd; vertical-align: top }
              td.time { white-space: nowrap; color: #666 }
              iframe { width: 100%; height: 60vh; border: 1px solid #ccc }
              pre { white-space: pre-wrap; background: #f6f6f6; padding: 1rem }
            </style>
            """;

    private final MailCatcher mails;

    MailPages(MailCatcher mails) {
        this.mails = mails;
    }

    @Operation(summary = "Shows the mails that were caught")
    @GET
    @PermitAll
    public Response list(@QueryParam("to") @Nullable String to, @Context HttpServletRequest request) {
        Loopback.check(request);
        var recipient = Optional.ofNullable(to).filter(text -> !text.isBlank());
        var rows = mails.list(recipient, Long.MAX_VALUE, true, SHOWN).stream()
                .map(mail -> """
                        <tr><td class="time">%s</td><td>%s</td><td><a href="/dev/mails/%s/page">%s</a></td></tr>""".formatted(
                                TIME.format(mail.receivedAt()),
                                escaped(mail.to()),
                                mail.id(),
                                escaped(mail.subject().isBlank() ? "(no subject)" : mail.subject())))
                .collect(Collectors.joining("\n"));
        return page("Mails", """
                <h1>Mails</h1>
                <p>%d caught; the newest %d are shown. Nothing was delivered to anyone.</p>
                <form action="/dev"><input name="to" type="search" placeholder="recipient" value="%s"> <button>Show</button></form>
                <table><tr><th>Received (UTC)</th><th>To</th><th>Subject</th></tr>
                %s
                </table>""".formatted(mails.count(), SHOWN, escaped(recipient.orElse("")), rows));
    }

    @Operation(summary = "Shows a mail as its recipient would see it")
    @GET
    @Path("/mails/{id}/page")
    @PermitAll
    public Response mail(@PathParam("id") String id, @Context HttpServletRequest request) {
        Loopback.check(request);
        var mail = MailsResource.number(id).flatMap(mails::find).orElseThrow(() -> Problem.notFound("mail", id));
        var headers = mail.headers().entrySet().stream()
                .map(header -> header.getKey() + ": " + header.getValue())
                .collect(Collectors.joining("\n"));
        return page(mail.subject(), """
                <p><a href="/dev">All mails</a></p>
                <h1>%s</h1>
                <p>From %s<br>To %s<br>%s UTC</p>
                %s
                %s
                <h2>Headers</h2><pre>%s</pre>""".formatted(
                        escaped(mail.subject()),
                        escaped(mail.from()),
                        escaped(mail.to()),
                        TIME.format(mail.receivedAt()),
                        mail.html() == null ? "" : frame(mail.html()),
                        mail.text() == null ? "" : "<h2>Text</h2><pre>" + escaped(mail.text()) + "</pre>",
                        escaped(headers)));
    }

    /** In a frame without scripts and without our origin; its links open beside it. */
    private static String frame(String html) {
        return "<iframe sandbox=\"allow-popups allow-popups-to-escape-sandbox\" srcdoc=\""
                + escaped("<base target=\"_blank\">" + html) + "\"></iframe>";
    }

    private static Response page(String title, String body) {
        var head = "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>" + escaped(title)
                + "</title>\n";
        return Response.ok(head + STYLE + "</head><body>\n" + body + "\n</body></html>\n")
                .header("Content-Security-Policy", POLICY)
                .header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "no-referrer")
                .build();
    }

    static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
