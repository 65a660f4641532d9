package sojourn.app.delivery;

import com.fasterxml.jackson.core.type.TypeReference;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Columns;

/** Deliveries in PostgreSQL; its mapper is written by hand, since a message on its way passes here often. */
record DeliveryRows(Handle handle) {

    private static final TypeReference<Link> LINK = new TypeReference<>() {};

    Optional<Delivery> find(UUID id) {
        return handle.createQuery("select * from delivery where id = :id")
                .bind("id", id)
                .map(DeliveryRows::toDelivery)
                .findOne();
    }

    Optional<Delivery> lock(UUID run, int visit) {
        return handle.createQuery("select * from delivery where run_id = :run and visit = :visit for update")
                .bind("run", run)
                .bind("visit", visit)
                .map(DeliveryRows::toDelivery)
                .findOne();
    }

    Delivery reserve(
            Passages.Sending sending, @Nullable Integer messageVersion, @Nullable String contactPoint, Instant at) {
        return handle.createQuery("""
                        insert into delivery (contact_id, run_id, visit, journey, journey_version, tile, pass, channel,
                                              message, message_version, contact_point, state, expires_at, reserved_at,
                                              run_entered_at, tile_entered_at, variant)
                        values (:contact, :run, :visit, :journey, :version, :tile, :pass, :channel,
                                :message, :messageVersion, :contactPoint, 'reserved', :expiresAt, :at,
                                :runEnteredAt, :tileEnteredAt, :variant)
                        returning *
                        """)
                .bind("contact", sending.contactId())
                .bind("run", sending.run())
                .bind("visit", sending.visit())
                .bind("journey", sending.journey())
                .bind("version", sending.version())
                .bind("tile", sending.tile())
                .bind("pass", sending.pass())
                .bind("channel", sending.what().type())
                .bind("message", sending.message())
                .bind("messageVersion", messageVersion)
                .bind("contactPoint", contactPoint)
                .bind("expiresAt", sending.expiresAt())
                .bind("at", at)
                .bind("runEnteredAt", sending.runEnteredAt())
                .bind("tileEnteredAt", sending.tileEnteredAt())
                .bind(
                        "variant",
                        sending.variant() == null ? null : sending.variant().name())
                .map(DeliveryRows::toDelivery)
                .one();
    }

    /** From reserved to handing over; empty when another attempt was faster or the contact was erased. */
    Optional<Delivery> handOver(Delivery reserved, String contactPoint, List<Link> links, Instant until) {
        return handle.createQuery("""
                        update delivery
                        set state = 'handing-over', attempt = attempt + 1, leased_until = :until,
                            last_error = null, next_try_at = null, contact_point = :contactPoint, links = cast(:links as jsonb)
                        where id = :id and state = 'reserved' and attempt = :attempt and contact_point is not null
                        returning *
                        """)
                .bind("id", reserved.id())
                .bind("attempt", reserved.attempt())
                .bind("contactPoint", contactPoint)
                .bind("links", Columns.json(links))
                .bind("until", until)
                .map(DeliveryRows::toDelivery)
                .findOne();
    }

    /** False when this attempt is not the one that is handing over, as in what follows. */
    boolean renew(Delivery ours, Instant until) {
        return handle.execute("""
                        update delivery set leased_until = ?
                        where id = ? and state = 'handing-over' and attempt = ?
                        """, until, ours.id(), ours.attempt()) > 0;
    }

    /** For a later attempt. */
    boolean giveBack(Delivery ours) {
        return handle.execute("""
                        update delivery set state = 'reserved', leased_until = null
                        where id = ? and state = 'handing-over' and attempt = ?
                        """, ours.id(), ours.attempt()) > 0;
    }

    /** For a later attempt, though this one may have succeeded. */
    boolean giveBackUncertain(Delivery ours) {
        return handle.execute("""
                        update delivery set state = 'reserved', leased_until = null, uncertain = true
                        where id = ? and state = 'handing-over' and attempt = ?
                        """, ours.id(), ours.attempt()) > 0;
    }

    /** What went wrong last, and when it is tried again, of a message that nobody is handing over. */
    void putOff(UUID run, int visit, String why, Instant nextTry) {
        handle.execute("""
                        update delivery set last_error = ?, next_try_at = ?
                        where run_id = ? and visit = ? and state = 'reserved'
                        """, why, nextTry, run, visit);
    }

    /** The end; false when the delivery is not (any more) where this attempt left it. */
    boolean end(Delivery ours, String state, @Nullable String reason, Instant at) {
        return handle.execute("""
                        update delivery set state = ?, reason = ?, leased_until = null, ended_at = ?
                        where id = ? and state = ? and attempt = ?
                        """, state, reason, at, ours.id(), ours.state(), ours.attempt()) > 0;
    }

    Optional<Link> link(UUID id, int link) {
        return handle.createQuery("select links -> :link as link from delivery where id = :id")
                .bind("link", link)
                .bind("id", id)
                .map((row, _) -> Optional.ofNullable(Columns.jsonOrNull(row, "link", LINK)))
                .findOne()
                .flatMap(found -> found);
    }

    void erase(long contact) {
        handle.execute("update delivery set contact_point = null, links = '[]' where contact_id = ?", contact);
    }

    private static Delivery toDelivery(ResultSet row, StatementContext context) throws SQLException {
        return new Delivery(
                Columns.uuid(row, "id"),
                row.getLong("contact_id"),
                Columns.uuid(row, "run_id"),
                row.getInt("visit"),
                row.getString("journey"),
                row.getInt("journey_version"),
                row.getString("tile"),
                row.getInt("pass"),
                row.getString("channel"),
                row.getString("message"),
                Columns.integerOrNull(row, "message_version"),
                row.getString("contact_point"),
                row.getString("state"),
                row.getString("reason"),
                row.getInt("attempt"),
                Columns.instantOrNull(row, "leased_until"),
                Columns.instant(row, "reserved_at"),
                Columns.instantOrNull(row, "ended_at"),
                Columns.instant(row, "run_entered_at"),
                Columns.instant(row, "tile_entered_at"),
                row.getBoolean("uncertain"),
                row.getString("variant"));
    }
}
