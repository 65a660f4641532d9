package sojourn.app.delivery;

import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.customizer.BindMethods;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jspecify.annotations.Nullable;

@RegisterConstructorMapper(ListedDelivery.class)
interface ListedDeliveryDao {

    @SqlQuery("""
            select d.id, c.uuid as contact_id, c.external_id, d.run_id as run, d.journey, d.journey_version as version,
                   d.tile, d.pass, d.channel, d.message, d.message_version, d.contact_point, d.state, d.reason,
                   d.attempt, d.reserved_at, d.ended_at,
                   case when d.ended_at is null then d.last_error end as last_error,
                   case when d.ended_at is null then d.next_try_at end as next_try_at
            from delivery d join contact c on c.id = d.contact_id
            where (:after::uuid is null or d.id < :after)
              and (:f.journey::text is null or d.journey = :f.journey)
              and (:f.tile::text is null or d.tile = :f.tile)
              and (:f.message::text is null or d.message = :f.message)
              and (:f.state::text is null or d.state = :f.state)
              and (:f.reason::text is null or d.reason = :f.reason)
              and (:f.run::uuid is null or d.run_id = :f.run)
              and (:f.contact::bigint is null or d.contact_id = :f.contact)
            order by d.id desc
            limit :limit
            """)
    List<ListedDelivery> list(@BindMethods("f") ListedDelivery.Filter filter, @Nullable UUID after, int limit);

    @SqlQuery("""
            select d.id, c.uuid as contact_id, c.external_id, d.run_id as run, d.journey, d.journey_version as version,
                   d.tile, d.pass, d.channel, d.message, d.message_version, d.contact_point, d.state, d.reason,
                   d.attempt, d.reserved_at, d.ended_at,
                   case when d.ended_at is null then d.last_error end as last_error,
                   case when d.ended_at is null then d.next_try_at end as next_try_at
            from delivery d join contact c on c.id = d.contact_id
            where d.id = :id
            """)
    Optional<ListedDelivery> find(UUID id);
}
