package sojourn.app.platform;

import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.PermitAll;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.OPTIONS;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import org.jspecify.annotations.Nullable;

/** The codec endpoint of Temporal's command line and UI, for those who may look at runs in them. */
@Path("/v1/temporal/codec")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
@ForTemporalUi
public final class CodecResource {

    private final RemoteCodec codec;

    public CodecResource(RemoteCodec codec) {
        this.codec = codec;
    }

    @Operation(summary = "Encrypts payloads for Temporal")
    @POST
    @Path("/encode")
    @RolesAllowed({"operator", "admin"})
    public RemoteCodec.Payloads encode(
            @Valid @NotNull RemoteCodec.Payloads payloads,
            @HeaderParam(RemoteCodec.NAMESPACE) @Nullable String namespace) {
        return codec.encode(payloads, namespace);
    }

    @Operation(summary = "Decrypts payloads that Temporal holds")
    @POST
    @Path("/decode")
    @RolesAllowed({"operator", "admin"})
    public RemoteCodec.Payloads decode(
            @Valid @NotNull RemoteCodec.Payloads payloads,
            @HeaderParam(RemoteCodec.NAMESPACE) @Nullable String namespace) {
        return codec.decode(payloads, namespace);
    }

    /** A browser asks before it sends, and never with a key; {@link TemporalUiOrigin} answers. */
    @Operation(summary = "Answers a browser that asks whether it may send (CORS)")
    @OPTIONS
    @Path("/encode")
    @PermitAll
    public void beforeEncode() {
        // All that there is to say is in headers.
    }

    /** As {@link #beforeEncode}. */
    @Operation(summary = "Answers a browser that asks whether it may send (CORS)")
    @OPTIONS
    @Path("/decode")
    @PermitAll
    public void beforeDecode() {
        // All that there is to say is in headers.
    }
}
