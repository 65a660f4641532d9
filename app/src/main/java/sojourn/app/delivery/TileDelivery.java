package sojourn.app.delivery;

import io.temporal.failure.ApplicationErrorCategory;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import sojourn.app.contacts.Changes;
import sojourn.app.contacts.Erasure;
import sojourn.app.delivery.Passages.VisitEnd;
import sojourn.app.delivery.Reservations.Found;
import sojourn.app.delivery.Sender.UnavailableException;
import sojourn.app.platform.Transactions;
import sojourn.workflows.journeys.Next;

/**
 * Sends the message of a tile visit at most once, and exactly once unless a crash or a lost connection hides what the
 * provider did. One procedure for all channels: they differ in who writes ({@link Writer}) and who takes ({@link
 * Sender}).
 *
 * <p>Each step is committed before the next begins: <em>reserve</em> (any attempt may go on from here); <em>hand over</em>
 * with attempt number and lease; the <em>last look</em>, in a younger snapshot, so that nothing goes out whose exit was
 * committed before; the provider; the <em>result</em>, guarded by the attempt number, together with the run's next
 * step. An attempt that finds the hand-over of another whose lease has run out cannot know what the provider did: that
 * delivery is unconfirmed and never tried again, unless receivers can tell repeats.
 */
final class TileDelivery<M> {

    private static final Logger log = LoggerFactory.getLogger(TileDelivery.class);
    private static final Duration LONGEST_BACK_OFF = Duration.ofMinutes(1);
    private static final int PERSISTENCE = 300;

    private final Jdbi jdbi;
    private final Passages passages;
    private final Reservations<M> reservations;
    private final Endings endings;
    private final Permission permission;
    private final Changes changes;
    private final Sender<M> sender;
    private final Pace pace;
    private final Supplier<Attempt> attempts;
    private final InstantSource clock;

    TileDelivery(
            Jdbi jdbi,
            Passages passages,
            Reservations<M> reservations,
            Endings endings,
            Permission permission,
            Changes changes,
            Sender<M> sender,
            Pace pace,
            Supplier<Attempt> attempts,
            InstantSource clock) {
        this.jdbi = jdbi;
        this.passages = passages;
        this.reservations = reservations;
        this.endings = endings;
        this.permission = permission;
        this.changes = changes;
        this.sender = sender;
        this.pace = pace;
        this.attempts = attempts;
        this.clock = clock;
    }

    /** What the sending activities promise: see {@link sojourn.workflows.journeys.EmailActivities#send}. */
    Next send(UUID run, int visit) {
        var attempt = attempts.get();
        try {
            var next = deliver(run, visit, attempt);
            changes.kick();
            return next.orElseGet(() -> passages.next(run, visit));
        } catch (InterruptedException stopping) {
            Thread.currentThread().interrupt();
            throw later("The worker is stopping", backOff(attempt));
        } catch (UnavailableException unavailable) {
            throw triedAgain(run, visit, String.valueOf(unavailable.getMessage()), backOff(attempt));
        } catch (ApplicationFailure decided) {
            throw decided;
        } catch (RuntimeException failure) {
            // Its message may name people, and failures are kept in the workflow's history: it stays in the log.
            log.warn("visit {} of run {} is tried again", visit, run, failure);
            throw later("Delivery was interrupted by " + failure.getClass().getSimpleName(), backOff(attempt));
        }
    }

    /** What the run is to do then; empty when it must be asked. */
    private Optional<Next> deliver(UUID run, int visit, Attempt attempt)
            throws UnavailableException, InterruptedException {
        pace.await();
        return switch (reservations.find(run, visit)) {
            case Found.Over<M>(var next) -> next;
            case Found.Busy<M>(var until) ->
                throw later(
                        "Another attempt is handing over",
                        Duration.between(clock.instant(), until).plusMillis(100));
            case Found.Ready<M> ready -> handOver(ready, attempt);
        };
    }

    private Optional<Next> handOver(Found.Ready<M> ready, Attempt attempt)
            throws UnavailableException, InterruptedException {
        try (var connection = sender.connect()) {
            var ours = take(ready);
            try (var _ = Lease.keep(jdbi, clock, ours, attempt)) {
                if (endedByLastLook(ours, ready)) {
                    return Optional.empty();
                }
                var outcome = connection.handOver(ready.message());
                var next = insist(() -> Transactions.in(jdbi, handle -> record(handle, ours, outcome)));
                if (outcome instanceof HandOver.NotNow(var why)) {
                    throw new UnavailableException("The provider takes it later: " + why);
                }
                if (outcome instanceof HandOver.Unknown && sender.receiversKnowRepeats()) {
                    throw new UnavailableException("No answer came; it is tried again by the same id");
                }
                return next;
            }
        }
    }

    /** Commits that this attempt, and no other, is handing over. */
    private Delivery take(Found.Ready<M> ready) {
        var reserved = ready.delivery();
        return Transactions.in(jdbi, handle -> {
            Erasure.holdOff(handle);
            return new DeliveryRows(handle)
                    .handOver(reserved, ready.to(), ready.links(), leaseFromNow())
                    .orElseThrow(() -> later("Another attempt is handing over", Duration.ofSeconds(1)));
        });
    }

    private Instant leaseFromNow() {
        return clock.instant().plus(Lease.LENGTH);
    }

    /** Looks once more, after the hand-over was committed, for what has been committed meanwhile. */
    private boolean endedByLastLook(Delivery ours, Found.Ready<M> ready) throws InterruptedException {
        try {
            return Transactions.in(jdbi, handle -> {
                var hindrance = passages.hindrance(handle, ours.runId());
                var stop = Optional.ofNullable(hindrance.mustStop());
                var withdrawal = permission.withdrawal(handle, ours.contactId(), ready.to(), ready.purpose());
                if (stop.isPresent() || withdrawal.isPresent()) {
                    // The run is locked before anything is changed, as everywhere.
                    var passage = passages.lock(handle, ours.runId(), ours.visit());
                    stop.ifPresentOrElse(
                            reason -> endings.end(
                                    handle, passage, ours, Delivery.CANCELLED, reason, new VisitEnd.Stopped(reason)),
                            () -> endings.blocked(handle, passage, ours, withdrawal.orElseThrow()));
                    return true;
                }
                if (hindrance.paused()) {
                    new DeliveryRows(handle).giveBack(ours);
                    return true;
                }
                // An attempt that slept through its lease may find the delivery given up by another: it sends nothing.
                return !new DeliveryRows(handle).renew(ours, leaseFromNow());
            });
        } catch (RuntimeException failure) {
            // Nothing has been sent yet, so the next attempt need not wonder.
            insist(() -> Transactions.in(jdbi, handle -> new DeliveryRows(handle).giveBack(ours)));
            throw failure;
        }
    }

    private Optional<Next> record(Handle handle, Delivery ours, HandOver outcome) {
        var passage = passages.lock(handle, ours.runId(), ours.visit());
        return switch (outcome) {
            case HandOver.Accepted() -> endings.sent(handle, passage, ours);
            case HandOver.Bounced(var bounce) -> endings.bounced(handle, passage, ours, bounce);
            case HandOver.Refused(var code) ->
                endings.end(
                        handle,
                        passage,
                        ours,
                        Delivery.FAILED,
                        "refused-" + code,
                        new VisitEnd.Failed("provider-refused"));
            case HandOver.Unknown() -> {
                if (!sender.receiversKnowRepeats()) {
                    yield endings.unconfirmed(handle, passage, ours);
                }
                new DeliveryRows(handle).giveBackUncertain(ours);
                yield Optional.empty();
            }
            case HandOver.NotNow _ -> {
                new DeliveryRows(handle).giveBack(ours);
                yield Optional.empty();
            }
        };
    }

    /** What was or was not sent is known only here: an unreachable database is waited for, within reason. */
    private static <T> T insist(Supplier<T> write) throws InterruptedException {
        for (var tries = 1; ; tries++) {
            try {
                return write.get();
            } catch (JdbiException failure) {
                if (tries == PERSISTENCE) {
                    throw failure;
                }
                log.warn("how far a delivery came waits for the database: {}", failure.toString());
                Thread.sleep(Duration.ofSeconds(1));
            }
        }
    }

    /** Says so to people who ask about the run, if the database can be told. */
    private ApplicationFailure triedAgain(UUID run, int visit, String why, Duration delay) {
        try {
            Transactions.use(
                    jdbi,
                    handle -> new DeliveryRows(handle)
                            .putOff(run, visit, why, clock.instant().plus(delay)));
        } catch (JdbiException unreachable) {
            log.debug("nobody is told why visit {} of run {} is tried again", visit, run, unreachable);
        }
        return later(why, delay);
    }

    private static ApplicationFailure later(String why, Duration delay) {
        return ApplicationFailure.newBuilder()
                .setMessage(why)
                .setType("NotYet")
                .setNextRetryDelay(delay)
                // Expected, and told of by the delivery: no warning with a stack trace each time.
                .setCategory(ApplicationErrorCategory.BENIGN)
                .build();
    }

    private static Duration backOff(Attempt attempt) {
        var delay = Duration.ofMillis(500L << Math.min(attempt.number(), 8));
        return delay.compareTo(LONGEST_BACK_OFF) > 0 ? LONGEST_BACK_OFF : delay;
    }
}
