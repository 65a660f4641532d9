package sojourn.app.delivery;

import io.dropwizard.auth.Auth;
import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Changes;
import sojourn.app.contacts.Contact;
import sojourn.app.contacts.Contacts;
import sojourn.app.contacts.Erasure;
import sojourn.app.platform.Answers;
import sojourn.app.platform.Page;
import sojourn.app.platform.Problem;
import sojourn.app.platform.Transactions;
import sojourn.app.platform.Versions;
import sojourn.app.security.AuditLog;
import sojourn.app.security.Caller;
import sojourn.app.security.Deed;
import sojourn.app.security.Role;

/** What a contact allowed and withdrew. */
@Path("/v1/contacts/{contact}/consents")
@Produces(MediaType.APPLICATION_JSON)
@Consumes(MediaType.APPLICATION_JSON)
public final class ConsentsResource {

    private final Jdbi jdbi;
    private final Contacts contacts;
    private final Consents consents;
    private final Changes changes;
    private final InstantSource clock;

    ConsentsResource(Jdbi jdbi, Contacts contacts, Consents consents, Changes changes, InstantSource clock) {
        this.jdbi = jdbi;
        this.contacts = contacts;
        this.consents = consents;
        this.changes = changes;
        this.clock = clock;
    }

    /**
     * Some words on purposes; what is not named stays as it is.
     *
     * @param items each for one contact point and purpose
     */
    record Words(@NotEmpty @Size(max = 100) List<@NotNull @Valid Word> items) {}

    /**
     * One word.
     *
     * @param contactPoint the contact's email address when not given
     * @param state {@code in}, {@code out} or {@code notSet}
     */
    record Word(
            @Nullable @Size(min = 1, max = 320) String contactPoint,

            @NotNull @Pattern(regexp = "commercial|transactional", message = "must be commercial or transactional")
            String purpose,

            @NotNull @Pattern(regexp = "in|out|notSet", message = "must be one of in, out, notSet")
            String state,

            @Nullable @Size(max = 200) String source) {}

    @Operation(summary = "Lists what a contact allowed and withdrew, by contact point and purpose")
    @Answers(value = Consent.class, page = true)
    @GET
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Response list(@PathParam("contact") String contact, @Auth Caller caller) {
        return withEtag(jdbi.withHandle(handle -> all(handle, find(handle, contact), caller)));
    }

    @Operation(summary = "Sets consents of a contact; what is not named stays as it is")
    @Answers(value = Consent.class, page = true)
    @PUT
    @RolesAllowed({Role.INTEGRATOR, Role.MARKETER, Role.ADMIN})
    public Response set(
            @PathParam("contact") String contact,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable String ifMatch,
            @Valid @NotNull Words words,
            @Auth Caller caller) {
        var answer = Transactions.in(jdbi, handle -> {
            Erasure.holdOff(handle);
            var who = contacts.lock(handle, find(handle, contact).id()).orElseThrow();
            Versions.heed(ifMatch, version(all(handle, who, caller)));
            for (var word : words.items()) {
                set(handle, who, word, Deed.of(caller, null));
            }
            return all(handle, who, caller);
        });
        changes.kick();
        return withEtag(answer);
    }

    private static Response withEtag(Page<Consent> all) {
        return Response.ok(all)
                .header(HttpHeaders.ETAG, Versions.etag(version(all)))
                .build();
    }

    private static int version(Page<Consent> all) {
        return all.items().hashCode();
    }

    private void set(Handle handle, Contact who, Word word, Deed deed) {
        var contactPoint = word.contactPoint() == null ? who.email() : word.contactPoint();
        if (contactPoint == null) {
            throw Problem.invalid(
                    "/items", "no-contact-point", "The contact has no email address; name the contact point");
        }
        var state = word.state().equals("notSet") ? null : word.state();
        var source = word.source() == null ? "api" : word.source();
        var now = clock.instant();
        if (consents.set(handle, who.id(), contactPoint, word.purpose(), state, source, now)) {
            // Neither the contact point nor the source: both may be personal.
            var action = Consents.OUT.equals(state) ? "withdrawn" : "set";
            var details = Map.<String, Object>of("purpose", word.purpose(), "state", word.state());
            AuditLog.note(
                    handle,
                    now,
                    deed,
                    new AuditLog.Done(action, "consent", who.uuid().toString(), who.uuid(), details));
        }
    }

    private Page<Consent> all(Handle handle, Contact who, Caller caller) {
        var all = consents.all(handle, who.id());
        return new Page<>(
                caller.mayReadContactPoints()
                        ? all
                        : all.stream().map(Consent::withoutContactPoint).toList(),
                null);
    }

    private Contact find(Handle handle, String reference) {
        var id = contacts.resolve(handle, reference).orElseThrow(() -> Contacts.unknown(reference));
        return contacts.find(handle, id).orElseThrow();
    }
}
