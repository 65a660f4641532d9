package sojourn.app.sandbox;

import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.PermitAll;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.OPTIONS;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.ForTemporalUi;
import sojourn.app.platform.RemoteCodec;

/**
 * The codec endpoint that the sandbox's own Temporal UI can be pointed to, which has no API key to send. Only for this
 * machine; a page of another origin may send a request, and its browser keeps the answer from it.
 */
@Path("/dev/codec")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@ForTemporalUi
public final class DevCodecResource {

    private final RemoteCodec codec;

    DevCodecResource(RemoteCodec codec) {
        this.codec = codec;
    }

    @Operation(summary = "Encrypts payloads for the sandbox's Temporal")
    @POST
    @Path("/encode")
    @PermitAll
    public RemoteCodec.Payloads encode(
            @Valid @NotNull RemoteCodec.Payloads payloads,
            @HeaderParam(RemoteCodec.NAMESPACE) @Nullable String namespace,
            @Context HttpServletRequest request) {
        Loopback.check(request);
        return codec.encode(payloads, namespace);
    }

    @Operation(summary = "Decrypts payloads that the sandbox's Temporal holds")
    @POST
    @Path("/decode")
    @PermitAll
    public RemoteCodec.Payloads decode(
            @Valid @NotNull RemoteCodec.Payloads payloads,
            @HeaderParam(RemoteCodec.NAMESPACE) @Nullable String namespace,
            @Context HttpServletRequest request) {
        Loopback.check(request);
        return codec.decode(payloads, namespace);
    }

    @Operation(summary = "Answers a browser that asks whether it may send (CORS)")
    @OPTIONS
    @Path("/encode")
    @PermitAll
    public void beforeEncode(@Context HttpServletRequest request) {
        Loopback.check(request);
    }

    @Operation(summary = "Answers a browser that asks whether it may send (CORS)")
    @OPTIONS
    @Path("/decode")
    @PermitAll
    public void beforeDecode(@Context HttpServletRequest request) {
        Loopback.check(request);
    }
}
