package sojourn.app.segments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.DelegatingTransactionHandler;
import org.jdbi.v3.core.transaction.LocalTransactionHandler;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.contacts.Contacts;
import sojourn.app.platform.JdbiPlugins;
import sojourn.app.platform.Json;
import sojourn.app.platform.Problem;
import sojourn.app.security.Deed;
import sojourn.testing.Database;

/** Evaluations of one segment that meet, with one side held still right before its commit. */
class SegmentRaceTest {

    private static final String ADULTS = "PROFILE(contact).FILTER(age >= 18)";

    @RegisterExtension
    final Database database = new Database();

    private final ThreadLocal<Boolean> mayPause = ThreadLocal.withInitial(() -> false);
    private final CountDownLatch held = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);
    private final AtomicInteger commitsLeft = new AtomicInteger();
    private Engine engine;

    @BeforeEach
    void newEngine() {
        engine = new Engine(pausing());
    }

    @Test
    void a_batch_that_began_before_a_segment_goes_live_is_not_missed_by_its_first_evaluation() throws Exception {
        var ada = engine.contact(17);
        engine.settle();
        engine.segment("adults", ADULTS);
        engine.setAge(ada, 18);
        var batch = paused(() -> engine.incremental.run());

        var first = start(() -> engine.goLive("adults"));
        assertStays(first);
        go.countDown();
        batch.get(30, TimeUnit.SECONDS);
        first.get(30, TimeUnit.SECONDS);
        engine.settle();

        assertThat(engine.members("adults")).containsExactly(ada);
        assertThat(engine.outbox("adults")).containsExactly("+" + ada);
    }

    @Test
    void a_batch_that_meets_a_first_evaluation_comes_after_it() throws Exception {
        var ada = engine.contact(30);
        var bob = engine.contact(17);
        engine.settle();
        engine.segment("adults", ADULTS);
        var first = paused(() -> engine.goLive("adults"), 3);

        engine.setAge(ada, 17);
        engine.setAge(bob, 18);
        var batch = start(engine::settle);
        batch.get(30, TimeUnit.SECONDS);
        go.countDown();
        first.get(30, TimeUnit.SECONDS);
        settleWhatWasPutBack();

        assertThat(engine.members("adults")).containsExactly(bob);
        assertThat(engine.outbox("adults")).containsExactly("+" + ada, "+" + bob + " -" + ada);
    }

    @Test
    void an_audit_that_meets_a_batch_finds_no_drift_and_doubles_nobody() throws Exception {
        var ada = engine.contact(17);
        engine.live("adults", ADULTS);
        engine.settle();
        engine.setAge(ada, 18);
        var batch = paused(() -> engine.incremental.run());
        engine.now = engine.now.plus(Duration.ofDays(1));

        var audit = start(() -> engine.full.runIfDue("adults"));
        assertStays(audit);
        go.countDown();
        batch.get(30, TimeUnit.SECONDS);
        audit.get(30, TimeUnit.SECONDS);

        assertThat(engine.members("adults")).containsExactly(ada);
        assertThat(engine.outbox("adults")).containsExactly("+" + ada);
        assertThat(engine.lastEvaluation("adults").drift()).isZero();
    }

    @Test
    void a_segment_is_not_stopped_while_one_that_builds_on_it_goes_live() throws Exception {
        engine.live("adults", ADULTS);
        engine.segment("others", "PROFILE(contact) EXCEPT SEGMENT(adults)");
        var goingLive = paused(() -> engine.lifecycle.goLive("others", null, Engine.TEST));

        var stop = start(() -> engine.lifecycle.stop("adults", false, null, Engine.TEST));
        assertStays(stop);
        go.countDown();
        goingLive.get(30, TimeUnit.SECONDS);

        assertThatThrownBy(() -> stop.get(30, TimeUnit.SECONDS))
                .hasCauseInstanceOf(Problem.class)
                .hasMessageContaining("segment others");
        assertThat(engine.get("adults").state()).isEqualTo(SegmentState.LIVE);
    }

    @Test
    void an_override_during_an_evaluation_is_not_held_up_and_acts_after_it() throws Exception {
        var ada = engine.contact(30);
        var kim = engine.contact(7);
        engine.settle();
        engine.segment("adults", ADULTS);
        var overrides = new Overrides(database.jdbi(), new Contacts(), engine.changes, () -> engine.now);
        var first = paused(() -> engine.goLive("adults"), 3);

        var deciding = start(() -> {
            overrides.put("adults", uuid(ada), OverrideKind.EXCLUDE, Deed.by("test"));
            overrides.put("adults", uuid(kim), OverrideKind.INCLUDE, Deed.by("test"));
        });
        deciding.get(10, TimeUnit.SECONDS);
        start(engine::settle).get(30, TimeUnit.SECONDS);
        go.countDown();
        first.get(30, TimeUnit.SECONDS);
        settleWhatWasPutBack();

        assertThat(engine.members("adults")).containsExactly(kim);
        engine.now = engine.now.plus(Duration.ofDays(1));
        engine.full.runIfDue("adults");
        assertThat(engine.lastEvaluation("adults").drift()).isZero();
    }

    private String uuid(long contact) {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("select uuid::text from contact where id = :id")
                        .bind("id", contact)
                        .mapTo(String.class)
                        .one());
    }

    /** What a batch could not apply is back in the queue for a moment later, by the database's own clock. */
    private void settleWhatWasPutBack() throws InterruptedException {
        for (var tries = 0; tries < 50; tries++) {
            engine.settle();
            Thread.sleep(50);
        }
    }

    private static void assertStays(CompletableFuture<Void> other) throws InterruptedException {
        Thread.sleep(500);
        assertThat(other).isNotDone();
    }

    private static CompletableFuture<Void> start(Runnable work) {
        return CompletableFuture.runAsync(work, task -> Thread.ofVirtual().start(task));
    }

    private CompletableFuture<Void> paused(Runnable work) throws InterruptedException {
        return paused(work, 1);
    }

    /** Starts work that stands still right before one of its commits, and waits until it does. */
    private CompletableFuture<Void> paused(Runnable work, int commit) throws InterruptedException {
        var running = start(() -> {
            mayPause.set(true);
            commitsLeft.set(commit);
            work.run();
        });
        assertThat(held.await(30, TimeUnit.SECONDS)).isTrue();
        return running;
    }

    private Jdbi pausing() {
        var jdbi = JdbiPlugins.install(Jdbi.create(database.url()), Json.mapper());
        jdbi.setTransactionHandler(new DelegatingTransactionHandler(LocalTransactionHandler.binding()) {
            @Override
            public void commit(Handle handle) {
                if (mayPause.get() && commitsLeft.decrementAndGet() == 0) {
                    held.countDown();
                    await();
                }
                super.commit(handle);
            }
        });
        return jdbi;
    }

    private void await() {
        try {
            assertThat(go.await(30, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }
}
