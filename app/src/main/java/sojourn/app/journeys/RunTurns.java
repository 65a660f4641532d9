package sojourn.app.journeys;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import sojourn.app.platform.Columns;

/** Runs whose workflows are to be started, in turns; by hand, since this is asked many times a second. */
record RunTurns(Handle handle) {

    /**
     * Claims rows whose time to be looked after has come: nobody else gets them until {@code leasedUntil}. Journeys take
     * turns, so that a large one holds up no other, and within each whoever waits longest comes first. Those started and not
     * yet under way are counted against {@code limit} by the caller. Some more than wanted are found, since others may claim
     * them just now; of many journeys with something due, few of each.
     */
    List<RunStarter.Due> claim(Instant now, Instant leasedUntil, int limit) {
        return handle.createQuery("""
                        with waiting as materialized (
                            select j.id from journey j
                            where j.state <> 'draft'
                              and exists (select from run where journey_id = j.id and check_at <= :now)),
                        due as materialized (
                            select r.id, r.contact_id, r.check_at,
                                   row_number() over (partition by j.id order by r.check_at, r.id) as turn
                            from waiting j
                            cross join lateral (select id, contact_id, check_at from run
                                                where journey_id = j.id and check_at <= :now
                                                order by check_at
                                                limit greatest(4, :limit * 4 / greatest(1, (select count(*) from waiting)))
                                               ) r
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
                .bind("now", now)
                .bind("leasedUntil", leasedUntil)
                .bind("limit", limit)
                .map((row, _) -> new RunStarter.Due(
                        Columns.uuid(row, "id"),
                        Columns.uuid(row, "contact"),
                        row.getString("journey"),
                        row.getInt("version"),
                        row.getInt("run_no"),
                        row.getString("business_unit")))
                .list();
    }

    /**
     * How many runs, up to {@code limit}, have workflows that were asked to start and have not come to life yet: claimed by a
     * lease that ends before {@code until}.
     */
    int starting(Instant now, Instant until, int limit) {
        return handle.createQuery("""
                        select count(*)
                        from (select 1 from journey j
                              cross join lateral (select 1 from run
                                                  where journey_id = j.id and status = 'pending'
                                                    and check_at > :now and check_at <= :until
                                                  limit :limit) r
                              where j.state <> 'draft' limit :limit) started
                        """)
                .bind("now", now)
                .bind("until", until)
                .bind("limit", limit)
                .mapTo(Integer.class)
                .one();
    }

    /** Whether anything is due at all. */
    boolean anyDue(Instant now) {
        return handle.createQuery("""
                        select exists (select from journey j
                                       where j.state <> 'draft'
                                         and exists (select from run where journey_id = j.id and check_at <= :now))
                        """).bind("now", now).mapTo(Boolean.class).one();
    }

    /**
     * The workflow of a run is there: an active one is looked after again a minute past its deadline, one that is sending
     * in five.
     */
    void started(UUID id, Instant now) {
        handle.execute("""
                update run
                set check_at = greatest(coalesce(until, cast(? as timestamptz) + interval '4 minutes'), ?)
                               + interval '1 minute'
                where id = ? and status = 'active'
                """, now, now, id);
    }
}
