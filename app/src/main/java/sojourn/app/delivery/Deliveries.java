package sojourn.app.delivery;

import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;

/** Finds deliveries for other features. */
public final class Deliveries {

    /** A delivery as a run shows it. */
    public record OfRun(UUID id, String tile, String channel, String state) {}

    /** A run's deliveries in the order of its visits. */
    public List<OfRun> ofRun(Handle handle, UUID run) {
        return handle.createQuery("select id, tile, channel, state from delivery where run_id = :run order by visit")
                .bind("run", run)
                .map(ConstructorMapper.of(OfRun.class))
                .list();
    }
}
