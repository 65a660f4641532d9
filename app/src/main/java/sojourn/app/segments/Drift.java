package sojourn.app.segments;

import static java.time.temporal.ChronoUnit.MICROS;
import static java.util.stream.Collectors.joining;

import com.codahale.metrics.Counter;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sojourn.app.contacts.Contacts;
import sojourn.app.segments.language.Explainer;
import sojourn.app.segments.language.Explanation;
import sojourn.app.segments.language.QueryMatcher;

/**
 * Tells what a full evaluation found and nobody had announced: whoever joined or left though no change row, and no
 * interaction at the edge of a window that the clock has yet to pass, would have said so. A defect each, repaired by then.
 */
final class Drift {

    private static final Logger log = LoggerFactory.getLogger(Drift.class);
    private static final int MOST_LOGGED = 20;

    /** Of those whom a midnight may have moved: the segment's lock is held meanwhile. */
    private static final int MOST_ASKED = 5_000;

    private static final int MOST_AT_ONCE = 500;

    /** The longest pause between evaluations that a segment can ask for, and a day. */
    private static final Duration LONGEST_LOOK_BACK = Duration.ofDays(32);

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
    Set<Long> find(
            Handle handle, LiveSegment segment, Vocabulary.Words words, Delta delta, Instant clockAt, Instant now) {
        var needs = segment.needs();
        if (delta.changes().isEmpty() || needs.readsTime() || wasRescoped(handle, segment.segment())) {
            return Set.of();
        }
        var suspects = new HashSet<>(delta.unannounced(handle, needs.segments()));
        if (!suspects.isEmpty()) {
            var slices = Slices.of(needs, clockAt, now, segment.zone(), words.typeIds());
            suspects.removeAll(
                    Slices.contacts(handle, Map.of(segment.id(), slices)).getOrDefault(segment.id(), Set.of()));
        }
        if (!suspects.isEmpty() && needs.readsClock()) {
            suspects.retainAll(notMovedByMidnight(handle, segment, delta, suspects, now));
        }
        if (!suspects.isEmpty()) {
            suspects.removeAll(RelatedChanges.awaiting(handle, words, needs, suspects));
            // Word of a record may have become word of its contacts between the two looks.
            suspects.retainAll(delta.unannounced(handle, needs.segments()));
        }
        return suspects;
    }

    /**
     * Those whom no midnight since the evaluation before can have moved, where conditions compare with today. Right before a
     * midnight all else is as the last look of the ending day left it: whose membership the query gave at none of these
     * instants has it from nowhere. Of very many only some are asked about.
     */
    private Set<Long> notMovedByMidnight(
            Handle handle, LiveSegment segment, Delta delta, Set<Long> suspects, Instant now) {
        var before = lastEvaluation(handle, segment.id());
        if (before.isEmpty() || before.get().plus(LONGEST_LOOK_BACK).isBefore(now)) {
            return Set.of();
        }
        var matchers = midnights(before.get(), now, segment.zone())
                .map(midnight -> QueryMatcher.of(segment.query(), midnight.minus(1, MICROS), segment.zone()))
                .toList();
        var left = delta.leavers(handle);
        var asked = some(suspects);
        var found = new HashSet<Long>();
        for (var part = 0; part < asked.size(); part += MOST_AT_ONCE) {
            var contacts = asked.subList(part, Math.min(asked.size(), part + MOST_AT_ONCE));
            var known = states.load(handle, contacts, segment.needs());
            for (var contact : contacts) {
                var state = known.get(contact);
                var was = left.contains(contact);
                if (state == null || matchers.stream().noneMatch(matcher -> matcher.test(state) == was)) {
                    found.add(contact);
                }
            }
        }
        return found;
    }

    private static Optional<Instant> lastEvaluation(Handle handle, int segment) {
        return handle.createQuery("select at from evaluation where segment_id = :segment order by at desc limit 1")
                .bind("segment", segment)
                .map((row, _) -> row.getObject(1, OffsetDateTime.class).toInstant())
                .findOne();
    }

    /** Those behind an instant, up to another. */
    private static Stream<Instant> midnights(Instant after, Instant until, ZoneId zone) {
        return Stream.iterate(after.atZone(zone).toLocalDate().plusDays(1), day -> day.plusDays(1))
                .map(day -> day.atStartOfDay(zone).toInstant())
                .takeWhile(midnight -> !midnight.isAfter(until));
    }

    /** All, or as many as can be asked about, from all over. */
    private static List<Long> some(Set<Long> contacts) {
        var sorted = contacts.stream().sorted().toList();
        var step = (sorted.size() + MOST_ASKED - 1) / MOST_ASKED;
        return step <= 1
                ? sorted
                : IntStream.iterate(0, index -> index < sorted.size(), index -> index + step)
                        .mapToObj(sorted::get)
                        .toList();
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
