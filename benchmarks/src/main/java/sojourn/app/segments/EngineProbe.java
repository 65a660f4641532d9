package sojourn.app.segments;

import com.codahale.metrics.MetricRegistry;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.Collection;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.contacts.Changes;
import sojourn.app.contacts.Merges;
import sojourn.app.segments.language.QueryMatcher;
import sojourn.app.segments.language.Sql;

/** The parts of the engine that follow changes and the clock, run by hand in this process beside a server that leaves them alone. */
public final class EngineProbe {

    private final Jdbi jdbi;
    private final Vocabulary vocabulary;
    private final ContactStates states;
    private final ClockPass clockPass;
    private final IncrementalEvaluation incremental;

    public EngineProbe(Jdbi jdbi) {
        this.jdbi = jdbi;
        vocabulary = new Vocabulary(jdbi);
        states = new ContactStates(vocabulary);
        clockPass = new ClockPass(jdbi, vocabulary, new Changes(), InstantSource.system());
        incremental = new IncrementalEvaluation(
                jdbi,
                vocabulary,
                states,
                new MembershipChanges(),
                new Scopes(true),
                new Merges(),
                InstantSource.system(),
                new MetricRegistry());
    }

    /** Moves the clocks of all live segments to the present and applies every change; how long it took, in milliseconds. */
    public double catchUp() {
        var began = System.nanoTime();
        while (clockPass.run()) {
            // A day at a time.
        }
        while (incremental.run()) {
            // Batch by batch.
        }
        return millisSince(began);
    }

    /** What the product makes of a query: a condition on {@code contact c}, as of an instant, with days of UTC. */
    public Sql condition(Handle handle, String query, Instant now) {
        var words = vocabulary.read(handle);
        var compiled = Statement.compile(handle, words, words.parse(query), now, ZoneOffset.UTC);
        return new Sql(compiled.text(), compiled.values());
    }

    /** What one contact costs. */
    public record OneContact(double loadMillis, double evaluateMillis, int found) {}

    /** Loads all that the live segments need of some contacts, then asks whether each has them. */
    public OneContact evaluate(Collection<Long> contacts) {
        return jdbi.inTransaction(handle -> {
            var words = vocabulary.read(handle);
            var ids = handle.attach(SegmentDao.class).evaluated().stream()
                    .map(Segment::id)
                    .toList();
            var segments = LiveSegments.read(handle, words, ids);
            var needs = ContactStates.together(
                    segments.stream().map(LiveSegment::needs).toList());
            var began = System.nanoTime();
            var loaded = states.load(handle, contacts, needs);
            var load = millisSince(began);
            var now = Instant.now();
            var found = 0;
            for (var state : List.copyOf(loaded.values())) {
                for (var segment : segments) {
                    found += QueryMatcher.matches(segment.query(), state, now, segment.zone()) ? 1 : 0;
                }
            }
            return new OneContact(load, millisSince(began) - load, found);
        });
    }

    private static double millisSince(long began) {
        return (System.nanoTime() - began) / 1e6;
    }
}
