package sojourn.app.security;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Answers;
import sojourn.app.platform.Cursor;
import sojourn.app.platform.OptionalBody;
import sojourn.app.platform.Page;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemType;
import sojourn.app.platform.Transactions;
import sojourn.app.platform.Versions;

/** The keys of the API, for admins. */
@Path("/v1/api-keys")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class ApiKeysResource {

    private static final Duration OLD_KEY_STAYS = Duration.ofDays(1);

    private final ApiKeys keys;
    private final Jdbi jdbi;
    private final ApiKeyDao records;
    private final InstantSource clock;

    ApiKeysResource(ApiKeys keys, Jdbi jdbi, InstantSource clock) {
        this.keys = keys;
        this.jdbi = jdbi;
        this.records = jdbi.onDemand(ApiKeyDao.class);
        this.clock = clock;
    }

    /** A key to be made; without {@code expiresAt} it does not expire. */
    record KeyWanted(
            @NotBlank @Size(max = 200) String name,

            @NotNull
            @Pattern(
                    regexp = "viewer|marketer|operator|integrator|admin",
                    message = "must be one of viewer, marketer, operator, integrator, admin")
            String role,

            @Nullable Instant expiresAt) {}

    /** Until when the old key stays valid beside the new one; a day when not given. */
    record Rotation(@Nullable Instant oldValidUntil) {}

    @Operation(summary = "Creates an API key; its text is told once")
    @Answers(value = NewKey.class, status = 201)
    @POST
    @RolesAllowed(Role.ADMIN)
    public Response create(@Valid @NotNull KeyWanted wanted, @Auth Caller caller) {
        if (wanted.expiresAt() != null && !wanted.expiresAt().isAfter(clock.instant())) {
            throw Problem.invalid(
                    "/expiresAt", "in-the-past", "expiresAt is " + wanted.expiresAt() + ", which is past");
        }
        var deed = Deed.of(caller, null);
        return created(Transactions.in(
                jdbi, handle -> keys.create(handle, wanted.name(), wanted.role(), wanted.expiresAt(), deed)));
    }

    @Operation(summary = "Lists API keys, newest first")
    @GET
    @RolesAllowed(Role.ADMIN)
    public Page<ApiKey> list(
            @QueryParam("limit") @Nullable Integer limit, @QueryParam("cursor") @Nullable String cursor) {
        var size = Page.limit(limit);
        var after = Cursor.parse(cursor, 1);
        var rows = records.newestFirst(after == null ? null : after.uuid(0), size + 1);
        return Page.of(rows, size, key -> Cursor.of(key.id()));
    }

    @Operation(summary = "Reads an API key's record, without its text")
    @GET
    @Path("/{id}")
    @RolesAllowed(Role.ADMIN)
    public ApiKey get(@PathParam("id") UUID id) {
        return records.find(id).orElseThrow(() -> Problem.notFound("API key", id));
    }

    /** Ends a key at once; a key revoked before stays so. */
    @Operation(summary = "Revokes an API key at once")
    @DELETE
    @Path("/{id}")
    @RolesAllowed(Role.ADMIN)
    public void revoke(
            @PathParam("id") UUID id,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @Auth Caller caller) {
        Transactions.use(jdbi, handle -> {
            var key = lock(handle, id, ifMatch);
            if (key.revokedAt() == null) {
                handle.attach(ApiKeyDao.class).revoke(id, clock.instant());
                note(handle, "revoked", key, caller, Map.of("name", key.name()));
            }
        });
    }

    /** A new key with the old one's name, role and expiry; both work until the old one's time is over. */
    @Operation(summary = "Renews an API key; the old one works on for a day, or until the time given")
    @Answers(value = NewKey.class, status = 201)
    @POST
    @Path("/{id}/rotate")
    @RolesAllowed(Role.ADMIN)
    public Response rotate(
            @PathParam("id") UUID id,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @OptionalBody @Valid @Nullable Rotation rotation,
            @Auth Caller caller) {
        var until = rotation == null ? null : rotation.oldValidUntil();
        return created(Transactions.in(jdbi, handle -> {
            var old = lock(handle, id, ifMatch);
            if (!old.validAt(clock.instant())) {
                throw new Problem(ProblemType.WRONG_STATE, "The key has expired or was revoked; make a new one");
            }
            var renewed = keys.create(handle, old.name(), old.role(), old.expiresAt(), Deed.of(caller, null));
            handle.attach(ApiKeyDao.class)
                    .expireBy(id, until == null ? clock.instant().plus(OLD_KEY_STAYS) : until);
            note(
                    handle,
                    "rotated",
                    old,
                    caller,
                    Map.of("renewedAs", renewed.record().id()));
            return renewed;
        }));
    }

    private void note(Handle handle, String action, ApiKey key, Caller caller, Map<String, Object> details) {
        var done = new AuditLog.Done(action, ApiKeys.KIND, key.id().toString()).with(details);
        AuditLog.note(handle, clock.instant(), Deed.of(caller, null), done);
    }

    private static ApiKey lock(Handle handle, UUID id, @Nullable String ifMatch) {
        var key = handle.attach(ApiKeyDao.class).lock(id).orElseThrow(() -> Problem.notFound("API key", id));
        Versions.heed(ifMatch, key.version());
        return key;
    }

    private static Response created(NewKey key) {
        return Response.created(URI.create("/v1/api-keys/" + key.record().id()))
                .entity(key)
                .build();
    }
}
