package sojourn.app.journeys;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Transactions;
import sojourn.workflows.journeys.JourneyDocument;
import sojourn.workflows.journeys.JourneyDocument.Policy;
import sojourn.workflows.journeys.JourneyDocument.Reentry;

/**
 * Begins the iterations of recurring journeys, and ends the runs of earlier ones. An iteration begins in one transaction: from
 * its commit all members may enter anew, and whoever looks at an earlier run finds that it is to end. Telling these runs,
 * in batches, only makes them look.
 *
 * <p>Of iterations that were due while nobody could begin them, in a pause or an outage, the latest begins.
 */
final class JourneyIterations {

    private static final int BATCH = 500;
    private static final UUID FIRST = new UUID(0, 0);

    private final Jdbi jdbi;
    private final LiveVersions versions;
    private final RunSteps steps;

    /** By journey, the last run that was asked to end; only a place to go on from, and lost without harm. */
    private final Map<Integer, UUID> askedUpTo = new ConcurrentHashMap<>();

    JourneyIterations(Jdbi jdbi, LiveVersions versions, RunSteps steps) {
        this.jdbi = jdbi;
        this.versions = versions;
        this.steps = steps;
    }

    /**
     * Where a journey is in its series; public for the row mapper.
     *
     * @param iterated how many iterations have begun
     * @param iteratesFrom when the one after {@code iteratesIndex} others is due; null when the journey does not recur
     * @param iterationAt when the present one was due
     */
    public record Place(
            int id,
            int liveVersion,
            int iterated,
            @Nullable Instant iteratesFrom,
            int iteratesIndex,
            @Nullable Instant iterationAt) {}

    /** When iterations are due. */
    private record Series(Instant from, int index, Reentry reentry, ZoneId zone) {

        /** @param number how many come before */
        Instant at(int number) {
            return Objects.requireNonNull(reentry.interval()).after(from, number - index, zone);
        }

        int count() {
            return Objects.requireNonNull(reentry.count());
        }

        @Nullable
        Instant next(int iterated) {
            return iterated < count() ? at(iterated) : null;
        }

        /** How many have begun when the latest that is due has. */
        int iterated(int atLeast, Instant now) {
            var iterated = atLeast;
            while (iterated < count() && !at(iterated).isAfter(now)) {
                iterated++;
            }
            return iterated;
        }
    }

    /**
     * What entry looks at when a version goes live, under the journey's lock: its series, whose first iteration begins at
     * once where nothing else is said, and its limits.
     *
     * @param before the journey as it was
     */
    void goLive(Handle handle, Journey before, int number, Instant now) {
        var version = versions.read(handle, before.number(), number);
        plan(handle, before, version, version.document().startsAt(version.zone()), now);
        EntryTurn.begin(handle, version, now);
        beginDue(handle, before.number(), now);
    }

    /**
     * Finds the place of a journey anew when a version of it goes live. A series goes on as long as
     * interval and start stay what they are; a new interval counts from the beginning of the present iteration.
     */
    private static void plan(
            Handle handle, Journey before, LiveVersion version, @Nullable Instant startsAt, Instant now) {
        var document = version.document();
        var reentry = document.reentry();
        if (reentry == null || document.reentryPolicy() != Policy.recurring) {
            store(handle, before.number(), 0, null, null, null);
            return;
        }
        var place = place(handle, before.number());
        var wasLive = before.state() == JourneyState.live || before.state() == JourneyState.paused;
        var from = place.iteratesFrom();
        var at = place.iterationAt();
        if (wasLive && from != null && at != null) {
            var series = samePace(before.document(), document, version.zone())
                    ? new Series(from, place.iteratesIndex(), reentry, version.zone())
                    : startsAt != null && startsAt.isAfter(now)
                            ? new Series(startsAt, place.iterated(), reentry, version.zone())
                            : new Series(at, place.iterated() - 1, reentry, version.zone());
            store(handle, place.id(), place.iterated(), series, at, series.next(place.iterated()));
        } else {
            var series = new Series(startsAt == null ? now : startsAt, 0, reentry, version.zone());
            // Who is inside a journey that becomes recurring is inside its first iteration.
            var iterated = wasLive && !series.from().isAfter(now) ? series.iterated(0, now) : 0;
            store(
                    handle,
                    place.id(),
                    iterated,
                    series,
                    iterated == 0 ? null : series.at(iterated - 1),
                    series.next(iterated));
        }
    }

    private static boolean samePace(JourneyDocument one, JourneyDocument other, ZoneId zone) {
        var before = one.reentry();
        var after = other.reentry();
        return before != null
                && after != null
                && Objects.equals(before.interval(), after.interval())
                && Objects.equals(one.startsAt(zone), other.startsAt(zone))
                && Objects.equals(one.timeZone(), other.timeZone());
    }

    private static Place place(Handle handle, int journey) {
        return handle.select("""
                        select id, live_version, iterated, iterates_from, iterates_index, iteration_at
                        from journey where id = ?
                        """, journey)
                .map(ConstructorMapper.of(Place.class))
                .one();
    }

    private static void store(
            Handle handle,
            int journey,
            int iterated,
            @Nullable Series series,
            @Nullable Instant at,
            @Nullable Instant next) {
        handle.createUpdate("""
                        update journey
                        set iterated = :iterated, iterates_from = :from, iterates_index = :index, iteration_at = :at,
                            next_iteration_at = :next
                        where id = :journey
                        """)
                .bind("iterated", iterated)
                .bind("from", series == null ? null : series.from())
                .bind("index", series == null ? 0 : series.index())
                .bind("at", at)
                .bind("next", next)
                .bind("journey", journey)
                .execute();
    }

    /** Begins what is due in live journeys; says how many began. */
    int beginDue(Handle handle, Instant now) {
        return beginDue(handle, null, now);
    }

    /** The same, of one journey or of all. */
    private int beginDue(Handle handle, @Nullable Integer journey, Instant now) {
        var due = handle.createQuery("""
                        select id, live_version, iterated, iterates_from, iterates_index, iteration_at
                        from journey
                        where state = 'live' and next_iteration_at <= :now
                          and (cast(:journey as integer) is null or id = :journey)
                        order by id for update
                        """)
                .bind("now", now)
                .bind("journey", journey)
                .map(ConstructorMapper.of(Place.class))
                .list();
        due.forEach(place -> begin(handle, place, now));
        return due.size();
    }

    private void begin(Handle handle, Place place, Instant now) {
        var version = versions.read(handle, place.id(), place.liveVersion());
        var series = new Series(
                Objects.requireNonNull(place.iteratesFrom()),
                place.iteratesIndex(),
                Objects.requireNonNull(version.document().reentry()),
                version.zone());
        var iterated = series.iterated(place.iterated(), now);
        handle.createUpdate("""
                        update journey
                        set iteration = iteration + 1, iterated = :iterated, iteration_at = :at, next_iteration_at = :next,
                            ending_earlier = true, paged_to = 0, paged_from = null, version = version + 1,
                            updated_at = :now
                        where id = :journey
                        """)
                .bind("iterated", iterated)
                .bind("at", series.at(iterated - 1))
                .bind("next", series.next(iterated))
                .bind("now", now)
                .bind("journey", place.id())
                .execute();
    }

    /** A journey with runs of earlier iterations; public for the row mapper. */
    public record Ending(int id, int iteration, Instant iterationAt) {}

    /** Ends runs of earlier iterations of some journey; says whether there is more to do at once. */
    boolean endSomeOfAny() {
        var ending = jdbi.withHandle(handle ->
                handle.select("""
                        select id, iteration, iteration_at from journey
                        where ending_earlier and state in ('live', 'paused')
                        """).map(ConstructorMapper.of(Ending.class)).list());
        var more = false;
        for (var each : ending) {
            more |= Transactions.in(jdbi, handle -> endSome(handle, each));
        }
        return more;
    }

    private boolean endSome(Handle handle, Ending journey) {
        var closed = closePending(handle, journey);
        var asked = askActive(handle, journey);
        if (closed + asked == 0) {
            handle.execute("""
                    update journey set ending_earlier = false
                    where id = ? and iteration = ?
                      and not exists (select from run r
                                      where r.journey_id = journey.id and r.iteration < journey.iteration
                                        and r.status in ('pending', 'active') and r.exit_requested is null)
                    """, journey.id(), journey.iteration());
        }
        return closed + asked > 0;
    }

    private int closePending(Handle handle, Ending journey) {
        var pending = handle.createQuery("""
                        select id from run where journey_id = :journey and status = 'pending' and iteration < :iteration
                        order by id limit :limit for update skip locked
                        """)
                .bind("journey", journey.id())
                .bind("iteration", journey.iteration())
                .bind("limit", BATCH)
                .mapTo(UUID.class)
                .list();
        var runs = new RunRows(handle);
        pending.forEach(id -> runs.lock(id).ifPresent(run -> steps.stop(handle, run, StopReason.RESTARTED, List.of())));
        return pending.size();
    }

    /** Asks the next active runs in the order of their ids, and once more from the first: some may have been locked. */
    private int askActive(Handle handle, Ending journey) {
        var after = askedUpTo.getOrDefault(journey.id(), FIRST);
        var asked = askActive(handle, journey, after);
        if (asked.isEmpty() && !after.equals(FIRST)) {
            asked = askActive(handle, journey, FIRST);
        }
        if (asked.isEmpty()) {
            askedUpTo.remove(journey.id());
        } else {
            askedUpTo.put(journey.id(), asked.getLast());
        }
        return asked.size();
    }

    private List<UUID> askActive(Handle handle, Ending journey, UUID after) {
        return handle.createQuery("""
                        with asked as (
                            update run r set exit_requested = :reason, exit_at = :at
                            from (select id, contact_id from run
                                  where journey_id = :journey and status = 'active' and id > :after
                                    and iteration < :iteration and exit_requested is null
                                  order by id limit :limit for update skip locked) several
                            where r.id = several.id and r.contact_id = several.contact_id
                            returning r.id),
                        told as (insert into run_signal (run_id, because) select id, :reason from asked)
                        select id from asked order by id
                        """)
                .bind("reason", StopReason.RESTARTED)
                .bind("at", journey.iterationAt())
                .bind("journey", journey.id())
                .bind("after", after)
                .bind("iteration", journey.iteration())
                .bind("limit", BATCH)
                .mapTo(UUID.class)
                .list();
    }
}
