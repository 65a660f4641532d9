package sojourn.app.segments;

import com.codahale.metrics.MetricRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Semaphore;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sojourn.app.contacts.Changes;
import sojourn.app.platform.Transactions;
import sojourn.app.segments.language.Needs;
import sojourn.app.segments.language.QueryException;

/**
 * Evaluates a segment over all contacts: in one statement the first time, which makes it live; after an edit, which makes the
 * edit the segment; and after a change of whom its scope means. And as an audit of the incremental path, which should have
 * left nothing to find: then {@link Audit} names suspects without holding anybody up, and only those are looked at here.
 */
final class FullEvaluation {

    private static final Logger log = LoggerFactory.getLogger(FullEvaluation.class);

    /** So many moved that queries about the segment would be planned for one that is still empty. */
    private static final int WORTH_ANALYZING = 10_000;

    /** With more suspects the segment is evaluated as if there were none: naming them would take longer. */
    private static final int MOST_SUSPECTS = 50_000;

    /** So many are asked about one by one in less time than all. */
    private static final int FEW = 5_000;

    private static final String BY_ITSELF = "sojourn";

    /** The segment was stopped or changed meanwhile: nothing of the evaluation stays. */
    private static final class Overtaken extends RuntimeException {}

    private final Jdbi jdbi;
    private final Vocabulary vocabulary;
    private final Changes changes;
    private final MembershipChanges membershipChanges;
    private final Scopes scopes;
    private final InstantSource clock;
    private final EvaluationSchedule schedule;
    private final Duration timeLimit;
    private final Audit audit;
    private final Drift drift;

    /** First evaluations read and write much: more of them at once would only take the machine from all others. */
    private final Semaphore atOnce =
            new Semaphore(Math.max(1, Runtime.getRuntime().availableProcessors() / 2));

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
        this.schedule = EvaluationSchedule.of(settings);
        this.timeLimit = settings.timeLimit().toJavaDuration();
        this.audit = new Audit(jdbi, vocabulary, scopes, clock, timeLimit);
        this.drift = new Drift(new ContactStates(vocabulary), clock, metrics.counter("segments.drift"));
    }

    /**
     * Evaluates what is due of a segment, if anything is; safe to repeat. Says whether that is settled: not while another
     * process audits the segment.
     */
    boolean runIfDue(String key) {
        var segment = jdbi.withExtension(SegmentDao.class, segments -> segments.find(key));
        var kind = segment.flatMap(this::due);
        if (kind.isEmpty()) {
            return true;
        }
        var id = segment.orElseThrow().id();
        if (kind.get() == EvaluationKind.FULL) {
            return audit.run(id, this::settle);
        }
        atOnce.acquireUninterruptibly();
        try {
            trying(key, () -> evaluate(id));
        } finally {
            atOnce.release();
        }
        return true;
    }

    private void evaluate(int id) {
        // Batches that began before the segment was going live do not know it: let them end. What later ones take
        // out of the queue is either in this evaluation's snapshot, or put back for after it.
        Transactions.use(jdbi, Locks::batchesDone);
        announce(Transactions.in(jdbi, handle -> evaluate(handle, id)));
    }

    private Optional<EvaluationKind> due(Segment segment) {
        return EvaluationKind.due(segment, clock.instant());
    }

    /** Looks at the suspects of an audit again, now that nobody else writes memberships of the segment. */
    private void settle(Audit.Finding finding) {
        var segment = finding.segment();
        trying(segment.key(), () -> {
            if (finding.failure() != null) {
                throw finding.failure();
            }
            var settled = Transactions.in(jdbi, handle -> settle(handle, finding));
            announce(settled.delta());
            tell(segment, settled.drifted());
        });
    }

    /** They are repaired: that nobody can say why they were wrong must not look as if they were not. */
    private void tell(Segment segment, Set<Long> drifted) {
        if (drifted.isEmpty()) {
            return;
        }
        try {
            jdbi.useHandle(handle -> drift.tell(handle, vocabulary.read(handle), segment, drifted));
        } catch (JdbiException | QueryException failure) {
            log.error("segment {} had drifted: {} contacts repaired", segment.key(), drifted.size(), failure);
        }
    }

    /** @param drifted those whom the delta repaired and nobody had announced */
    private record Settled(Delta delta, Set<Long> drifted) {}

    private void announce(Delta delta) {
        if (!delta.changes().isEmpty()) {
            changes.kick();
            membershipChanges.kick();
        }
        if (delta.joined() + delta.left() >= WORTH_ANALYZING) {
            jdbi.useHandle(handle -> handle.execute("analyze membership"));
        }
    }

    private void trying(String key, Runnable evaluation) {
        try {
            evaluation.run();
        } catch (Overtaken changed) {
            log.info("evaluation of segment {} was overtaken by a change of the segment", key);
        } catch (QueryException refused) {
            giveUp(key, true, "The query is not understood any more: " + refused.getMessage());
        } catch (JdbiException failure) {
            giveUp(key, false, cause(failure).orElseThrow(() -> failure));
        }
    }

    /** The first evaluation, or one of a new definition. */
    private Delta evaluate(Handle handle, int id) {
        Locks.exclusive(handle, id);
        var words = vocabulary.read(handle);
        var segment = handle.attach(SegmentDao.class).get(id);
        var kind = due(segment).filter(due -> due != EvaluationKind.FULL).orElseThrow(Overtaken::new);
        var began = System.nanoTime();
        var now = later(clock.instant().truncatedTo(ChronoUnit.MICROS), clockAt(handle, id));
        var edit =
                kind == EvaluationKind.DEFINITION ? EvaluationKind.savedEdit(segment) : Optional.<Segment.Edit>empty();
        var definition = edit.map(Segment.Edit::definition).orElseGet(segment::definition);
        var zone = ZoneId.of(definition.timeZone());
        var query = words.parse(Objects.requireNonNull(definition.query()));
        Locks.upstream(handle, Needs.of(query).segments());
        var scope = scopes.of(handle, definition.scope(), definition.owner());
        var found = Statement.compile(handle, words, query, now, zone);
        Statement.limitTime(handle, timeLimit);
        var delta = Delta.write(handle, id, Belonging.condition(handle, id, scope, found), now);
        tellDependents(handle, words, segment, delta, now);
        var took = Duration.ofNanos(System.nanoTime() - began);
        store(handle, id, delta.evaluation(kind, now, took, 0));
        finish(handle, segment, kind, now, schedule.next(now, Needs.of(query), zone, definition.evaluateEvery()));
        return delta;
    }

    private Settled settle(Handle handle, Audit.Finding finding) {
        var id = finding.segment().id();
        Locks.exclusive(handle, id);
        var words = vocabulary.read(handle);
        var segment = handle.attach(SegmentDao.class).get(id);
        if (segment.version() != finding.segment().version()
                || !due(segment).equals(Optional.of(EvaluationKind.FULL))) {
            throw new Overtaken();
        }
        var began = System.nanoTime();
        var clockAt = clockAt(handle, id);
        var now = later(clock.instant().truncatedTo(ChronoUnit.MICROS), clockAt);
        var live = LiveSegment.of(words, segment);
        var delta = difference(handle, words, live, finding, now);
        var drifted = drift.find(handle, live, words, delta, clockAt, now);
        tellDependents(handle, words, segment, delta, now);
        var took = finding.took().plusNanos(System.nanoTime() - began);
        store(handle, id, delta.evaluation(EvaluationKind.FULL, now, took, drifted.size()));
        finish(
                handle,
                segment,
                EvaluationKind.FULL,
                now,
                schedule.next(now, live.needs(), live.zone(), segment.evaluateEvery()));
        return new Settled(delta, drifted);
    }

    private Delta difference(
            Handle handle, Vocabulary.Words words, LiveSegment segment, Audit.Finding finding, Instant now) {
        if (finding.suspects().isEmpty()) {
            return Delta.none(handle, segment.id());
        }
        var scope = Objects.requireNonNull(
                scopes.of(handle, List.of(segment.segment())).get(segment.id()));
        var suspects = finding.suspects();
        var found = suspects.size() <= FEW
                ? Statement.compileForFew(handle, words, segment.query(), now, segment.zone())
                : Statement.compile(handle, words, segment.query(), now, segment.zone());
        var condition = Belonging.condition(handle, segment.id(), scope, found);
        Statement.limitTime(handle, timeLimit);
        return suspects.size() <= MOST_SUSPECTS
                ? Delta.among(handle, segment.id(), condition, suspects.toArray(), now)
                : Delta.write(handle, segment.id(), condition, now);
    }

    /**
     * Only where there are such: this segment's lock is held, and whoever is about to build on it waits for that. See {@link
     * Locks#upstream}.
     */
    private static void tellDependents(
            Handle handle, Vocabulary.Words words, Segment segment, Delta delta, Instant now) {
        if (!delta.changes().isEmpty() && LiveSegments.buildOn(handle, words, segment.key())) {
            delta.tellDependents(handle, segment.key(), now);
        }
    }

    private static void store(Handle handle, int segment, Evaluation evaluation) {
        handle.createUpdate("""
                        insert into evaluation (segment_id, kind, at, took_ms, size, joined, left_, drift)
                        values (:segment, :kind, :at::timestamptz, :millis, :size, :joined, :left, :drift)
                        """)
                .bind("segment", segment)
                .bind("millis", evaluation.took().toMillis())
                .bindMethods(evaluation)
                .execute();
    }

    /** The first lock on the segment's row: people could change it until now, and then nothing of this stays. */
    private static void finish(Handle handle, Segment segment, EvaluationKind kind, Instant now, Instant next) {
        var segments = handle.attach(SegmentDao.class);
        var changed = switch (kind) {
            case FIRST -> segments.becomeLive(segment.id(), segment.rescoped(), now, next);
            case DEFINITION -> segments.becomeEdit(segment.id(), segment.version(), segment.rescoped(), next);
            case SCOPE, FULL -> segments.stayLive(segment.id(), segment.rescoped(), next);
        };
        if (!changed) {
            throw new Overtaken();
        }
        if (kind != EvaluationKind.FULL) {
            ClockPass.set(handle, Map.of(segment.id(), now));
        }
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
     * an edit goes back to its author; a live segment stays live, says why, and is audited another time.
     */
    private void giveUp(String key, boolean hopeless, String cause) {
        log.warn("segment {} cannot be evaluated: {}", key, cause);
        Transactions.use(jdbi, handle -> {
            var segments = handle.attach(SegmentDao.class);
            var segment = segments.lock(key).filter(found -> due(found).isPresent());
            if (segment.isEmpty()) {
                return;
            }
            var now = clock.instant();
            var edit = EvaluationKind.savedEdit(segment.get());
            if (edit.isPresent()) {
                segments.setDraft(
                        segment.get().id(), SegmentMapper.json(edit.get().saving(false, cause)), false, BY_ITSELF, now);
            }
            if (edit.isEmpty() && (hopeless || segment.get().state() == SegmentState.GOING_LIVE)) {
                segments.fail(segment.get().id(), cause, now);
            } else {
                segments.postpone(segment.get().id(), schedule.again(now), edit.isPresent() ? null : cause);
            }
        });
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
