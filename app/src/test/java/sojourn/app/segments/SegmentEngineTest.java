package sojourn.app.segments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.platform.Problem;
import sojourn.testing.Database;

class SegmentEngineTest {

    private static final String ADULTS = "PROFILE(contact).FILTER(age >= 18)";
    private static final String RECENT = "INTERACTION(Purchase).HAVING(COUNT() > 0, DAYS(2))";

    @RegisterExtension
    final Database database = new Database();

    @SuppressWarnings("NullAway.Init")
    private Engine engine;

    @BeforeEach
    void newEngine() {
        engine = new Engine(database.jdbi());
    }

    @Test
    void the_first_evaluation_makes_a_segment_live() {
        var ada = engine.contact(30);
        engine.contact(7);
        engine.segment("adults", ADULTS);

        engine.lifecycle.goLive("adults", null, Engine.TEST);
        assertThat(engine.get("adults").state()).isEqualTo(SegmentState.GOING_LIVE);
        engine.full.runIfDue("adults");

        assertThat(engine.get("adults").state()).isEqualTo(SegmentState.LIVE);
        assertThat(engine.get("adults").firstLiveAt()).isEqualTo(Engine.START);
        assertThat(engine.get("adults").nextEvaluationAt()).isEqualTo(Instant.parse("2026-11-21T06:00:00Z"));
        assertThat(engine.members("adults")).containsExactly(ada);
        assertThat(engine.outbox("adults")).containsExactly("+" + ada);
        assertThat(engine.lastEvaluation("adults"))
                .extracting(Evaluation::kind, Evaluation::size, Evaluation::joined, Evaluation::left)
                .containsExactly("first", 1L, 1L, 0L);
    }

    @Test
    void a_changed_contact_joins_and_leaves() {
        engine.live("adults", ADULTS);
        var ada = engine.contact(17);
        engine.settle();
        assertThat(engine.members("adults")).isEmpty();

        engine.setAge(ada, 18);
        engine.settle();
        assertThat(engine.members("adults")).containsExactly(ada);
        engine.setAge(ada, null);
        engine.settle();

        assertThat(engine.members("adults")).isEmpty();
        assertThat(engine.outbox("adults")).containsExactly("+" + ada, "-" + ada);
    }

    @Test
    void doubled_changes_yield_one_joiner() {
        engine.live("adults", ADULTS);
        var ada = engine.contact(20);
        engine.setAge(ada, 21);
        engine.setAge(ada, 22);

        engine.settle();
        engine.setAge(ada, 23);
        engine.settle();

        assertThat(engine.outbox("adults")).containsExactly("+" + ada);
    }

    @Test
    void a_window_lets_go_at_the_very_second() {
        engine.live("recent", RECENT);
        var ada = engine.contact(null);
        engine.purchase(ada, Engine.START.minus(Duration.ofHours(3)), 10);
        engine.settle();
        var end = Engine.START.minus(Duration.ofHours(3)).plus(Duration.ofDays(2));

        engine.at(end.minusSeconds(1));
        assertThat(engine.members("recent")).containsExactly(ada);
        engine.at(end);

        assertThat(engine.members("recent")).isEmpty();
        assertThat(engine.outbox("recent")).containsExactly("+" + ada, "-" + ada);
    }

    @Test
    void a_fact_dated_ahead_counts_from_its_instant_on() {
        engine.live("recent", RECENT);
        var ada = engine.contact(null);
        engine.purchase(ada, Engine.START.plusSeconds(90), 10);
        engine.settle();

        engine.at(Engine.START.plusSeconds(89));
        assertThat(engine.members("recent")).isEmpty();
        engine.at(Engine.START.plusSeconds(90));

        assertThat(engine.members("recent")).containsExactly(ada);
    }

    @Test
    void silence_of_days_is_caught_up() {
        engine.live("recent", RECENT);
        var ada = engine.contact(null);
        engine.purchase(ada, Engine.START, 10);
        engine.settle();

        engine.at(Engine.START.plus(Duration.ofDays(5)));

        assertThat(engine.members("recent")).isEmpty();
    }

    @Test
    void a_change_reaches_the_segments_built_on_it_in_the_same_pass() {
        engine.live("adults", ADULTS);
        engine.live("buyers", "INTERACTION(Purchase)");
        engine.live("young", "PROFILE(contact) EXCEPT SEGMENT(adults)");
        engine.live("both", "SEGMENT(adults) INTERSECT SEGMENT(buyers)");
        var ada = engine.contact(30);
        engine.purchase(ada, Engine.START, 1);

        assertThat(engine.incremental.run()).isTrue();

        assertThat(engine.members("both")).containsExactly(ada);
        assertThat(engine.members("young")).isEmpty();
        engine.setAge(ada, 3);
        assertThat(engine.incremental.run()).isTrue();
        assertThat(engine.members("both")).isEmpty();
        assertThat(engine.members("young")).containsExactly(ada);
    }

    @Test
    void members_by_hand_reach_the_segments_built_on_them() {
        var ada = engine.contact(30);
        engine.editor.create(NewSegment.of("vip", SegmentKind.STATIC, null), Engine.TEST);
        engine.live("plain", "PROFILE(contact) EXCEPT SEGMENT(vip)");
        assertThat(engine.members("plain")).containsExactly(ada);

        engine.jdbi.useTransaction(
                handle -> engine.staticMembers.change(handle, engine.get("vip"), List.of(ada), List.of()));
        engine.settle();

        assertThat(engine.members("plain")).isEmpty();
    }

    @Test
    void an_erased_contact_leaves_everything() {
        var ada = engine.contact(30);
        engine.live("adults", ADULTS);
        engine.live("stopped", ADULTS);
        engine.lifecycle.stop("stopped", false, null, Engine.TEST);

        engine.erase(ada);
        engine.settle();

        assertThat(engine.members("adults")).isEmpty();
        assertThat(engine.members("stopped")).isEmpty();
    }

    @Test
    void a_stopped_segment_keeps_its_members_and_makes_no_leavers() {
        var ada = engine.contact(30);
        engine.live("adults", ADULTS);
        engine.lifecycle.stop("adults", false, null, Engine.TEST);

        engine.setAge(ada, 3);
        engine.settle();

        assertThat(engine.members("adults")).containsExactly(ada);
        assertThat(engine.outbox("adults")).hasSize(1);
        engine.goLive("adults");
        assertThat(engine.members("adults")).isEmpty();
    }

    @Test
    void a_segment_in_use_stops_only_by_force() {
        engine.live("adults", ADULTS);
        engine.live("others", "PROFILE(contact) EXCEPT SEGMENT(adults)");

        assertThatThrownBy(() -> engine.lifecycle.stop("adults", false, null, Engine.TEST))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("segment others");

        assertThat(engine.lifecycle
                        .stop("adults", true, null, Engine.TEST)
                        .segment()
                        .state())
                .isEqualTo(SegmentState.STOPPED);
    }

    @Test
    void a_saved_edit_becomes_the_segment_with_its_evaluation() {
        var ada = engine.contact(20);
        var bob = engine.contact(70);
        engine.live("adults", ADULTS);
        engine.editor.edit("adults", null, Engine.TEST);
        var version = "\"" + engine.get("adults").version() + "\"";
        engine.editor.replace(
                "adults",
                new NewSegment(
                        null,
                        "Pensioners",
                        null,
                        null,
                        null,
                        "PROFILE(contact).FILTER(age >= 65)",
                        null,
                        null,
                        null,
                        null,
                        null,
                        null),
                version,
                Engine.TEST);
        engine.editor.save("adults", null, Engine.TEST);
        assertThat(engine.members("adults")).containsExactly(ada, bob);

        engine.full.runIfDue("adults");

        assertThat(engine.members("adults")).containsExactly(bob);
        assertThat(engine.get("adults").name()).isEqualTo("Pensioners");
        assertThat(engine.get("adults").draft()).isNull();
        assertThat(engine.lastEvaluation("adults").kind()).isEqualTo("definition");
    }

    @Test
    void how_often_it_is_evaluated_is_its_own_and_stays_through_an_edit() {
        engine.editor.create(often("often", "PT6H", ADULTS), Engine.TEST);
        engine.goLive("often");
        assertThat(engine.get("often").nextEvaluationAt()).isEqualTo("2026-11-20T15:00:00Z");

        engine.editor.edit("often", null, Engine.TEST);
        assertThat(engine.get("often").draft())
                .isNotNull()
                .satisfies(edit -> assertThat(edit.evaluateEvery()).isEqualTo(Duration.ofHours(6)));
        var version = "\"" + engine.get("often").version() + "\"";
        engine.editor.replace("often", often("often", "PT12H", "PROFILE(contact)"), version, Engine.TEST);
        engine.editor.save("often", null, Engine.TEST);
        engine.full.runIfDue("often");

        assertThat(engine.get("often").evaluateEvery()).isEqualTo(Duration.ofHours(12));
        assertThat(engine.get("often").nextEvaluationAt()).isEqualTo("2026-11-20T21:00:00Z");
        engine.now = Instant.parse("2026-11-20T21:00:00Z");
        engine.full.runIfDue("often");
        assertThat(engine.lastEvaluation("often").kind()).isEqualTo("full");
        assertThat(engine.get("often").nextEvaluationAt()).isEqualTo("2026-11-21T09:00:00Z");
    }

    private static NewSegment often(String key, String every, String query) {
        return new NewSegment(key, null, null, null, null, query, null, null, null, null, every, null);
    }

    @Test
    void an_evaluation_that_takes_too_long_is_an_error_at_first_and_put_off_later() throws Exception {
        var hasty = new Engine(database.jdbi(), new Scopes(true), io.dropwizard.util.Duration.seconds(1));
        var ada = hasty.contact(30);
        hasty.settle();
        hasty.segment("adults", ADULTS);
        hasty.lifecycle.goLive("adults", null, Engine.TEST);
        whileContactsAreLocked(() -> hasty.full.runIfDue("adults"));
        assertThat(hasty.get("adults").state()).isEqualTo(SegmentState.ERROR);
        assertThat(hasty.get("adults").cause()).isEqualTo("The evaluation took longer than 1 seconds");

        hasty.goLive("adults");
        assertThat(hasty.get("adults").state()).isEqualTo(SegmentState.LIVE);
        hasty.now = Engine.START.plus(Duration.ofDays(1));
        whileContactsAreLocked(() -> hasty.full.runIfDue("adults"));

        assertThat(hasty.get("adults").state()).isEqualTo(SegmentState.LIVE);
        assertThat(hasty.get("adults").cause()).contains("longer than 1 seconds");
        assertThat(hasty.get("adults").nextEvaluationAt()).isEqualTo(hasty.now.plus(Duration.ofHours(6)));
        assertThat(hasty.members("adults")).containsExactly(ada);
        hasty.now = hasty.now.plus(Duration.ofHours(6));
        hasty.full.runIfDue("adults");
        assertThat(hasty.get("adults").cause()).isNull();
    }

    private void whileContactsAreLocked(Runnable work) throws Exception {
        database.jdbi().useTransaction(handle -> {
            handle.execute("lock table contact in access exclusive mode");
            CompletableFuture.runAsync(work).get(30, TimeUnit.SECONDS);
        });
    }

    @Test
    void an_edit_that_cannot_be_evaluated_goes_back_to_its_author_and_the_segment_stays() {
        var ada = engine.contact(30);
        engine.settle();
        engine.live("everybody", "PROFILE(contact)");
        engine.editor.edit("everybody", null, Engine.TEST);
        var version = "\"" + engine.get("everybody").version() + "\"";
        engine.editor.replace(
                "everybody", NewSegment.of("everybody", SegmentKind.DYNAMIC, ADULTS), version, Engine.TEST);
        engine.editor.save("everybody", null, Engine.TEST);
        engine.jdbi.useHandle(handle -> handle.execute("delete from profile_attribute where key = 'age'"));

        engine.full.runIfDue("everybody");

        var segment = engine.get("everybody");
        assertThat(segment.state()).isEqualTo(SegmentState.LIVE);
        assertThat(segment.cause()).isNull();
        assertThat(engine.members("everybody")).containsExactly(ada);
        assertThat(segment.draft()).isNotNull().satisfies(edit -> {
            assertThat(edit.saving()).isFalse();
            assertThat(edit.query()).isEqualTo(ADULTS);
            assertThat(edit.cause()).contains("not understood any more", "age");
        });
    }

    @Test
    void a_live_segment_whose_query_is_not_understood_any_more_says_so() {
        engine.live("adults", ADULTS);
        engine.live("everybody", "PROFILE(contact)");
        engine.jdbi.useHandle(handle -> handle.execute("delete from profile_attribute where key = 'age'"));

        var answers = engine.jdbi.withHandle(handle -> new SegmentAnswers(engine.jdbi, engine.vocabulary)
                .of(handle, List.of(engine.get("adults"), engine.get("everybody"))));

        assertThat(answers.getFirst().warnings())
                .extracting(SegmentAnswer.Warning::code)
                .containsExactly("query-not-understood");
        assertThat(answers.getFirst().warnings().getFirst().detail()).contains("age");
        assertThat(answers.getLast().warnings()).isEmpty();
    }

    @Test
    void an_audit_repairs_drift_and_says_how_much() {
        var ada = engine.contact(30);
        engine.live("adults", ADULTS);
        engine.settle();
        engine.jdbi.useHandle(handle -> handle.execute("update contact set attributes = '{}'"));
        engine.now = Engine.START.plus(Duration.ofDays(1));

        engine.full.runIfDue("adults");

        assertThat(engine.members("adults")).isEmpty();
        assertThat(engine.outbox("adults")).containsExactly("+" + ada, "-" + ada);
        assertThat(engine.lastEvaluation("adults").drift()).isEqualTo(1);
        assertThat(engine.metrics.counter("segments.drift").getCount()).isEqualTo(1);
    }

    @Test
    void an_audit_does_not_blame_what_is_on_its_way() {
        engine.live("adults", ADULTS);
        engine.live("recent", RECENT);
        var ada = engine.contact(30);
        engine.purchase(ada, Engine.START.minus(Duration.ofDays(1)), 1);
        engine.settle();
        var bob = engine.contact(40);
        engine.now = Engine.START.plus(Duration.ofDays(1));

        engine.full.runIfDue("adults");
        engine.full.runIfDue("recent");

        assertThat(engine.members("adults")).containsExactly(ada, bob);
        assertThat(engine.members("recent")).isEmpty();
        assertThat(engine.lastEvaluation("adults").drift()).isZero();
        assertThat(engine.lastEvaluation("recent").joined()
                        + engine.lastEvaluation("recent").left())
                .isEqualTo(1);
        assertThat(engine.lastEvaluation("recent").drift()).isZero();
        engine.at(engine.now);
        assertThat(engine.outbox("recent")).containsExactly("+" + ada, "-" + ada);
    }

    @Test
    void two_evaluations_at_once_store_one() throws Exception {
        engine.contact(30);
        engine.segment("adults", ADULTS);
        engine.lifecycle.goLive("adults", null, Engine.TEST);

        try (var threads = Executors.newFixedThreadPool(2)) {
            var one = CompletableFuture.runAsync(() -> engine.full.runIfDue("adults"), threads);
            var other = CompletableFuture.runAsync(() -> engine.full.runIfDue("adults"), threads);
            CompletableFuture.allOf(one, other).get(30, TimeUnit.SECONDS);
        }

        assertThat(engine.outbox("adults")).hasSize(1);
        var evaluations = engine.jdbi.withHandle(handle ->
                SegmentReadings.evaluations(handle, engine.get("adults").id(), null, 10));
        assertThat(evaluations.items()).hasSize(1);
    }

    @Test
    void what_changes_during_a_full_run_is_applied_after_it() throws Exception {
        var ada = engine.contact(10);
        engine.live("adults", ADULTS);
        engine.live("others", "PROFILE(contact) EXCEPT SEGMENT(adults)");
        engine.settle();
        var running = new CountDownLatch(1);
        var mayEnd = new CountDownLatch(1);

        try (var threads = Executors.newSingleThreadExecutor()) {
            var run = CompletableFuture.runAsync(
                    () -> engine.jdbi.useTransaction(handle -> {
                        Locks.exclusive(handle, engine.get("adults").id());
                        running.countDown();
                        await(mayEnd);
                    }),
                    threads);
            running.await();
            engine.setAge(ada, 40);
            engine.settle();
            assertThat(engine.members("adults")).isEmpty();
            mayEnd.countDown();
            run.get(10, TimeUnit.SECONDS);
        }
        Thread.sleep(300);
        engine.settle();

        assertThat(engine.members("adults")).containsExactly(ada);
        assertThat(engine.members("others")).isEmpty();
    }

    @Test
    void a_query_that_cannot_be_computed_is_an_error_with_its_cause() {
        engine.segment("lost", ADULTS);
        engine.lifecycle.goLive("lost", null, Engine.TEST);
        engine.jdbi.useHandle(handle -> handle.execute("delete from profile_attribute where key = 'age'"));

        engine.full.runIfDue("lost");

        assertThat(engine.get("lost").state()).isEqualTo(SegmentState.ERROR);
        assertThat(engine.get("lost").cause()).contains("age");
    }

    @Test
    void a_batch_that_fails_leaves_its_changes_in_the_queue() {
        engine.live("adults", ADULTS);
        var ada = engine.contact(30);
        engine.jdbi.useHandle(handle -> handle.execute("alter table past_membership rename to mislaid"));
        assertThatThrownBy(() -> engine.incremental.run()).isInstanceOf(RuntimeException.class);
        engine.jdbi.useHandle(handle -> handle.execute("alter table mislaid rename to past_membership"));

        engine.settle();

        assertThat(engine.members("adults")).containsExactly(ada);
        assertThat(engine.outbox("adults")).containsExactly("+" + ada);
    }

    @Test
    void the_zone_of_the_segment_decides_when_a_day_is_over() {
        engine.editor.create(
                new NewSegment(
                        "today",
                        null,
                        null,
                        null,
                        "Pacific/Auckland",
                        "INTERACTION(Purchase).HAVING(COUNT() > 0, THIS(DAY))",
                        null,
                        null,
                        null,
                        null,
                        null,
                        null),
                Engine.TEST);
        engine.goLive("today");
        var ada = engine.contact(null);
        engine.purchase(ada, Engine.START, 1);
        engine.settle();
        assertThat(engine.members("today")).containsExactly(ada);

        engine.at(Instant.parse("2026-11-20T10:59:59Z"));
        assertThat(engine.members("today")).containsExactly(ada);
        engine.at(Instant.parse("2026-11-20T11:00:00Z"));

        assertThat(engine.members("today")).isEmpty();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }
}
