package sojourn.app.segments;

import static java.util.stream.Collectors.toSet;

import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Changes;
import sojourn.app.segments.language.Needs;

/**
 * Contacts taken from the change queue, and why each is to be looked at.
 *
 * @param newest when the newest of these changes was recorded: whoever applies them must not believe it to be earlier,
 *     though it may run on a machine whose clock is behind
 */
record ChangeBatch(Map<Long, Reasons> reasons, Instant newest) {

    private static final int MOST_ROWS = 200;
    private static final int ROWS_FETCHED = 5;

    /** As the queue's indexes have it: a row of more contacts is part of a burst. */
    private static final String SMALL = "cardinality(contact_ids) <= 100";

    private static final String LARGE = "cardinality(contact_ids) > 100";

    private static final String READY = """
            consumer = 'segments' and (not_before is null or not_before <= clock_timestamp())""";

    /** Why a contact is to be looked at: causes that concern whatever depends on them, or single segments. */
    record Reasons(Set<String> causes, Set<Integer> segments) {

        boolean concern(LiveSegment segment) {
            return segments.contains(segment.id())
                    || causes.contains(Changes.PROFILE)
                    || causes.stream().anyMatch(cause -> concern(segment.needs(), cause));
        }

        private static boolean concern(Needs needs, String cause) {
            return switch (Cause.of(cause)) {
                case Cause.Interaction(var type) ->
                    needs.anyType() || needs.types().contains(type);
                case Cause.Membership(var segment) -> needs.segments().contains(segment);
                case Cause.Link(var relationship) ->
                    needs.paths().stream()
                            .anyMatch(path -> path.getFirst().relationship().equals(relationship));
                case Cause.Related(var type) ->
                    needs.hops().anyMatch(hop -> hop.to().equals(type))
                            || needs.follows().stream().anyMatch(following -> following.leadsTo(type));
            };
        }

        /** The causes for which what is related to the contact may have to be looked at too. */
        Stream<String> ofRelated() {
            return causes.stream()
                    .filter(cause -> cause.equals(Changes.PROFILE) || Cause.of(cause) instanceof Cause.Link);
        }
    }

    private record Row(
            long seq,
            List<Long> contacts,
            List<String> causes,
            @Nullable Integer segment,
            Instant at) {

        Row only(Predicate<Long> some) {
            return new Row(seq, contacts.stream().filter(some).toList(), causes, segment, at);
        }
    }

    Collection<Long> contacts() {
        return reasons.keySet();
    }

    /** Most contacts of a batch are to be looked at for the same reasons: what these concern need be found out only once. */
    Map<Reasons, List<Long>> contactsByReasons() {
        var contacts = new HashMap<Reasons, List<Long>>();
        reasons.forEach((contact, why) ->
                contacts.computeIfAbsent(why, _ -> new ArrayList<>()).add(contact));
        return contacts;
    }

    static boolean waiting(Jdbi jdbi) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select exists (select from change where <ready>)
                        """)
                .define("ready", READY)
                .mapTo(Boolean.class)
                .one());
    }

    /** How long the oldest change that could be applied has waited. */
    static double lagSeconds(Jdbi jdbi) {
        return jdbi.withHandle(handle -> handle.createQuery("""
                        select coalesce(extract(epoch from clock_timestamp() - min(coalesce(waiting_since, at))), 0)
                        from change where <ready>
                        """)
                .define("ready", READY)
                .mapTo(Double.class)
                .one());
    }

    /**
     * Takes the oldest rows that nobody else has taken out of the queue, and the locks of their contacts; all are back when the
     * transaction fails. Small rows and large ones have as much room each, so that a burst does not hold up what happens
     * beside it, nor is held up for ever.
     *
     * <p>Beside large rows no small one is waited for: contacts of it at whom somebody else is just now stay in the queue, for
     * two loops that drain a burst would else spend half of their time waiting for one another.
     *
     * @param mostContacts of each
     */
    static ChangeBatch take(Handle handle, int mostContacts) {
        var large = waiting(handle, LARGE, mostContacts);
        Locks.contacts(handle, contacts(large));
        var small = waiting(handle, SMALL, mostContacts);
        var locked = large.isEmpty() ? locked(handle, contacts(small)) : Locks.freeContacts(handle, contacts(small));
        var taken = Stream.concat(small.stream().map(row -> row.only(locked::contains)), large.stream())
                .filter(row -> !row.contacts().isEmpty())
                .toList();
        leave(
                handle,
                small.stream()
                        .map(row -> row.only(contact -> !locked.contains(contact)))
                        .toList());
        remove(
                handle,
                Stream.concat(small.stream().filter(row -> locked.containsAll(row.contacts())), large.stream())
                        .map(Row::seq)
                        .toArray(Long[]::new));
        return of(taken);
    }

    private static Set<Long> locked(Handle handle, Set<Long> contacts) {
        Locks.contacts(handle, contacts);
        return contacts;
    }

    private static Set<Long> contacts(List<Row> rows) {
        return rows.stream().flatMap(row -> row.contacts().stream()).collect(toSet());
    }

    private static ChangeBatch of(List<Row> rows) {
        var reasons = new TreeMap<Long, Reasons>();
        var newest = Instant.MIN;
        for (var row : rows) {
            newest = row.at().isAfter(newest) ? row.at() : newest;
            for (var contact : row.contacts()) {
                add(reasons.computeIfAbsent(contact, _ -> new Reasons(new HashSet<>(), new HashSet<>())), row);
            }
        }
        return new ChangeBatch(reasons, newest);
    }

    /** They keep their place in the queue, with the contacts that they still have. */
    private static void leave(Handle handle, List<Row> rest) {
        var update = handle.prepareBatch("update change set contact_ids = :contacts where seq = :seq");
        for (var row : rest) {
            if (!row.contacts().isEmpty()) {
                update.bind("contacts", row.contacts().toArray(Long[]::new))
                        .bind("seq", row.seq())
                        .add();
            }
        }
        update.execute();
    }

    private static void remove(Handle handle, Long[] taken) {
        handle.createUpdate("delete from change where seq = any(:taken)")
                .bind("taken", taken)
                .execute();
    }

    /** At least one row, when there is one that nobody else has taken. */
    private static List<Row> waiting(Handle handle, String size, int mostContacts) {
        var waiting = handle.createQuery("""
                        select seq, contact_ids, causes, segment_id, at from change
                        where <ready> and <size>
                        order by seq
                        for update skip locked
                        """)
                .define("ready", READY)
                .define("size", size)
                // Rows are locked as they are fetched: a long queue is neither read whole nor kept from others.
                .setFetchSize(ROWS_FETCHED)
                .map((row, _) -> new Row(
                        row.getLong(1),
                        List.of((Long[]) row.getArray(2).getArray()),
                        List.of((String[]) row.getArray(3).getArray()),
                        row.getObject(4, Integer.class),
                        row.getObject(5, OffsetDateTime.class).toInstant()));
        var taken = new ArrayList<Row>();
        var contacts = new HashSet<Long>();
        try (var rows = waiting.iterator()) {
            while (rows.hasNext() && taken.size() < MOST_ROWS) {
                var row = rows.next();
                if (!taken.isEmpty() && contacts.size() + row.contacts().size() > mostContacts) {
                    break;
                }
                taken.add(row);
                contacts.addAll(row.contacts());
            }
        }
        return taken;
    }

    private static void add(Reasons reasons, Row row) {
        if (row.segment() == null) {
            reasons.causes().addAll(row.causes());
        } else {
            reasons.segments().add(row.segment());
        }
    }
}
