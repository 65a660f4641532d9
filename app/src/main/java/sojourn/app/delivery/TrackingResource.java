package sojourn.app.delivery;

import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HEAD;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.CacheControl;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import sojourn.app.delivery.Tokens.Kind;
import sojourn.app.delivery.Tokens.Token;
import sojourn.app.platform.Problem;

/**
 * Where the picture and the links of an email lead. Leads on only to addresses that we signed; only GET counts as an
 * open or a click.
 */
@Path("/t")
public final class TrackingResource {

    private static final byte[] PICTURE =
            Base64.getDecoder().decode("R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7");

    private final Tokens tokens;
    private final Recorder recorder;
    private final InstantSource clock;

    TrackingResource(Tokens tokens, Recorder recorder, InstantSource clock) {
        this.tokens = tokens;
        this.recorder = recorder;
        this.clock = clock;
    }

    @Operation(summary = "Answers with a picture and records that an email was opened")
    @GET
    @Path("/o/{token}.gif")
    @PermitAll
    public Response open(@PathParam("token") String text) {
        var token = read(Kind.OPEN, text);
        record(token, "opened", "EmailOpened", clock.instant());
        return picture();
    }

    @Operation(summary = "Checks a picture's address; records nothing")
    @HEAD
    @Path("/o/{token}.gif")
    @PermitAll
    public Response openHead(@PathParam("token") String text) {
        read(Kind.OPEN, text);
        return picture();
    }

    @Operation(summary = "Leads to where a link of an email points and records the click")
    @GET
    @Path("/c/{token}")
    @PermitAll
    public Response click(@PathParam("token") String text) {
        var token = read(Kind.CLICK, text);
        record(token, "clicked/" + token.link(), "EmailClicked", clock.instant());
        return leadOn(token);
    }

    @Operation(summary = "Leads to where a link of an email points; records nothing")
    @HEAD
    @Path("/c/{token}")
    @PermitAll
    public Response clickHead(@PathParam("token") String text) {
        return leadOn(read(Kind.CLICK, text));
    }

    private Token read(Kind kind, String text) {
        return tokens.read(kind, text).orElseThrow(() -> Problem.notFound("page", "here: the link is not one of ours"));
    }

    private void record(Token token, String what, String type, Instant at) {
        recorder.record(handle -> {
            var deliveries = new DeliveryRows(handle);
            return deliveries
                    .find(token.delivery())
                    .map(delivery -> {
                        Map<String, Object> link = token.kind() == Kind.OPEN
                                ? Map.of()
                                : deliveries
                                        .link(token.delivery(), token.link())
                                        .<Map<String, Object>>map(found -> Map.of("link", found.name()))
                                        .orElse(Map.of());
                        // A second opening is another fact, the same request tried again is not.
                        return List.of(delivery.fact(what + "/" + micros(at), type, at, link));
                    })
                    .orElse(List.of());
        });
    }

    private static long micros(Instant at) {
        return at.getEpochSecond() * 1_000_000 + at.getNano() / 1_000;
    }

    private static Response picture() {
        return Response.ok(PICTURE, "image/gif").cacheControl(never()).build();
    }

    private static Response leadOn(Token token) {
        return Response.status(Response.Status.FOUND)
                .header(HttpHeaders.LOCATION, token.url())
                .header("Referrer-Policy", "no-referrer")
                .cacheControl(never())
                .build();
    }

    private static CacheControl never() {
        var never = new CacheControl();
        never.setNoStore(true);
        never.setPrivate(true);
        return never;
    }
}
