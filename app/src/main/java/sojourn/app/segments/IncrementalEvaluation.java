package sojourn.app.segments;

import com.codahale.metrics.Histogram;
import com.codahale.metrics.MetricRegistry;
import com.codahale.metrics.Timer;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.contacts.Merges;
import sojourn.app.platform.Transactions;

/**
 * Keeps memberships fresh: takes a batch of changed contacts from the change queue and evaluates, in Java, the live
 * segments that the changes may concern, each after those it builds on. Everything is one transaction: the change
 * rows, the memberships, the outbox. What counts is the newest state, so that a change seen twice does no harm.
 *
 * <p>A segment that is being evaluated in full is left out; its contacts go back to the queue, restricted to it. One
 * that is going live needs nothing: its first evaluation looks after this batch and sees what the batch would have.
 *
 * <p>What was written for a contact while it was merged into another comes here as a change of the merged one, and is handed
 * over first.
 */
final class IncrementalEvaluation {

    static final int MOST_CONTACTS = 1000;

    private static final int RETRY_MILLIS = 200;

    private final Jdbi jdbi;
    private final Vocabulary vocabulary;
    private final ContactStates states;
    private final MembershipChanges membershipChanges;
    private final Scopes scopes;
    private final Merges merges;
    private final InstantSource clock;
    private final Timer times;
    private final Histogram sizes;

    IncrementalEvaluation(
            Jdbi jdbi,
            Vocabulary vocabulary,
            ContactStates states,
            MembershipChanges membershipChanges,
            Scopes scopes,
            Merges merges,
            InstantSource clock,
            MetricRegistry metrics) {
        this.jdbi = jdbi;
        this.vocabulary = vocabulary;
        this.states = states;
        this.membershipChanges = membershipChanges;
        this.scopes = scopes;
        this.merges = merges;
        this.clock = clock;
        this.times = metrics.timer("segments.batch");
        this.sizes = metrics.histogram("segments.batch.contacts");
    }

    /** Applies one batch; says whether there was one. */
    boolean run() {
        if (!ChangeBatch.waiting(jdbi)) {
            return false;
        }
        try (var _ = times.time()) {
            var done = Transactions.in(jdbi, this::apply);
            sizes.update(done.contacts());
            if (done.moved()) {
                membershipChanges.kick();
            }
            return done.contacts() > 0;
        }
    }

    private record Done(int contacts, boolean moved) {}

    private Done apply(Handle handle) {
        Locks.batch(handle);
        var batch = ChangeBatch.take(handle, MOST_CONTACTS);
        if (batch.contacts().isEmpty()) {
            return new Done(0, false);
        }
        merges.follow(handle, batch.contacts(), clock.instant().truncatedTo(ChronoUnit.MICROS));
        var candidates = candidates(handle, batch);
        if (candidates.isEmpty()) {
            return new Done(batch.contacts().size(), false);
        }
        var locked = Locks.shared(handle, candidates);
        var now = later(clock.instant(), batch.newest()).truncatedTo(ChronoUnit.MICROS);
        var pass = new Pass(handle, batch, now, memberships(handle, batch.contacts()), scopes);
        var segments = handle.attach(SegmentDao.class)
                .getAll(locked.stream().mapToInt(Integer::intValue).toArray());
        pass.removeErased(segments);
        pass.removeOutOfScope(segments);
        var words = vocabulary.read(handle);
        pass.evaluate(LiveSegments.read(handle, words, locked), states, words);
        pass.write();
        RelatedChanges.throughContacts(handle, words, batch, now);
        for (var segment : candidates) {
            if (!locked.contains(segment)) {
                SegmentChanges.restricted(handle, segment, pass.concerned(segment), now, RETRY_MILLIS);
            }
        }
        return new Done(batch.contacts().size(), pass.movedAnyone());
    }

    /**
     * All evaluated segments, so that none goes live or is redefined unnoticed; what erased contacts are still in; and the
     * static segments with a scope that these contacts are in.
     */
    private static Set<Integer> candidates(Handle handle, ChangeBatch batch) {
        return handle.createQuery("""
                        select id from segment where kind = 'dynamic' and state in ('goingLive', 'live')
                        union
                        select m.segment_id
                        from membership m
                        join contact c on c.id = m.contact_id
                        where m.contact_id = any(:contacts) and c.state = 'erased'
                        union
                        select m.segment_id
                        from segment s
                        join membership m on m.segment_id = s.id and m.contact_id = any(:contacts)
                        where s.kind = 'static' and s.state = 'live' and s.scope <> 'organization'
                        """)
                .bind("contacts", batch.contacts().toArray(Long[]::new))
                .mapTo(Integer.class)
                .set();
    }

    private static Map<Long, Set<Integer>> memberships(Handle handle, Collection<Long> contacts) {
        var memberships = new HashMap<Long, Set<Integer>>();
        handle.createQuery("select contact_id, segment_id from membership where contact_id = any(:contacts)")
                .bind("contacts", contacts.toArray(Long[]::new))
                .map((row, _) -> Map.entry(row.getLong(1), row.getInt(2)))
                .forEach(row -> memberships
                        .computeIfAbsent(row.getKey(), _ -> new HashSet<>())
                        .add(row.getValue()));
        return memberships;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
