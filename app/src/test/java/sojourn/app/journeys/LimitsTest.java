package sojourn.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.DelegatingTransactionHandler;
import org.jdbi.v3.core.transaction.LocalTransactionHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.contacts.Merges;
import sojourn.app.journeys.Why.EntryOutcome;
import sojourn.app.platform.JdbiPlugins;
import sojourn.app.platform.Json;
import sojourn.app.platform.Loop;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemType;
import sojourn.app.platform.Transactions;
import sojourn.app.security.Deed;
import sojourn.testing.Database;

/** Who is held back by limits waits in line, and enters in order. */
class LimitsTest {

    @RegisterExtension
    final Database database = new Database();

    private JourneyWorld world;
    private int lapsed;

    @BeforeEach
    void open() {
        world = new JourneyWorld(database.jdbi(), database.jdbi());
        lapsed = world.segment("lapsed");
        world.type("CartLeft", Map.of("cart", "text"));
    }

    @AfterEach
    void close() {
        world.close();
    }

    private Journey limited(String limits) {
        return world.live("slow", document(limits));
    }

    private static String document(String limits) {
        return """
                {"audience": {"segments": ["lapsed"]}, "limits": %s, "start": "wait",
                 "tiles": {"wait": {"type": "waitFor", "duration": "P90D", "next": null}}}
                """.formatted(limits);
    }

    private List<Long> join(int many) {
        return IntStream.range(0, many)
                .mapToObj(n -> {
                    var contact = world.contact("c" + n);
                    world.joins(contact, lapsed);
                    return contact;
                })
                .toList();
    }

    private Why why(String contact) {
        return database.jdbi().withHandle(handle -> world.why.why(handle, "slow", "external:" + contact));
    }

    private List<Long> entered(Journey journey) {
        return database.jdbi()
                .withHandle(handle -> handle.select(
                                "select contact_id from run where journey_id = ? order by entered_at, id",
                                journey.number())
                        .mapTo(Long.class)
                        .list());
    }

    private int waiting() {
        return database.jdbi()
                .withHandle(handle -> handle.select("select count(*) from entry_wait")
                        .mapTo(Integer.class)
                        .one());
    }

    @Test
    void members_enter_one_after_the_other_in_order_and_know_when() throws Exception {
        var journey = limited("{\"perHour\": 2}");
        var contacts = join(5);

        world.pass(Duration.ofMinutes(1));
        assertThat(entered(journey)).containsExactly(contacts.getFirst());
        var third = why("c2").entry();
        assertThat(third.verdict()).isEqualTo(EntryOutcome.WAITING);
        assertThat(third.code()).isEqualTo(EntryHurdle.LIMIT);
        assertThat(third.detail()).startsWith("The contact waits for its turn: limit; it is expected at ");
        var expected = Objects.requireNonNull(
                        Objects.requireNonNull(third.values()).waiting())
                .expectedAt();
        for (var half = 0; half < 6; half++) {
            world.pass(Duration.ofMinutes(30));
        }

        assertThat(entered(journey)).containsExactlyElementsOf(contacts);
        var times = world.runs(journey).stream().map(Run::enteredAt).sorted().toList();
        for (var n = 1; n < times.size(); n++) {
            assertThat(Duration.between(times.get(n - 1), times.get(n))).isGreaterThanOrEqualTo(Duration.ofMinutes(30));
        }
        assertThat(times.get(2)).isAfterOrEqualTo(expected);
        assertThat(why("c2").entry().verdict()).isEqualTo(EntryOutcome.ENTERED);
    }

    @Test
    void whoever_leaves_the_audience_while_waiting_does_not_enter_and_takes_nobody_s_turn() throws Exception {
        var journey = limited("{\"perHour\": 2}");
        var contacts = join(4);
        world.pass(Duration.ofMinutes(1));
        world.leaves(contacts.get(1), lapsed);
        world.leaves(contacts.get(2), lapsed);

        world.pass(Duration.ofMinutes(31));

        assertThat(entered(journey)).containsExactly(contacts.get(0), contacts.get(3));
        assertThat(waiting()).isZero();
    }

    @Test
    void outside_its_hours_nobody_enters() throws Exception {
        var now = LocalTime.ofInstant(world.clock.instant(), ZoneOffset.UTC).truncatedTo(ChronoUnit.MINUTES);
        var journey = limited(
                "{\"hours\": {\"from\": \"%s\", \"to\": \"%s\"}}".formatted(now.plusHours(3), now.plusHours(5)));
        join(3);

        world.pass(Duration.ofHours(2));
        assertThat(entered(journey)).isEmpty();
        world.pass(Duration.ofMinutes(62));
        assertThat(entered(journey)).hasSize(3);
    }

    @Test
    void as_many_as_may_enter_and_then_nobody_does_also_by_hand() throws Exception {
        var journey = limited("{\"total\": 3}");
        var contacts = join(5);

        world.pass(Duration.ofMinutes(1));

        assertThat(entered(journey)).containsExactlyElementsOf(contacts.subList(0, 3));
        assertThat(waiting()).isZero();
        assertThat(why("c4").entry().code()).isEqualTo(EntryHurdle.TOTAL_REACHED);
        assertThat(why("c4").entry().detail()).isEqualTo("3 of 3 contacts have entered");
        assertThatThrownBy(() -> byHand("c4"))
                .isInstanceOfSatisfying(
                        Problem.class, problem -> assertThat(problem.type()).isEqualTo(ProblemType.TOTAL_REACHED));

        world.edit(journey, document("{\"total\": 4}"));
        world.pass(Duration.ofMinutes(1));
        assertThat(entered(journey)).hasSize(4);
    }

    private void byHand(String contact) {
        var entry = new EntryByHand(
                database.jdbi(),
                world.clock,
                world.contacts.contacts(),
                world.versions,
                world.enrolment,
                new Loop("none", Duration.ofDays(1), () -> false));
        entry.enter(
                database.jdbi()
                        .withExtension(
                                JourneyDao.class,
                                dao -> dao.get(dao.idOf("slow").orElseThrow())),
                "external:" + contact,
                Deed.by("test"));
    }

    @Test
    void whom_a_person_lets_in_enters_at_once_and_those_in_line_wait_for_one_turn_more() throws Exception {
        var journey = limited("{\"perHour\": 2}");
        var contacts = join(2);
        world.pass(Duration.ofMinutes(1));
        var eve = world.contact("eve");

        byHand("eve");
        assertThat(entered(journey)).containsExactly(contacts.getFirst(), eve);
        world.pass(Duration.ofMinutes(31));
        assertThat(entered(journey)).hasSize(2);
        world.pass(Duration.ofMinutes(31));

        assertThat(entered(journey)).containsExactly(contacts.getFirst(), eve, contacts.getLast());
    }

    @Test
    void limits_hold_when_sixteen_let_in_at_once() throws Exception {
        var journey = limited("{\"total\": 7}");
        join(40);
        world.takeMembership();
        for (var n = 0; n < 8; n++) {
            world.contact("hand" + n);
        }

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            IntStream.range(0, 16)
                    .mapToObj(n -> CompletableFuture.runAsync(() -> letInSome(n), threads))
                    .toList()
                    .forEach(CompletableFuture::join);
        }
        world.pump();

        assertThat(entered(journey)).hasSize(7).doesNotHaveDuplicates();
    }

    private void letInSome(int n) {
        if (n % 2 == 0) {
            world.line.letInSome();
            return;
        }
        try {
            byHand("hand" + n / 2);
        } catch (Problem full) {
            assertThat(full.type()).isEqualTo(ProblemType.TOTAL_REACHED);
        }
    }

    @Test
    void a_pace_holds_when_sixteen_let_in_at_once() throws Exception {
        var journey = limited("{\"perHour\": 4}");
        join(20);
        world.takeMembership();

        for (var round = 1; round <= 2; round++) {
            try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                IntStream.range(0, 16)
                        .mapToObj(_ -> CompletableFuture.runAsync(world.line::letInSome, threads))
                        .toList()
                        .forEach(CompletableFuture::join);
            }
            assertThat(entered(journey)).hasSize(round);
            world.environment.sleep(Duration.ofMinutes(15));
        }
    }

    @Test
    void a_crash_while_a_turn_is_taken_leaves_the_line_as_it_was() throws Exception {
        var journey = limited("{\"perHour\": 2}");
        var contacts = join(2);
        world.takeMembership();

        var died = new EntryLine(dying(), world.clock, world.versions, world.enrolment);
        assertThatThrownBy(died::letInSome).hasMessageContaining("died");
        assertThat(entered(journey)).isEmpty();
        assertThat(waiting()).isEqualTo(2);
        world.pump();

        assertThat(entered(journey)).containsExactly(contacts.getFirst());
        assertThat(waiting()).isEqualTo(1);
    }

    /** The same database; whoever lets somebody in over it dies before the commit. */
    private Jdbi dying() {
        var jdbi = JdbiPlugins.install(Jdbi.create(database.url()), Json.mapper());
        jdbi.setTransactionHandler(new DelegatingTransactionHandler(LocalTransactionHandler.binding()) {
            @Override
            public void commit(Handle handle) {
                throw new IllegalStateException("died");
            }
        });
        return jdbi;
    }

    @Test
    void what_lets_in_waits_with_its_properties_and_what_ends_a_run_meanwhile_ends_it() throws Exception {
        var journey = world.live("slow", """
                {"audience": {"interaction": {"type": "CartLeft"}}, "reentry": {"policy": "always", "bindingKey": "cart"},
                 "limits": {"perHour": 1}, "exit": {"interactions": [{"type": "FormSubmitted"}]}, "start": "which",
                 "tiles": {
                   "which": {"type": "attributeBranch", "otherwise": "other", "branches": [
                     {"name": "second", "when": "trigger.cart == 'b'", "next": "second"}]},
                   "second": {"type": "end", "outcome": "second"}, "other": {"type": "end", "outcome": "other"}}}
                """);
        var ada = world.contact("ada");
        var bob = world.contact("bob");
        leavesCart(ada, "a");
        leavesCart(ada, "b");
        leavesCart(bob, "c");
        world.pass(Duration.ofMinutes(5));
        assertThat(world.onlyRun(journey).outcome()).isEqualTo("other");
        world.does(bob, "FormSubmitted", Map.of());

        world.pass(Duration.ofMinutes(61));
        world.pass(Duration.ofMinutes(61));

        assertThat(world.runs(journey))
                .extracting(run -> run.status() + " " + (run.outcome() == null ? run.reason() : run.outcome()))
                .containsExactly("completed other", "completed second", "stopped exit-interaction");
    }

    private void leavesCart(long contact, String cart) throws Exception {
        world.sends(contact, "CartLeft", Map.of("cart", cart), world.clock.instant());
        world.pass(Duration.ofSeconds(1));
    }

    @Test
    void who_has_waited_too_long_leaves_the_line() throws Exception {
        var journey = limited("{\"perHour\": 1, \"expiry\": \"PT90M\"}");
        join(4);
        world.pass(Duration.ofMinutes(1));
        assertThat(why("c3").entry().detail()).contains("and leaves the line before");

        world.pass(Duration.ofMinutes(61));
        world.pass(Duration.ofMinutes(61));

        assertThat(entered(journey)).hasSize(2);
        assertThat(waiting()).isZero();
    }

    @Test
    void an_interaction_whose_time_is_up_lets_nobody_in_and_takes_nobody_s_turn() throws Exception {
        var journey = world.live("slow", """
                {"audience": {"interaction": {"type": "CartLeft"}}, "limits": {"perHour": 1, "expiry": "PT90M"},
                 "start": "wait", "tiles": {"wait": {"type": "waitFor", "duration": "P9D", "next": null}}}
                """);
        var ada = world.contact("ada");
        var bob = world.contact("bob");
        var eve = world.contact("eve");
        leavesCart(ada, "a");
        world.pass(Duration.ofSeconds(2));
        world.sends(bob, "CartLeft", Map.of("cart", "b"), world.clock.instant().minusSeconds(1));
        world.pass(Duration.ofMinutes(30));
        leavesCart(eve, "c");
        world.environment.sleep(Duration.ofMinutes(65));

        world.pass(Duration.ofSeconds(1));

        assertThat(entered(journey)).containsExactly(ada, eve);
        assertThat(waiting()).isZero();
    }

    @Test
    void in_a_pause_the_line_stands_and_at_a_stop_it_is_dissolved() throws Exception {
        var journey = limited("{\"perHour\": 2}");
        join(5);
        world.pass(Duration.ofMinutes(1));
        world.lifecycle.pause("slow", PausedWaits.run, null, Deed.by("test"));
        world.pass(Duration.ofHours(3));
        assertThat(entered(journey)).hasSize(1);
        world.lifecycle.resume("slow", null, Deed.by("test"));
        world.pass(Duration.ofMinutes(1));
        assertThat(entered(journey)).as("no burst after it").hasSize(2);

        world.lifecycle.beginStop("slow", null, Deed.by("test"));
        world.pass(Duration.ofMinutes(1));

        assertThat(waiting()).isZero();
    }

    @Test
    void a_version_without_limits_lets_everybody_in_line_in() throws Exception {
        var journey = limited("{\"perDay\": 1}");
        join(5);
        world.pass(Duration.ofMinutes(1));
        assertThat(entered(journey)).hasSize(1);

        world.edit(journey, document("null"));
        world.pass(Duration.ofMinutes(1));

        assertThat(entered(journey)).hasSize(5).doesNotHaveDuplicates();
        assertThat(waiting()).isZero();
    }

    @Test
    void who_is_erased_is_in_no_line() throws Exception {
        limited("{\"perDay\": 1}");
        var contacts = join(2);
        world.pass(Duration.ofMinutes(1));

        Transactions.use(
                database.jdbi(),
                handle -> new RunErasure()
                        .erase(
                                handle,
                                world.contacts
                                        .contacts()
                                        .find(handle, contacts.getLast())
                                        .orElseThrow()));

        assertThat(waiting()).isZero();
    }

    @Test
    void a_contact_in_line_waits_as_the_one_it_is_merged_into() throws Exception {
        var journey = limited("{\"perHour\": 1}");
        var contacts = join(3);
        world.pass(Duration.ofMinutes(1));
        var winner = world.contact("winner");
        world.joins(winner, lapsed);
        world.leaves(contacts.get(1), lapsed);

        Transactions.use(
                database.jdbi(),
                handle -> new EntryMerge().merge(handle, new Merges.Merge(contacts.get(1), winner, Instant.EPOCH)));
        world.pass(Duration.ofMinutes(1));

        assertThat(waiting()).isEqualTo(2);
        world.pass(Duration.ofMinutes(61));
        world.pass(Duration.ofMinutes(61));
        assertThat(entered(journey)).containsExactly(contacts.get(0), contacts.get(2), winner);
    }
}
