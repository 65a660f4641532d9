package sojourn.app.segments;

import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.platform.Transactions;

/**
 * Joins the large rows of a long change queue. In a burst the same contacts come again and again, faster than they can be
 * looked at; what counts is their newest state, so that once is enough.
 *
 * <p>Joins only when the queue has become half as long again since the last time: a burst of ever other contacts, where
 * there is nothing to gain, costs little.
 */
final class ChangeCompaction {

    private static final int WORTH_IT = 64;
    private static final int MOST_ROWS = 2000;

    /** The lanes of fewer contacts would make small rows, which go before the large. */
    private static final int WORTH_LANES = 1000;

    private final Jdbi jdbi;
    private long joined;

    ChangeCompaction(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** Says that there is nothing more to do just now. */
    boolean run() {
        var waiting = waiting();
        joined = Math.min(joined, waiting);
        if (waiting >= WORTH_IT && 2 * waiting >= 3 * joined) {
            joined = Transactions.in(jdbi, ChangeCompaction::join);
        }
        return false;
    }

    private long waiting() {
        return jdbi.withHandle(
                handle -> handle.createQuery("""
                        select count(*) from change where consumer = 'segments' and cardinality(contact_ids) > 100
                        """).mapTo(Long.class).one());
    }

    /**
     * Into how many rows. Each contact is in one row for the same causes, as late as the latest of them. A row has contacts
     * of one lane, and lanes take turns: so the batches of two loops seldom have to wait for one another's {@link
     * Locks#contacts}.
     */
    private static long join(Handle handle) {
        return handle.createUpdate("""
                        with taken as (
                            delete from change
                            where seq in (select seq from change
                                          where consumer = 'segments' and cardinality(contact_ids) > 100
                                            and segment_id is null and not_before is null
                                          order by seq limit :most for update skip locked)
                            returning contact_ids, causes, at, coalesce(waiting_since, at) as since),
                        span as (select causes, max(at) as at, min(since) as since from taken group by causes),
                        contacts as (select distinct causes, unnest(contact_ids) as contact from taken),
                        numbered as (
                            select causes, contact, lane,
                                   (row_number() over (partition by causes, lane order by contact) - 1) / 1000 as part
                            from (select causes, contact,
                                         case when count(*) over (partition by causes) > :worthLanes
                                              then contact % :lanes else 0 end as lane
                                  from contacts) as laned)
                        insert into change (consumer, contact_ids, causes, at, waiting_since)
                        select 'segments', array_agg(n.contact order by n.contact), n.causes, s.at, s.since
                        from numbered n
                        join span s using (causes)
                        group by n.causes, n.part, n.lane, s.at, s.since
                        order by n.part, n.lane
                        """)
                .bind("most", MOST_ROWS)
                .bind("lanes", Locks.LANES)
                .bind("worthLanes", WORTH_LANES)
                .execute();
    }
}
