package sojourn.app.journeys;

import java.util.Map;
import org.jdbi.v3.core.Handle;
import sojourn.workflows.journeys.Done;
import sojourn.workflows.journeys.Split;

/**
 * Gives out the places of branches that take so many contacts: exactly so many, since whoever asks for one waits for those
 * that were before and have not committed.
 */
final class SplitPlaces {

    private SplitPlaces() {}

    /** Takes a place of the first branch that has one left, in the caller's transaction; none when all are full. */
    static Done take(Handle handle, int journey, String tile, Split split) {
        for (var way : split.counted()) {
            var count = way.count() == null ? 0 : way.count();
            var taken = handle.createQuery("""
                            insert into split_count as c (journey_id, tile, branch, taken)
                            select :journey, :tile, :branch, 1 where :count > 0
                            on conflict (journey_id, tile, branch) do update set taken = c.taken + 1 where c.taken < :count
                            returning taken
                            """)
                    .bindMap(Map.of(
                            "journey", journey, "tile", tile, "branch", String.valueOf(way.name()), "count", count))
                    .mapTo(Integer.class)
                    .findOne();
            if (taken.isPresent()) {
                return new Done("branch", way.name(), null, "number " + taken.get() + " of the first " + count);
            }
        }
        return Done.of("branch", "all places are taken");
    }
}
