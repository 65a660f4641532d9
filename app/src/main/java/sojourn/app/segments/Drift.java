package sojourn.app.segments;

import static java.util.stream.Collectors.joining;

import com.codahale.metrics.Counter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sojourn.app.contacts.Contacts;
import sojourn.app.segments.language.Explainer;
import sojourn.app.segments.language.Explanation;

/**
 * Tells what a full evaluation found and nobody had announced: whoever joined or left though no change row, and no
 * interaction at the edge of a window that the clock has yet to pass, would have said so. A defect each, repaired by then.
 */
final class Drift {

    private static final Logger log = LoggerFactory.getLogger(Drift.class);
    private static final int MOST_LOGGED = 20;

    private final ContactStates states;
    private final InstantSource clock;
    private final Counter counter;

    Drift(ContactStates states, InstantSource clock, Counter counter) {
        this.states = states;
        this.clock = clock;
        this.counter = counter;
    }

    /**
     * Finds them. Looks in a younger snapshot than the delta's, so that what was committed in between is not
     * blamed.
     *
     * @param clockAt up to when the segment's windows have been moved
     * @param now when the delta was taken
     */
    static Set<Long> find(
            Handle handle, LiveSegment segment, Vocabulary.Words words, Delta delta, Instant clockAt, Instant now) {
        if (delta.changes().isEmpty() || segment.needs().readsClock() || wasRescoped(handle, segment.segment())) {
            return Set.of();
        }
        var needs = segment.needs();
        var suspects = new HashSet<>(delta.unannounced(handle, needs.segments()));
        if (!suspects.isEmpty()) {
            var slices = Slices.of(needs, clockAt, now, segment.zone(), words.typeIds());
            suspects.removeAll(
                    Slices.contacts(handle, Map.of(segment.id(), slices)).getOrDefault(segment.id(), Set.of()));
        }
        if (!suspects.isEmpty()) {
            suspects.removeAll(RelatedChanges.awaiting(handle, words, needs, suspects));
            // Word of a record may have become word of its contacts between the two looks.
            suspects.retainAll(delta.unannounced(handle, needs.segments()));
        }
        return suspects;
    }

    /** Whether whom the scope means has changed since the segment was read. */
    private static boolean wasRescoped(Handle handle, Segment segment) {
        return handle.attach(SegmentDao.class).get(segment.id()).rescoped() != segment.rescoped();
    }

    /**
     * Counts them, once their repair is committed, and logs some: by contact, with what each block says of it now, which is
     * where to look for the defect. Ids and truths, no values.
     */
    void tell(Handle handle, Vocabulary.Words words, Segment found, Set<Long> drifted) {
        counter.inc(drifted.size());
        var segment = LiveSegment.of(words, found);
        var now = clock.instant();
        log.error("segment {} had drifted: {} contacts repaired", segment.key(), drifted.size());
        var some = drifted.stream().sorted().limit(MOST_LOGGED).toList();
        var known = states.load(handle, some, segment.needs());
        for (var contact : new Contacts().findAll(handle, some)) {
            var state = known.get(contact.id());
            var said = state == null
                    ? "erased"
                    : blocks(Explainer.explain(segment.query(), state, now, segment.zone(), Map.of(), Set.of()));
            log.error("segment {} had drifted: contact {}, now {}", segment.key(), contact.uuid(), said);
        }
    }

    private static String blocks(Explanation tree) {
        return leaves(tree).map(block -> block.text() + " is " + block.holds()).collect(joining("; "));
    }

    private static Stream<Explanation> leaves(Explanation tree) {
        return tree.text() != null ? Stream.of(tree) : tree.parts().stream().flatMap(Drift::leaves);
    }
}
