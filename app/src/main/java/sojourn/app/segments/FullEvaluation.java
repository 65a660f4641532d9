package sojourn.app.segments;

import com.codahale.metrics.Counter;
import com.codahale.metrics.MetricRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sojourn.app.contacts.Changes;
import sojourn.app.platform.Transactions;
import sojourn.app.segments.language.Needs;
import sojourn.app.segments.language.Query;
import sojourn.app.segments.language.QueryException;

/**
 * Evaluates one segment over all contacts in one statement: the first time, which makes it live; after an edit, which
 * makes the edit the segment; after a change of whom its scope means; and as an audit of the incremental path, which should have left nothing to find.
 */
final class FullEvaluation {

    private static final Logger log = LoggerFactory.getLogger(FullEvaluation.class);
    private static final int MOST_LOGGED = 20;

    /** So many moved that queries about the segment would be planned for one that is still empty. */
    private static final int WORTH_ANALYZING = 10_000;

    private static final String BY_ITSELF = "sojourn";

    /** Why a segment is evaluated in full, as stored. */
    enum Kind {
        FIRST("first"),
        DEFINITION("definition"),
        FULL("full");

        private final String word;

        Kind(String word) {
            this.word = word;
        }
    }

    /** The segment was stopped or changed meanwhile: nothing of the evaluation stays. */
    private static final class Overtaken extends RuntimeException {}

    private final Jdbi jdbi;
    private final Vocabulary vocabulary;
    private final Changes changes;
    private final MembershipChanges membershipChanges;
    private final Scopes scopes;
    private final InstantSource clock;
    private final Duration every;
    private final Duration clockEvery;
    private final Duration timeLimit;
    private final Counter drift;

    FullEvaluation(
            Jdbi jdbi,
            Vocabulary vocabulary,
            Changes changes,
            MembershipChanges membershipChanges,
            Scopes scopes,
            InstantSource clock,
            EvaluationSettings settings,
            MetricRegistry metrics) {
        this.jdbi = jdbi;
        this.vocabulary = vocabulary;
        this.changes = changes;
        this.membershipChanges = membershipChanges;
        this.scopes = scopes;
        this.clock = clock;
        this.every = settings.every().toJavaDuration();
        this.clockEvery = settings.clockEvery().toJavaDuration();
        this.timeLimit = settings.timeLimit().toJavaDuration();
        this.drift = metrics.counter("segments.drift");
    }

    /** Evaluates what is due of a segment, if anything is; safe to repeat. */
    void runIfDue(String key) {
        var segment = jdbi.withExtension(SegmentDao.class, segments -> segments.find(key));
        if (segment.isEmpty() || kind(segment.get()).isEmpty()) {
            return;
        }
        try {
            // Batches that began before the segment was going live do not know it: let them end. What later ones take
            // out of the queue is either in this evaluation's snapshot, or put back for after it.
            Transactions.use(jdbi, Locks::batchesDone);
            var moved =
                    Transactions.in(jdbi, handle -> run(handle, segment.get().id()));
            changes.kick();
            membershipChanges.kick();
            if (moved >= WORTH_ANALYZING) {
                jdbi.useHandle(handle -> handle.execute("analyze membership"));
            }
        } catch (Overtaken changed) {
            log.info("evaluation of segment {} was overtaken by a change of the segment", key);
        } catch (QueryException refused) {
            giveUp(key, true, "The query is not understood any more: " + refused.getMessage());
        } catch (JdbiException failure) {
            giveUp(key, false, cause(failure).orElseThrow(() -> failure));
        }
    }

    private Optional<Kind> kind(Segment segment) {
        if (!segment.isDynamic()) {
            return Optional.empty();
        }
        if (segment.state() == SegmentState.GOING_LIVE) {
            return Optional.of(Kind.FIRST);
        }
        if (!segment.isLive()) {
            return Optional.empty();
        }
        if (segment.rescoped() > 0
                || (segment.draft() != null && segment.draft().saving())) {
            return Optional.of(Kind.DEFINITION);
        }
        var next = segment.nextEvaluationAt();
        return next == null || !next.isAfter(clock.instant()) ? Optional.of(Kind.FULL) : Optional.empty();
    }

    /** How many joined or left. */
    private long run(Handle handle, int id) {
        Locks.exclusive(handle, id);
        var words = vocabulary.read(handle);
        var segment = handle.attach(SegmentDao.class).get(id);
        var kind = kind(segment).orElseThrow(Overtaken::new);
        var began = System.nanoTime();
        var clockAt = clockAt(handle, id);
        var now = later(clock.instant().truncatedTo(ChronoUnit.MICROS), clockAt);
        var edit = kind == Kind.DEFINITION ? savedEdit(segment) : null;
        var definition = edit == null ? segment.definition() : edit.definition();
        var zone = ZoneId.of(definition.timeZone());
        var query = words.parse(Objects.requireNonNull(definition.query()));
        var scope = scopes.of(handle, definition.scope(), definition.owner());
        var found = Statement.compile(handle, words, query, now, zone);
        Statement.limitTime(handle, timeLimit);
        var delta = Delta.write(handle, id, Belonging.condition(handle, id, scope, found), now);
        var drifted = kind == Kind.FULL
                ? drifted(handle, segment, Needs.of(query), words, delta, clockAt, now)
                : Set.<Long>of();
        delta.tellDependents(handle, segment.key(), now);
        store(handle, segment, kind, delta, drifted.size(), now, Duration.ofNanos(System.nanoTime() - began));
        finish(handle, segment, kind, now, next(now, query, zone));
        return delta.joined() + delta.left();
    }

    private static Segment.@Nullable Edit savedEdit(Segment segment) {
        return segment.draft() != null && segment.draft().saving() ? segment.draft() : null;
    }

    private Instant next(Instant now, Query query, ZoneId zone) {
        var needs = Needs.of(query);
        var next = now.plus(needs.readsTime() ? clockEvery : every);
        if (readsClock(needs)) {
            var midnight = now.atZone(zone)
                    .toLocalDate()
                    .plusDays(1)
                    .atStartOfDay(zone)
                    .toInstant();
            return midnight.isBefore(next) ? midnight : next;
        }
        return next;
    }

    /** Whether time may change the answer where no window says so: such a segment is looked at anew each midnight. */
    private static boolean readsClock(Needs needs) {
        return needs.profileReadsClock() || needs.blocks().stream().anyMatch(Needs.Block::readsClock);
    }

    private static void store(
            Handle handle, Segment segment, Kind kind, Delta delta, int drifted, Instant now, Duration took) {
        handle.createUpdate("""
                        insert into evaluation (segment_id, kind, at, took_ms, size, joined, left_, drift)
                        values (:segment, :kind, :now::timestamptz, :took, :size, :joined, :left, :drift)
                        """)
                .bind("segment", segment.id())
                .bind("kind", kind.word)
                .bind("now", now)
                .bind("took", took.toMillis())
                .bind("size", delta.size())
                .bind("joined", delta.joined())
                .bind("left", delta.left())
                .bind("drift", drifted)
                .execute();
    }

    /** The first lock on the segment's row: people could change it until now, and then nothing of this stays. */
    private static void finish(Handle handle, Segment segment, Kind kind, Instant now, Instant next) {
        var segments = handle.attach(SegmentDao.class);
        var changed = switch (kind) {
            case FIRST -> segments.becomeLive(segment.id(), segment.rescoped(), now, next);
            case DEFINITION ->
                savedEdit(segment) == null
                        ? segments.stayLive(segment.id(), segment.rescoped(), next)
                        : segments.becomeEdit(segment.id(), segment.version(), segment.rescoped(), next);
            case FULL -> segments.stayLive(segment.id(), segment.rescoped(), next);
        };
        if (!changed) {
            throw new Overtaken();
        }
        if (kind != Kind.FULL) {
            ClockPass.set(handle, Map.of(segment.id(), now));
        }
    }

    /**
     * Whoever joined or left though nothing was on its way that would have said so: no change row, no interaction at
     * the edge of a window that the clock has yet to pass. Looks in a younger snapshot than the delta's, so that what
     * was committed in between is not blamed.
     */
    private Set<Long> drifted(
            Handle handle,
            Segment segment,
            Needs needs,
            Vocabulary.Words words,
            Delta delta,
            Instant clockAt,
            Instant now) {
        if (delta.changes().isEmpty() || readsClock(needs) || wasRescoped(handle, segment)) {
            return Set.of();
        }
        var suspects = new HashSet<>(delta.unannounced(handle));
        if (!suspects.isEmpty()) {
            var slices = Slices.of(needs, clockAt, now, segment.timeZone(), words.typeIds());
            suspects.removeAll(
                    Slices.contacts(handle, Map.of(segment.id(), slices)).getOrDefault(segment.id(), Set.of()));
        }
        if (!suspects.isEmpty()) {
            suspects.removeAll(RelatedChanges.awaiting(handle, words, needs, suspects));
            // Word of a record may have become word of its contacts between the two looks.
            suspects.retainAll(delta.unannounced(handle));
        }
        if (!suspects.isEmpty()) {
            drift.inc(suspects.size());
            log.error(
                    "segment {} had drifted: {} contacts repaired, among them {}",
                    segment.key(),
                    suspects.size(),
                    suspects.stream().sorted().limit(MOST_LOGGED).toList());
        }
        return suspects;
    }

    /** Whether whom the scope means has changed since the segment was read. */
    private static boolean wasRescoped(Handle handle, Segment segment) {
        return handle.attach(SegmentDao.class).get(segment.id()).rescoped() != segment.rescoped();
    }

    private static Instant clockAt(Handle handle, int segment) {
        return handle.createQuery("select at from segment_clock where segment_id = :segment")
                .bind("segment", segment)
                .map((row, _) -> row.getObject(1, OffsetDateTime.class).toInstant())
                .findOne()
                .orElse(Instant.EPOCH);
    }

    /** What went wrong in words, when trying again would not help. */
    private Optional<String> cause(JdbiException failure) {
        if (Statement.tookTooLong(failure)) {
            return Optional.of("The evaluation took longer than " + timeLimit.toSeconds() + " seconds");
        }
        var state = Statement.sqlState(failure);
        // 22: a value the database cannot compute with; 42 and 54: a statement it cannot take.
        return state != null && (state.startsWith("22") || state.startsWith("42") || state.startsWith("54"))
                ? Optional.of("The database could not compute the query (SQLSTATE " + state + ")")
                : Optional.empty();
    }

    /**
     * Memberships stay as they were. A segment that was going live, or whose query has lost its meaning, is in error;
     * an edit goes back to its author; a live segment stays live and is audited another time.
     */
    private void giveUp(String key, boolean hopeless, String cause) {
        log.warn("segment {} cannot be evaluated: {}", key, cause);
        Transactions.use(jdbi, handle -> {
            var segments = handle.attach(SegmentDao.class);
            var segment = segments.lock(key).filter(found -> kind(found).isPresent());
            if (segment.isEmpty()) {
                return;
            }
            var now = clock.instant();
            var edit = segment.get().draft();
            if (edit != null && edit.saving()) {
                segments.setDraft(
                        segment.get().id(), SegmentMapper.json(edit.saving(false, cause)), false, BY_ITSELF, now);
                segments.setNextEvaluation(segment.get().id(), now.plus(every));
            } else if (hopeless || segment.get().state() == SegmentState.GOING_LIVE) {
                segments.fail(segment.get().id(), cause, now);
            } else {
                segments.setNextEvaluation(segment.get().id(), now.plus(every));
            }
        });
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
