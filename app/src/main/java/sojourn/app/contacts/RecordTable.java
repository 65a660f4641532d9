package sojourn.app.contacts;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where the records of a type lie, within one transaction. */
interface RecordTable<R extends Stored> {

    /** A record that is not there yet; without a UUID it gets one. */
    record New(@Nullable UUID uuid, Fields fields) {}

    Fields fields(R stored);

    /**
     * The records of these external ids, locked in the order of their ids, by external id; a contact may be found by several,
     * its own and those of contacts that were merged into it.
     */
    Map<String, R> lock(Collection<String> externalIds);

    /** Adds records whose external ids are free; the others are left out. In the order of external ids. */
    List<R> add(Collection<New> records, Instant now);

    /** Gives records other fields, by id. */
    void update(Map<Long, Fields> records, Instant now);
}
