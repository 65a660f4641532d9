package sojourn.app.segments;

import static java.util.stream.Collectors.toSet;

import java.time.Instant;
import java.util.Collection;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * The advisory locks that keep writers of memberships apart, all held until the transaction ends. Whoever takes them
 * reads the clock and the data only afterwards, in statements of their own: READ COMMITTED then shows whatever the
 * former holder wrote.
 */
final class Locks {

    private static final int CONTACTS = 5301;
    private static final int SEGMENTS = 5302;
    private static final int BATCHES = 5303;
    private static final int DEFINITIONS = 5304;
    private static final int AUDITS = 5305;

    /** Few enough that a batch's locks fit PostgreSQL's lock table. */
    private static final int STRIPES = 256;

    /** Contacts whose ids leave another rest have no stripe in common; a divisor of {@link #STRIPES}. */
    static final int LANES = 4;

    private Locks() {}

    /** Nobody else applies changes of these contacts meanwhile. */
    static void contacts(Handle handle, Collection<Long> contacts) {
        handle.createQuery("select count(pg_advisory_xact_lock(:kind, stripe)) from unnest(:stripes) as stripe")
                .bind("kind", CONTACTS)
                .bind("stripes", stripes(contacts))
                .mapTo(Long.class)
                .one();
    }

    /** The same of those whose changes nobody else applies just now; waits for nobody, and leaves out the others. */
    static Set<Long> freeContacts(Handle handle, Collection<Long> contacts) {
        if (contacts.isEmpty()) {
            return Set.of();
        }
        var free = handle.createQuery("""
                        select stripe from unnest(:stripes) as stripe
                        where pg_try_advisory_xact_lock(:kind, stripe)
                        """)
                .bind("kind", CONTACTS)
                .bind("stripes", stripes(contacts))
                .mapTo(Integer.class)
                .set();
        return contacts.stream()
                .filter(contact -> free.contains(stripe(contact)))
                .collect(toSet());
    }

    private static Integer[] stripes(Collection<Long> contacts) {
        return contacts.stream().map(Locks::stripe).distinct().sorted().toArray(Integer[]::new);
    }

    private static int stripe(long contact) {
        return (int) (contact % STRIPES);
    }

    /** No full run of these segments meanwhile; leaves out those of which there is one now. */
    static Set<Integer> shared(Handle handle, Collection<Integer> segments) {
        return handle.createQuery("""
                        select segment from unnest(:segments) as segment
                        where pg_try_advisory_xact_lock_shared(:kind, segment)
                        """)
                .bind("kind", SEGMENTS)
                .bind("segments", segments.stream().sorted().toArray(Integer[]::new))
                .mapTo(Integer.class)
                .set();
    }

    /**
     * Waits until no full run of these segments is going on, and lets none begin: for a segment that is about to build on
     * them. So a full run either knows of it, and leaves word of what has changed, or is over before the segment looks.
     */
    static void upstream(Handle handle, Collection<String> segments) {
        handle.createQuery("""
                        select count(pg_advisory_xact_lock_shared(:kind, id))
                        from (select id from segment where key = any(:segments) order by id) as named
                        """)
                .bind("kind", SEGMENTS)
                .bind("segments", segments.toArray(String[]::new))
                .mapTo(Long.class)
                .one();
    }

    /** Nobody else writes memberships of this segment meanwhile. */
    static void exclusive(Handle handle, int segment) {
        lock(handle, "pg_advisory_xact_lock", SEGMENTS, segment);
    }

    /** Nobody else audits these segments meanwhile; leaves out those that somebody audits now, and more than so many. */
    static Set<Integer> audits(Handle handle, Collection<Integer> segments, int most) {
        return handle.createQuery("""
                        select segment from unnest(:segments) as segment
                        where pg_try_advisory_xact_lock(:kind, segment)
                        limit :most
                        """)
                .bind("kind", AUDITS)
                .bind("segments", segments.stream().sorted().toArray(Integer[]::new))
                .bind("most", most)
                .mapTo(Integer.class)
                .set();
    }

    /** Since when, or earlier, those who write memberships of this segment now hold their lock; empty when nobody does. */
    static Optional<Instant> heldSince(Handle handle, int segment) {
        return handle.createQuery("""
                        select min(a.xact_start)
                        from pg_locks l join pg_stat_activity a on a.pid = l.pid
                        where l.locktype = 'advisory' and l.classid = :kind and l.objid = :key and l.granted
                          and l.database = (select oid from pg_database where datname = current_database())
                        """)
                .bind("kind", SEGMENTS)
                .bind("key", segment)
                .mapTo(Instant.class)
                .findOne();
    }

    /** A batch of changes is being applied. */
    static void batch(Handle handle) {
        lock(handle, "pg_advisory_xact_lock_shared", BATCHES, 0);
    }

    /** Waits until every batch that has begun is done; in a transaction of its own, since later ones wait for it. */
    static void batchesDone(Handle handle) {
        lock(handle, "pg_advisory_xact_lock", BATCHES, 0);
    }

    /** Nobody else changes which segment builds on which meanwhile. */
    static void definitions(Handle handle) {
        lock(handle, "pg_advisory_xact_lock", DEFINITIONS, 0);
    }

    private static void lock(Handle handle, String function, int kind, int key) {
        handle.createQuery("select count(" + function + "(:kind, :key))")
                .bind("kind", kind)
                .bind("key", key)
                .mapTo(Long.class)
                .one();
    }
}
