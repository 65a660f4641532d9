package sojourn.app.journeys;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;

/** What happens to runs from outside their own steps, which are in {@link RunRows}. */
interface RunDao {

    @SqlQuery("""
            select entered_at from tile_visit where run_id = :run and tile = :tile order by no desc limit 1
            """)
    Optional<Instant> visited(UUID run, String tile);

    @SqlQuery("select max(left_at) from tile_visit where run_id = :run and tile = :tile")
    Optional<Instant> left(UUID run, String tile);

    @SqlQuery("select count(*) from tile_visit where run_id = :run and tile = :tile")
    int passes(UUID run, String tile);

    /** By which branch a contact last left a tile of a journey. */
    @SqlQuery("""
            select v.branch
            from run r join tile_visit v on v.run_id = r.id
            where r.contact_id = :contact and r.journey_id = :journey and v.tile = :tile and v.branch is not null
            order by r.run_no desc, v.no desc limit 1
            """)
    Optional<String> branchBefore(long contact, int journey, String tile);

    /** Asks an open run to end; the first reason asked for stands. */
    @SqlUpdate("""
            update run set exit_requested = :reason, exit_at = :at
            where id = :id and status in ('pending', 'active') and exit_requested is null
            """)
    int requestExit(UUID id, String reason, Instant at);

    /** Tells a run to look again; {@code because} is for whoever reads the history. */
    @SqlUpdate("insert into run_signal (run_id, because) values (:id, :because)")
    void signal(UUID id, String because);

    /**
     * Runs, open or ended, that have not reached a goal that these rows of the change queue speak of; in the order in
     * which they are to be locked.
     */
    @SqlQuery("""
            select distinct r.id
            from change
            cross join unnest(change.contact_ids) as changed (id)
            join run r on r.contact_id = changed.id
            join journey_version v on v.journey_id = r.journey_id and v.version = r.version
            where change.seq = any(:changes) and r.goal_at is null and v.goal = any(change.causes)
            order by r.id
            """)
    List<UUID> wantingGoal(List<Long> changes);

    /**
     * Claims rows whose time to be looked after has come: nobody else gets them until {@code leasedUntil}. Journeys take
     * turns, so that a large one holds up no other, and within each whoever waits longest comes first. Those started and not
     * yet under way are counted against {@code limit} by the caller. Some more than wanted are found, since others may claim
     * them just now; of many journeys with something due, few of each.
     */
    @SqlQuery("""
            with waiting as materialized (
                select j.id from journey j
                where j.state <> 'draft' and exists (select from run where journey_id = j.id and check_at <= :now)),
            due as materialized (
                select r.id, r.contact_id, r.check_at,
                       row_number() over (partition by j.id order by r.check_at, r.id) as turn
                from waiting j
                cross join lateral (select id, contact_id, check_at from run
                                    where journey_id = j.id and check_at <= :now
                                    order by check_at
                                    limit greatest(4, :limit * 4 / greatest(1, (select count(*) from waiting)))) r
                order by turn, r.check_at limit :limit * 4),
            claimed as materialized (
                select r.id, r.contact_id
                from due join run r on r.id = due.id and r.contact_id = due.contact_id
                where r.check_at <= :now
                order by due.turn, due.check_at limit :limit
                for update of r skip locked)
            update run r set check_at = :leasedUntil
            from claimed
            where r.id = claimed.id and r.contact_id = claimed.contact_id
            returning r.id, (select uuid from contact c where c.id = r.contact_id) as contact,
                      (select key from journey j where j.id = r.journey_id) as journey, r.version, r.run_no,
                      (select business_unit from contact c where c.id = r.contact_id) as business_unit
            """)
    @RegisterConstructorMapper(RunStarter.Due.class)
    List<RunStarter.Due> claim(Instant now, Instant leasedUntil, int limit);

    /** Runs whose workflows were asked to start and have not come to life yet: claimed by a lease that ends before {@code until}. */
    @SqlQuery("""
            select count(*)
            from (select 1 from journey j
                  cross join lateral (select 1 from run
                                      where journey_id = j.id and status = 'pending'
                                        and check_at > :now and check_at <= :until
                                      limit :limit) r
                  where j.state <> 'draft' limit :limit) started
            """)
    int starting(Instant now, Instant until, int limit);

    /**
     * The workflow of a run is there: an active one is looked after again a minute past its deadline, one that is sending
     * in five.
     */
    @SqlUpdate("""
            update run
            set check_at = greatest(coalesce(until, cast(:now as timestamptz) + interval '4 minutes'), :now) + interval '1 minute'
            where id = :id and status = 'active'
            """)
    void started(UUID id, Instant now);

    @SqlUpdate("update run set check_at = :at where id = :id and status in ('pending', 'active')")
    void checkAt(UUID id, Instant at);

    /** All open runs are to be looked after: Temporal has none of their workflows any more. */
    @SqlUpdate("update run set check_at = :now where status in ('pending', 'active')")
    int checkAll(Instant now);
}
