package sojourn.app.contacts;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jdbi.v3.core.Handle;

/**
 * Hands what features keep about a contact to the one it is merged into. Each says here what it keeps, and what of it may
 * still be written for the merged contact by those who had found it before: that is handed over whenever word of it comes.
 */
public final class Merges {

    /**
     * One contact that is merged into another, both by their short keys; the winner is locked.
     *
     * @param at when they were merged, or when something was found that came late
     */
    public record Merge(long loser, long winner, Instant at) {}

    /** Hands over what one feature keeps, in the transaction of the merge; leaves word of what it gave the winner. */
    @FunctionalInterface
    public interface Step {
        void merge(Handle handle, Merge merge);
    }

    /** Keeps what a feature must know of the loser once it is nobody any more; before what it had is taken. */
    @FunctionalInterface
    public interface Farewell {
        void leave(Handle handle, Contact loser, long winner);
    }

    /** Keeps whoever takes word of changes of these contacts out until the transaction ends. */
    @FunctionalInterface
    public interface Guard {
        void lock(Handle handle, Collection<Long> contacts);
    }

    private final List<Farewell> farewells = new CopyOnWriteArrayList<>();
    private final List<Step> once = new CopyOnWriteArrayList<>();
    private final List<Step> following = new CopyOnWriteArrayList<>();
    private volatile Guard guard = (_, _) -> {};

    /** A step over what nobody writes once the contact is merged. */
    public void add(Step step) {
        once.add(step);
    }

    /** A step over what may be written later, too: it is done again, and must be quick when there is nothing. */
    public void addFollowing(Step step) {
        following.add(step);
    }

    public void addFarewell(Farewell farewell) {
        farewells.add(farewell);
    }

    public void guardedBy(Guard keeper) {
        guard = keeper;
    }

    /**
     * Hands over what was written for contacts after they had been merged, or while they were; by whoever takes word of
     * changes, behind the {@link Guard}.
     */
    public void follow(Handle handle, Collection<Long> changed, Instant at) {
        var merged = handle.createQuery("""
                        select id, merged_into from contact
                        where merged_into is not null and id = any(:changed) order by id
                        """)
                .bind("changed", changed.toArray(Long[]::new))
                .map((row, _) -> new Merge(row.getLong(1), row.getLong(2), at))
                .list();
        merged.forEach(merge -> following.forEach(step -> step.merge(handle, merge)));
    }

    void lock(Handle handle, Collection<Long> contacts) {
        guard.lock(handle, contacts);
    }

    void leave(Handle handle, Contact loser, long winner) {
        farewells.forEach(farewell -> farewell.leave(handle, loser, winner));
    }

    void merge(Handle handle, Merge merge) {
        once.forEach(step -> step.merge(handle, merge));
        following.forEach(step -> step.merge(handle, merge));
    }
}
