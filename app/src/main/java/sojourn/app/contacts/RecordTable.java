package sojourn.app.contacts;

import java.time.Instant;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where the records of a type lie, within one transaction. */
interface RecordTable<R extends Stored> {

    /** A record that is not there yet; without a UUID it gets one. */
    record New(@Nullable UUID uuid, Fields fields) {}

    /**
     * By external ids, so that two who add the same ones at once wait for one another instead of each for the other; with
     * UUIDs of their own as they come, so that what is brought from elsewhere keeps its order.
     */
    static List<New> inOrder(Collection<New> records) {
        return records.stream().anyMatch(record -> record.uuid() != null)
                ? List.copyOf(records)
                : records.stream()
                        .sorted(Comparator.comparing(
                                (New added) -> added.fields().externalId(), Comparator.nullsFirst(String::compareTo)))
                        .toList();
    }

    Fields fields(R stored);

    /** How often it has been written, this time included; one that is updated has the next. */
    int version(R stored);

    /**
     * The records of these external ids, locked in the order of their ids, by external id; a contact may be found by several,
     * its own and those of contacts that were merged into it.
     */
    Map<String, R> lock(Collection<String> externalIds);

    /** The records of these ids, locked in the same order, by id; what was erased is left out, what was merged leads on. */
    Map<UUID, R> lockByUuid(Collection<UUID> uuids);

    /** Adds records whose external ids and UUIDs are free; the others are left out. */
    List<R> add(Collection<New> records, Instant now);

    /** Gives records other fields, by id. */
    void update(Map<Long, Fields> records, Instant now);
}
