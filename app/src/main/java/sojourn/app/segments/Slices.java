package sojourn.app.segments;

import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import sojourn.app.segments.language.Needs;

/**
 * Finds the contacts that time alone may move: those with an interaction that came into a window or fell out of it
 * while the clock went from one instant to another. Two thin ranges of an index for each window; nothing is rescanned.
 */
final class Slices {

    /**
     * A range of interactions of one type.
     *
     * @param atNow whether its end is the present: of those interactions only the ones that were dated ahead when they
     *     came are news, the others were looked at on arrival
     */
    record Slice(short type, Instant after, Instant until, boolean atNow) {}

    private Slices() {}

    /** The slices that matter to a query, each once. */
    static List<Slice> of(Needs needs, Instant before, Instant now, ZoneId zone, Map<String, Short> typeIds) {
        var slices = new LinkedHashSet<Slice>();
        for (var block : needs.blocks()) {
            var types = block.types().isEmpty() ? typeIds.keySet() : block.types();
            for (var range : block.moved(before, now, zone)) {
                for (var type : types) {
                    var id = typeIds.get(type);
                    if (id != null && range.after() != null) {
                        slices.add(new Slice(
                                id, range.after(), range.until(), !range.until().isBefore(now)));
                    }
                }
            }
        }
        return List.copyOf(slices);
    }

    /** The contacts in each list of slices. A slice that several share is read once. */
    static <K> Map<K, Set<Long>> contacts(Handle handle, Map<K, List<Slice>> slices) {
        var distinct = slices.values().stream().flatMap(List::stream).distinct().toList();
        var found = read(handle, distinct);
        var contacts = new LinkedHashMap<K, Set<Long>>();
        slices.forEach((key, own) -> {
            var all = new HashSet<Long>();
            own.forEach(slice -> all.addAll(found.getOrDefault(slice, List.of())));
            contacts.put(key, all);
        });
        return contacts;
    }

    private static Map<Slice, List<Long>> read(Handle handle, List<Slice> slices) {
        var found = new HashMap<Slice, List<Long>>();
        if (slices.isEmpty()) {
            return found;
        }
        handle.createQuery("""
                        select n, array_agg(distinct contact_id)
                        from (select n, type, at_now,
                                     timestamptz 'epoch' + after * interval '1 microsecond' as after,
                                     timestamptz 'epoch' + until * interval '1 microsecond' as until
                              from unnest(:types, :after, :until, :atNow) with ordinality
                                   as given (type, after, until, at_now, n)) as slice
                        cross join lateral (
                            select contact_id from interaction
                            where type_id = slice.type
                              and occurred_at > slice.after and occurred_at <= slice.until
                              and (not slice.at_now or occurred_at > received_at)) as moved
                        group by n
                        """)
                .bind("types", slices.stream().map(Slice::type).toArray(Short[]::new))
                .bind(
                        "after",
                        slices.stream().map(slice -> micros(slice.after())).toArray(Long[]::new))
                .bind(
                        "until",
                        slices.stream().map(slice -> micros(slice.until())).toArray(Long[]::new))
                .bind("atNow", slices.stream().map(Slice::atNow).toArray(Boolean[]::new))
                .map((row, _) -> Map.entry(slices.get(row.getInt(1) - 1), List.of((Long[])
                        row.getArray(2).getArray())))
                .forEach(entry -> found.put(entry.getKey(), entry.getValue()));
        return found;
    }

    static long micros(Instant instant) {
        return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
    }
}
