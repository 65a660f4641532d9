package sojourn.app.segments;

import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import sojourn.app.segments.language.ContactState;
import sojourn.app.segments.language.QueryMatcher;

/**
 * What segments say of the contacts of a batch, contact by contact. A contact is asked about in the order in which the
 * segments build on one another, so that what it joins or leaves is seen by the next; no contact depends on another, so
 * that many are asked about at once.
 */
final class Verdicts {

    /** Fewer contacts are done before other threads have begun. */
    private static final int WORTH_SPREADING = 100;

    private final List<Question> questions;
    private final Belonging belonging;
    private final Map<Long, BitSet> asked = new HashMap<>();

    private record Question(LiveSegment segment, Predicate<ContactState> query) {}

    /** A contact that joins a segment, or leaves it. */
    record Move(long contact, LiveSegment segment, boolean joins) {}

    /**
     * What is known of a contact before it is asked about.
     *
     * @param state null when it was erased
     * @param memberships ids of the segments that it is in
     * @param moved keys of the segments that it has joined or left in this pass
     */
    record Known(@Nullable ContactState state, Set<Integer> memberships, Set<String> moved) {}

    /** @param segments each after those it builds on; none of them is asked for in the database */
    Verdicts(List<LiveSegment> segments, ChangeBatch batch, Belonging belonging, Instant now) {
        this.belonging = belonging;
        this.questions = segments.stream()
                .map(segment -> new Question(segment, QueryMatcher.of(segment.query(), now, segment.zone())))
                .toList();
        batch.contactsByReasons().forEach((reasons, contacts) -> {
            var concerned = new BitSet();
            for (var number = 0; number < segments.size(); number++) {
                concerned.set(number, reasons.concern(segments.get(number)));
            }
            contacts.forEach(contact -> asked.put(contact, concerned));
        });
    }

    /** Who moves, in the order of the contacts. */
    List<Move> of(Map<Long, Known> contacts) {
        var all = List.copyOf(contacts.entrySet());
        return (all.size() < WORTH_SPREADING ? all.stream() : all.parallelStream())
                .map(contact -> of(contact.getKey(), contact.getValue()))
                .flatMap(Collection::stream)
                .toList();
    }

    private List<Move> of(long contact, Known known) {
        var moves = new ArrayList<Move>();
        var moved = new HashSet<>(known.moved());
        var state = known.state();
        var concerned = asked.getOrDefault(contact, new BitSet());
        for (var number = 0; number < questions.size(); number++) {
            var question = questions.get(number);
            var segment = question.segment();
            if (concerned.get(number) || !Collections.disjoint(segment.needs().segments(), moved)) {
                var joins = has(question, contact, state);
                if (joins != known.memberships().contains(segment.id())) {
                    moves.add(new Move(contact, segment, joins));
                    moved.add(segment.key());
                    state = state == null ? null : state.with(segment.key(), joins);
                }
            }
        }
        return moves;
    }

    private boolean has(Question question, long contact, @Nullable ContactState state) {
        return state != null
                && belonging.has(
                        question.segment().id(),
                        contact,
                        state,
                        () -> question.query().test(state));
    }
}
