package sojourn.app.segments;

import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;
import org.jspecify.annotations.Nullable;
import sojourn.app.segments.language.QueryException;

/**
 * Looks at all live segments that are due, together, and names the contacts whose membership differs from what the query
 * says. It holds nobody up: one snapshot, no locks but a claim that keeps other audits from doing the same. So whoever
 * differs is only a suspect, for changes may be on their way; {@link FullEvaluation} looks at suspects again, under the
 * segment's lock.
 */
final class Audit {

    /** So many segments' bitmaps fit into memory; who else is due is taken by another process, or next. */
    private static final int MOST_SEGMENTS = 250;

    private static final String SEGMENT = "segment";

    private final Jdbi jdbi;
    private final Vocabulary vocabulary;
    private final Scopes scopes;
    private final InstantSource clock;
    private final Duration timeLimit;
    private final Semaphore here = new Semaphore(1);

    Audit(Jdbi jdbi, Vocabulary vocabulary, Scopes scopes, InstantSource clock, Duration timeLimit) {
        this.jdbi = jdbi;
        this.vocabulary = vocabulary;
        this.scopes = scopes;
        this.clock = clock;
        this.timeLimit = timeLimit;
    }

    /**
     * What was seen of one segment.
     *
     * @param suspects those whose membership differs from what the query said
     * @param took its share of the time that the look took
     * @param failure why it could not be looked at; null when it was
     */
    record Finding(
            Segment segment,
            IdSet suspects,
            Duration took,
            @Nullable RuntimeException failure) {

        private static Finding failed(Segment segment, RuntimeException failure) {
            return new Finding(segment, IdSet.NONE, Duration.ZERO, failure);
        }
    }

    /**
     * Looks at a segment and at all others that are due and that nobody else is looking at. Each finding is handed over
     * while the claim is held, so that what becomes of it is stored before anybody else could take the segment. Says
     * whether the segment was free.
     */
    boolean run(int segment, Consumer<Finding> found) {
        // Whoever comes while this process is at it asks again later, and takes no connection to find that out.
        if (!here.tryAcquire()) {
            return false;
        }
        // Handles of their own, which nothing that is done about a finding can get into.
        try (var handle = jdbi.open()) {
            return handle.inTransaction(_ -> {
                if (Locks.audits(handle, Set.of(segment), 1).isEmpty()) {
                    return false;
                }
                look(claim(handle), found);
                return true;
            });
        } finally {
            here.release();
        }
    }

    /** What becomes of a finding is seen to beside the looks at the next ones: it has transactions of its own. */
    private void look(List<Segment> claimed, Consumer<Finding> found) {
        if (claimed.isEmpty()) {
            return;
        }
        try (var settling = Executors.newSingleThreadExecutor(Thread.ofVirtual().factory());
                var handle = jdbi.open()) {
            var settled = new ArrayList<CompletableFuture<Void>>();
            handle.useTransaction(
                    TransactionIsolationLevel.REPEATABLE_READ,
                    _ -> look(
                            handle,
                            claimed,
                            finding -> settled.add(CompletableFuture.runAsync(() -> found.accept(finding), settling))));
            settled.forEach(CompletableFuture::join);
        }
    }

    private List<Segment> claim(Handle handle) {
        var ids = due(handle).stream().map(Segment::id).toList();
        var claimed = Locks.audits(handle, ids, MOST_SEGMENTS);
        // Once more, for another may have seen to some of them until they were ours.
        return due(handle).stream()
                .filter(segment -> claimed.contains(segment.id()))
                .toList();
    }

    private List<Segment> due(Handle handle) {
        var now = clock.instant();
        return handle.attach(SegmentDao.class).due(now).stream()
                .filter(segment -> EvaluationKind.due(segment, now)
                        .filter(EvaluationKind.FULL::equals)
                        .isPresent())
                .toList();
    }

    private void look(Handle handle, List<Segment> claimed, Consumer<Finding> found) {
        Statement.limitTime(handle, timeLimit);
        // Ids are handed over by other processes ten times as fast as the planner believes; else it leaves one alone.
        handle.execute("set local parallel_tuple_cost = 0.01");
        var words = vocabulary.read(handle);
        var understood = LiveSegments.read(
                handle, words, claimed.stream().map(Segment::id).toList());
        var parts = new SharedParts(handle, words, clock.instant().truncatedTo(ChronoUnit.MICROS), understood);
        var meanings = scopes.of(handle, claimed);
        for (var segment : understood) {
            var scope = Objects.requireNonNull(meanings.get(segment.id()));
            found.accept(look(handle, segment, scope, parts));
        }
        claimed.forEach(segment -> refusal(words, segment).ifPresent(found));
    }

    private static Optional<Finding> refusal(Vocabulary.Words words, Segment segment) {
        try {
            words.parse(Objects.requireNonNull(segment.query()));
            return Optional.empty();
        } catch (QueryException refused) {
            return Optional.of(Finding.failed(segment, refused));
        }
    }

    /** What goes wrong with one, such as a part that takes too long, leaves the others. */
    private static Finding look(Handle handle, LiveSegment segment, Scope scope, SharedParts parts) {
        handle.savepoint(SEGMENT);
        try {
            var began = System.nanoTime();
            var answer = parts.of(segment);
            var suspects =
                    differenceFromMembers(handle, segment.id(), belonging(handle, segment.id(), scope, answer.ids()));
            var own = Duration.ofNanos(System.nanoTime() - began).minus(answer.waited());
            handle.releaseSavepoint(SEGMENT);
            return new Finding(segment.segment(), suspects, own.plus(answer.took()), null);
        } catch (JdbiException failure) {
            handle.rollbackToSavepoint(SEGMENT);
            return Finding.failed(segment.segment(), failure);
        }
    }

    /** Mostly there is none, and no member need be read to see that. */
    private static IdSet differenceFromMembers(Handle handle, int segment, IdSet due) {
        var members = Statement.of("select contact_id from membership where segment_id = ?", segment);
        return due.fingerprint().equals(Fingerprint.read(handle, members))
                ? IdSet.NONE
                : due.differenceFrom(IdSet.read(handle, members));
    }

    /** As {@link Belonging} has it: in its scope, not excluded, found or included. */
    private static IdSet belonging(Handle handle, int segment, Scope scope, IdSet found) {
        var overrides = Belonging.overrides(handle, segment);
        var included = overrides.get(OverrideKind.INCLUDE);
        var excluded = overrides.get(OverrideKind.EXCLUDE);
        var belonging = included == null ? found : found.or(IdSet.contacts(handle, included));
        if (excluded != null) {
            belonging = belonging.without(IdSet.contacts(handle, excluded));
        }
        return scope.isEverybody() ? belonging : belonging.and(IdSet.contacts(handle, scope.condition()));
    }
}
