package sojourn.app.interactions;

import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jdbi.v3.json.Json;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Contacts;
import sojourn.app.platform.Cursor;
import sojourn.app.platform.Page;
import sojourn.app.platform.Problem;
import sojourn.app.security.Role;

/** What happened to a contact, the newest first. */
@Path("/v1/contacts/{contact}/timeline")
@Produces(MediaType.APPLICATION_JSON)
public final class TimelineResource {

    private final Jdbi jdbi;
    private final Contacts contacts;

    TimelineResource(Jdbi jdbi, Contacts contacts) {
        this.jdbi = jdbi;
        this.contacts = contacts;
    }

    /** One interaction of the contact. */
    public record Entry(
            String id,
            String type,
            Instant occurredAt,
            Instant receivedAt,
            @Nullable String bindingKey,
            @Json @Nullable Map<String, Object> properties) {}

    @Operation(summary = "Lists what happened to a contact, newest first")
    @GET
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Page<Entry> list(
            @PathParam("contact") String contact,
            @QueryParam("limit") @Nullable Integer limit,
            @QueryParam("cursor") @Nullable String cursor) {
        var size = Page.limit(limit);
        var after = Cursor.parse(cursor, 2);
        var before = after == null ? Instant.parse("9999-12-31T00:00:00Z") : instant(after.get(0));
        var beforeId = after == null ? "" : after.get(1);
        List<Entry> entries = jdbi.withHandle(handle -> {
            var id = contacts.resolve(handle, contact).orElseThrow(() -> Contacts.unknown(contact));
            return handle.createQuery("""
                            select i.id, type.key as type, occurred_at, received_at, binding_key, i.properties
                            from interaction i join interaction_type type on type.id = i.type_id
                            where contact_id = :contact and (occurred_at, i.id) < (:before, :beforeId)
                            order by occurred_at desc, i.id desc
                            limit :limit
                            """)
                    .bind("contact", id)
                    .bind("before", before)
                    .bind("beforeId", beforeId)
                    .bind("limit", size + 1)
                    .map(ConstructorMapper.of(Entry.class))
                    .list();
        });
        return Page.of(entries, size, entry -> Cursor.of(entry.occurredAt(), entry.id()));
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException foreign) {
            throw Problem.invalid("/cursor", "unknown-cursor", "This cursor was not made by this list");
        }
    }
}
