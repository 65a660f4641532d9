package sojourn.app.segments;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import jakarta.annotation.security.RolesAllowed;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Contacts;
import sojourn.app.platform.Cursor;
import sojourn.app.platform.Page;
import sojourn.app.security.Role;

/** The segments that a contact is in and was in, each stay by itself, the latest first. */
@Path("/v1/contacts/{contact}/segments")
@Produces(MediaType.APPLICATION_JSON)
public final class ContactSegmentsResource {

    private static final String FOR_EVER = "infinity";

    private final Jdbi jdbi;
    private final Contacts contacts;

    ContactSegmentsResource(Jdbi jdbi, Contacts contacts) {
        this.jdbi = jdbi;
        this.contacts = contacts;
    }

    /**
     * A stay in a segment.
     *
     * @param segment its key
     * @param leftAt null while it goes on
     */
    public record Stay(
            String segment,
            String name,
            String kind,
            String state,
            Instant joinedAt,
            @JsonInclude @Nullable Instant leftAt) {}

    /** {@code current=true} leaves out what is over, {@code current=false} what is not. */
    @Operation(summary = "Lists a contact's stays in segments, latest first")
    @GET
    @RolesAllowed({Role.VIEWER, Role.MARKETER, Role.OPERATOR, Role.ADMIN})
    public Page<Stay> list(
            @PathParam("contact") String contact,
            @Parameter(description = "`true` leaves out what is over, `false` what goes on")
                    @QueryParam("current")
                    @Nullable
                    Boolean current,
            @QueryParam("limit") @Nullable Integer limit,
            @QueryParam("cursor") @Nullable String cursor) {
        var size = Page.limit(limit);
        var after = Cursor.parse(cursor, 3);
        List<Stay> stays = jdbi.withHandle(handle -> {
            var id = contacts.resolve(handle, contact).orElseThrow(() -> Contacts.unknown(contact));
            return handle.createQuery("""
                            select s.key as segment, s.name, s.kind, s.state, stay.joined_at, stay.left_at
                            from (select segment_id, joined_at, null::timestamptz as left_at
                                  from membership where contact_id = :contact
                                  union all
                                  select segment_id, joined_at, left_at
                                  from past_membership where contact_id = :contact) stay
                            join segment s on s.id = stay.segment_id
                            where (:current::boolean is null or (stay.left_at is null) = :current::boolean)
                              and (:joinedAt::timestamptz is null
                                   or (stay.joined_at, s.key, coalesce(stay.left_at, 'infinity'))
                                      < (:joinedAt::timestamptz, :segment, :leftAt::timestamptz))
                            order by stay.joined_at desc, s.key desc, coalesce(stay.left_at, 'infinity') desc
                            limit :limit
                            """)
                    .bind("contact", id)
                    .bind("current", current)
                    .bind("joinedAt", after == null ? null : after.instant(0))
                    .bind("segment", after == null ? null : after.get(1))
                    .bind("leftAt", after == null ? null : leftAt(after))
                    .bind("limit", size + 1)
                    .map(ConstructorMapper.of(Stay.class))
                    .list();
        });
        return Page.of(
                stays,
                size,
                stay -> Cursor.of(
                        stay.joinedAt(), stay.segment(), Objects.requireNonNullElse(stay.leftAt(), FOR_EVER)));
    }

    private static String leftAt(Cursor after) {
        return after.get(2).equals(FOR_EVER) ? FOR_EVER : after.instant(2).toString();
    }
}
