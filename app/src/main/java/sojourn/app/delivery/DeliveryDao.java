package sojourn.app.delivery;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.json.Json;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.customizer.BindMethods;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;
import org.jspecify.annotations.Nullable;

@RegisterConstructorMapper(Delivery.class)
interface DeliveryDao {

    @SqlQuery("select * from delivery where id = :id")
    Optional<Delivery> find(UUID id);

    @SqlQuery("select * from delivery where run_id = :run and visit = :visit for update")
    Optional<Delivery> lock(UUID run, int visit);

    @SqlQuery("""
            insert into delivery (contact_id, run_id, visit, journey, journey_version, tile, pass, channel, message,
                                  message_version, contact_point, state, expires_at, reserved_at,
                                  run_entered_at, tile_entered_at)
            values (:s.contactId, :s.run, :s.visit, :s.journey, :s.version, :s.tile, :s.pass, :s.channel, :s.message,
                    :messageVersion, :contactPoint, 'reserved', :s.expiresAt, :at,
                    :s.runEnteredAt, :s.tileEnteredAt)
            returning *
            """)
    Delivery reserve(
            @BindMethods("s") Passages.Sending sending, int messageVersion, @Nullable String contactPoint, Instant at);

    /** From reserved to handing over; false when another attempt was faster or the contact was erased. */
    @SqlUpdate("""
            update delivery
            set state = 'handing-over', attempt = attempt + 1, leased_until = :until, contact_point = :contactPoint,
                links = :links
            where id = :id and state = 'reserved' and attempt = :attempt and contact_point is not null
            """)
    boolean handOver(UUID id, int attempt, String contactPoint, @Json List<Link> links, Instant until);

    @SqlUpdate("""
            update delivery set leased_until = :until
            where id = :id and state = 'handing-over' and attempt = :attempt
            """)
    boolean renew(UUID id, int attempt, Instant until);

    /** For a later attempt; false when this attempt is not the one that is handing over. */
    @SqlUpdate("""
            update delivery set state = 'reserved', leased_until = null
            where id = :id and state = 'handing-over' and attempt = :attempt
            """)
    boolean giveBack(UUID id, int attempt);

    /** The end; false when the delivery is not (any more) where this attempt left it. */
    @SqlUpdate("""
            update delivery set state = :end, reason = :reason, leased_until = null, ended_at = :at
            where id = :id and state = :state and attempt = :attempt
            """)
    boolean end(UUID id, String state, int attempt, String end, @Nullable String reason, Instant at);

    @SqlQuery("select links -> :link from delivery where id = :id")
    @Json
    Optional<Link> link(UUID id, int link);

    @SqlUpdate("update delivery set contact_point = null, links = '[]' where contact_id = :contact")
    void erase(long contact);
}
