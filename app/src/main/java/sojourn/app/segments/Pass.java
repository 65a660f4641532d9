package sojourn.app.segments;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.partitioningBy;
import static java.util.stream.Collectors.toList;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import sojourn.app.segments.language.ContactState;

/** One pass over the contacts of a batch: segment by segment, so that what joins or leaves one is seen by the next. */
final class Pass {

    private final Handle handle;
    private final ChangeBatch batch;
    private final Instant now;
    private final Map<Long, Set<Integer>> memberships;
    private final Scopes scopes;
    private final Map<ChangeBatch.Reasons, List<Long>> contacts;
    private final Map<Long, Set<String>> moved = new HashMap<>();
    private final Map<Long, ContactState> known = new HashMap<>();
    private final List<MembershipWriter.Moves> unwritten = new ArrayList<>();

    /**
     * @param memberships the segments that each contact is in; kept up to date
     */
    Pass(Handle handle, ChangeBatch batch, Instant now, Map<Long, Set<Integer>> memberships, Scopes scopes) {
        this.handle = handle;
        this.batch = batch;
        this.contacts = batch.contactsByReasons();
        this.now = now;
        this.memberships = memberships;
        this.scopes = scopes;
    }

    boolean movedAnyone() {
        return !moved.isEmpty();
    }

    /** Evaluates live segments in their order, those that the changes concern and those built on what moves. */
    void evaluate(List<LiveSegment> segments, ContactStates states, Vocabulary.Words words) {
        var concerned = concerned(segments);
        if (concerned.isEmpty()) {
            return;
        }
        var askedHere =
                concerned.stream().filter(segment -> !segment.needs().fansOut()).toList();
        var needs = ContactStates.together(
                askedHere.stream().map(LiveSegment::needs).toList());
        known.putAll(states.load(handle, batch.contacts(), needs, Horizon.of(askedHere, now)));
        var belonging = Belonging.load(handle, scopes, concerned, batch.contacts());
        for (var from = 0; from < concerned.size(); ) {
            if (concerned.get(from).needs().fansOut()) {
                evaluateInDatabase(concerned.get(from++), words);
            } else {
                var to = from;
                while (to < concerned.size() && !concerned.get(to).needs().fansOut()) {
                    to++;
                }
                evaluate(concerned.subList(from, to), belonging);
                from = to;
            }
        }
    }

    private void evaluate(List<LiveSegment> segments, Belonging belonging) {
        var contacts = new LinkedHashMap<Long, Verdicts.Known>();
        for (var contact : batch.contacts()) {
            contacts.put(
                    contact,
                    new Verdicts.Known(
                            known.get(contact),
                            memberships.getOrDefault(contact, Set.of()),
                            moved.getOrDefault(contact, Set.of())));
        }
        var moves = new Verdicts(segments, batch, belonging, now)
                .of(contacts).stream().collect(groupingBy(move -> move.segment().id()));
        for (var segment : segments) {
            var those = moves.getOrDefault(segment.id(), List.of()).stream()
                    .collect(partitioningBy(Verdicts.Move::joins, mapping(Verdicts.Move::contact, toList())));
            note(segment.segment(), those.getOrDefault(true, List.of()), those.getOrDefault(false, List.of()));
        }
    }

    /** Takes contacts that were erased out of segments of every kind; where the merged were picked, {@link MemberMerge} does. */
    void removeErased(List<Segment> segments) {
        var merged = handle.createQuery("""
                        select id, merged_into is not null from contact
                        where id = any(:contacts) and state = 'erased' order by id
                        """)
                .bind("contacts", batch.contacts().toArray(Long[]::new))
                .map((row, _) -> Map.entry(row.getLong(1), row.getBoolean(2)))
                .collectToMap(Map.Entry::getKey, Map.Entry::getValue);
        for (var segment : segments) {
            var leaving = merged.keySet().stream()
                    .filter(contact -> isIn(contact, segment))
                    .filter(contact -> segment.isDynamic() || !Objects.requireNonNull(merged.get(contact)))
                    .toList();
            note(segment, List.of(), leaving);
        }
    }

    /** Takes contacts that no longer belong to the scope of static segments out of these. */
    void removeOutOfScope(List<Segment> segments) {
        var picked = segments.stream()
                .filter(segment -> segment.isLive() && !segment.isDynamic())
                .toList();
        var meanings = scopes.of(handle, picked);
        for (var segment : picked) {
            var scope = meanings.get(segment.id());
            if (scope != null && !scope.isEverybody()) {
                var outside = Statement.of(
                                "select c.id from contact c where c.id = any(?) and c.merged_into is null and not ",
                                (Object) batch.contacts().toArray(Long[]::new))
                        .add(scope.condition())
                        .query(handle)
                        .mapTo(Long.class)
                        .list();
                note(
                        segment,
                        List.of(),
                        outside.stream()
                                .filter(contact -> isIn(contact, segment))
                                .toList());
            }
        }
    }

    /** The contacts that a segment left out of this pass must look at later. */
    Set<Long> concerned(int segment) {
        var contacts = new HashSet<>(moved.keySet());
        batch.reasons().forEach((contact, reasons) -> {
            if (!reasons.causes().isEmpty() || reasons.segments().contains(segment)) {
                contacts.add(contact);
            }
        });
        return contacts;
    }

    /** Those that some change concerns, and those built on them: in the order given, upstream first. */
    private List<LiveSegment> concerned(List<LiveSegment> segments) {
        var keys = new HashSet<String>();
        var concerned = new ArrayList<LiveSegment>();
        for (var segment : segments) {
            if (segment.needs().segments().stream().anyMatch(keys::contains)
                    || contacts.keySet().stream().anyMatch(reasons -> reasons.concern(segment))) {
                keys.add(segment.key());
                concerned.add(segment);
            }
        }
        return concerned;
    }

    /** In the database, which stops at the first record that fits, where whole populations would have to be loaded. */
    private void evaluateInDatabase(LiveSegment segment, Vocabulary.Words words) {
        var asked = asked(segment);
        if (asked.isEmpty()) {
            return;
        }
        // It may ask about segments that were evaluated before it.
        write();
        var scope = Objects.requireNonNull(
                scopes.of(handle, List.of(segment.segment())).get(segment.id()));
        var has = Statement.of("select c.id from contact c where c.id = any(?) and c.state <> 'erased' and ", (Object)
                        asked.toArray(Long[]::new))
                .add(Belonging.condition(
                        handle,
                        segment.id(),
                        scope,
                        Statement.compileForFew(handle, words, segment.query(), now, segment.zone())))
                .query(handle)
                .mapTo(Long.class)
                .set();
        note(
                segment.segment(),
                asked.stream()
                        .filter(contact -> has.contains(contact) && !isIn(contact, segment.segment()))
                        .toList(),
                asked.stream()
                        .filter(contact -> !has.contains(contact) && isIn(contact, segment.segment()))
                        .toList());
    }

    /** The contacts of whom a segment must be asked. */
    private Set<Long> asked(LiveSegment segment) {
        var asked = new TreeSet<Long>();
        contacts.forEach((reasons, some) -> {
            if (reasons.concern(segment)) {
                asked.addAll(some);
            }
        });
        moved.forEach((contact, upstream) -> {
            if (upstream.stream().anyMatch(segment.needs().segments()::contains)) {
                asked.add(contact);
            }
        });
        return asked;
    }

    private boolean isIn(long contact, Segment segment) {
        return memberships.getOrDefault(contact, Set.of()).contains(segment.id());
    }

    private void note(Segment segment, List<Long> joining, List<Long> leaving) {
        if (joining.isEmpty() && leaving.isEmpty()) {
            return;
        }
        unwritten.add(new MembershipWriter.Moves(segment.id(), joining, leaving));
        joining.forEach(contact -> move(contact, segment, true));
        leaving.forEach(contact -> move(contact, segment, false));
    }

    /** Writes who has moved so far; all segments together, since a statement for each costs more than what it writes. */
    void write() {
        if (!unwritten.isEmpty()) {
            MembershipWriter.write(handle, unwritten, now);
            unwritten.clear();
        }
    }

    private void move(long contact, Segment segment, boolean joins) {
        var in = memberships.computeIfAbsent(contact, _ -> new HashSet<>());
        if (joins) {
            in.add(segment.id());
        } else {
            in.remove(segment.id());
        }
        moved.computeIfAbsent(contact, _ -> new HashSet<>()).add(segment.key());
        known.computeIfPresent(contact, (_, state) -> state.with(segment.key(), joins));
    }
}
