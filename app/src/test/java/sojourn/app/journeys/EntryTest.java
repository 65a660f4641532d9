package sojourn.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.contacts.ContactFields;
import sojourn.app.platform.Transactions;
import sojourn.app.security.Deed;
import sojourn.testing.Database;

/** Who enters because of an interaction, and who may enter again. */
class EntryTest {

    @RegisterExtension
    final Database database = new Database();

    private JourneyWorld world;
    private long ada;
    private int lapsed;

    @BeforeEach
    void open() {
        world = new JourneyWorld(database.jdbi(), database.jdbi());
        world.type("CartLeft", Map.of("cart", "text", "amount", "number", "until", "timestamp"));
        lapsed = world.segment("lapsed");
        ada = world.contact("ada");
    }

    @AfterEach
    void close() {
        world.close();
    }

    private Journey triggered(String reentry) {
        return world.live("cart", """
                {"audience": {"interaction": {"type": "CartLeft", "filter": "amount > 10"}}, "reentry": %s,
                 "exit": {"interactions": [{"type": "CartLeft", "filter": "amount > 1000"}]}, "start": "wait",
                 "tiles": {"wait": {"type": "waitFor", "duration": "P1D", "next": null}}}
                """.formatted(reentry));
    }

    private void leavesCart(String cart, int amount) throws Exception {
        world.sends(ada, "CartLeft", Map.of("cart", cart, "amount", amount), world.clock.instant());
        world.pass(Duration.ofSeconds(1));
    }

    private List<String> bindings(Journey journey, String status) {
        return database.jdbi()
                .withHandle(handle -> handle.select(
                                "select binding from run where journey_id = ? and status = ? order by run_no",
                                journey.number(),
                                status)
                        .mapTo(String.class)
                        .list());
    }

    @Test
    void an_interaction_that_the_filter_lets_pass_lets_its_contact_in_once() throws Exception {
        var journey = triggered("{\"policy\": \"never\"}");

        leavesCart("a", 5);
        assertThat(world.runs(journey)).isEmpty();
        leavesCart("a", 50);
        leavesCart("b", 50);
        assertThat(world.onlyRun(journey).tile()).isEqualTo("wait");
        world.pass(Duration.ofDays(2));
        leavesCart("c", 50);

        assertThat(world.onlyRun(journey).status()).isEqualTo(RunStatus.completed);
    }

    @Test
    void a_form_that_is_submitted_and_a_record_that_is_updated_let_in_like_any_interaction() throws Exception {
        database.jdbi()
                .useHandle(handle ->
                        handle.execute("update profile_type set record_changes = true where key = 'contact'"));
        world.attribute("tier", "text");
        var tiles =
                "\"start\": \"wait\", \"tiles\": {\"wait\": {\"type\": \"waitFor\", \"duration\": \"P1D\", \"next\": null}}";
        var form = world.live("form", """
                {"audience": {"interaction": {"type": "FormSubmitted", "filter": "form == 'trial'"}}, %s}
                """.formatted(tiles));
        var record = world.live("record", """
                {"audience": {"interaction": {"type": "RecordUpdated",
                  "filter": "record == 'contact' && attribute == 'tier' && newValue == 'gold'"}}, %s}
                """.formatted(tiles));

        world.sends(ada, "FormSubmitted", Map.of("form", "newsletter"), world.clock.instant());
        changes(Map.of("tier", "silver"));
        world.pass(Duration.ofSeconds(1));
        assertThat(world.runs(form)).isEmpty();
        assertThat(world.runs(record)).isEmpty();

        world.sends(ada, "FormSubmitted", Map.of("form", "trial"), world.clock.instant());
        changes(Map.of("tier", "gold", "firstName", "Ada"));
        world.pass(Duration.ofSeconds(1));
        assertThat(world.onlyRun(form).tile()).isEqualTo("wait");
        assertThat(world.onlyRun(record).tile()).isEqualTo("wait");
    }

    private void changes(Map<String, Object> values) {
        Transactions.use(database.jdbi(), handle -> {
            world.contacts.fields().lock(handle, ada);
            var change = new ContactFields.Change(values, List.of(), Map.of());
            var result = world.contacts.fields().change(handle, ada, change, world.clock.instant());
            assertThat(result.errors()).isEmpty();
        });
    }

    @Test
    void a_history_from_before_the_go_live_lets_nobody_in() throws Exception {
        var journey = triggered("{\"policy\": \"always\"}");

        world.sends(ada, "CartLeft", Map.of("amount", 50), world.clock.instant().minus(Duration.ofMinutes(1)));
        world.pass(Duration.ofSeconds(1));

        assertThat(world.runs(journey)).isEmpty();
    }

    @Test
    void runs_side_by_side_are_told_apart_by_the_binding_and_do_not_hear_one_another() throws Exception {
        var journey = triggered("{\"policy\": \"always\", \"bindingKey\": \"cart\"}");

        leavesCart("a", 50);
        leavesCart("b", 60);
        leavesCart("a", 70);
        assertThat(bindings(journey, "active")).containsExactly("a", "b");

        leavesCart("b", 2000);
        assertThat(bindings(journey, "stopped")).containsExactly("b");
        assertThat(bindings(journey, "active")).containsExactly("a");
        world.pass(Duration.ofDays(2));
        leavesCart("a", 80);
        assertThat(bindings(journey, "active")).containsExactly("a");
    }

    @Test
    void what_a_contact_did_to_enter_is_erased_with_it() throws Exception {
        var journey = triggered("{\"policy\": \"always\", \"bindingKey\": \"cart\"}");
        leavesCart("a", 50);

        database.jdbi()
                .useTransaction(handle -> new RunErasure()
                        .erase(
                                handle,
                                world.contacts.contacts().find(handle, ada).orElseThrow()));

        assertThat(bindings(journey, "active")).containsExactly((String) null);
        int named = database.jdbi()
                .withHandle(handle -> handle.select("select count(*) from run where trigger_id is not null")
                        .mapTo(Integer.class)
                        .one());
        assertThat(named).isZero();
    }

    @Test
    void the_same_interaction_taken_by_many_at_once_lets_in_once() {
        var journey = triggered("{\"policy\": \"always\", \"bindingKey\": \"cart\"}");
        var version = database.jdbi().withHandle(handle -> world.versions.get(handle, journey.number(), 1));
        var now = world.clock.instant();

        IntStream.range(0, 16)
                .mapToObj(n -> new Enrolment.Candidate(ada, now, new Enrolment.Trigger("t" + n % 4, now, "b" + n % 2)))
                .map(candidate -> CompletableFuture.runAsync(() -> database.jdbi()
                        .useTransaction(handle ->
                                world.enrolment.enter(handle, version, List.of(candidate), Enrolment.BY_TRIGGER))))
                .toList()
                .forEach(CompletableFuture::join);

        assertThat(bindings(journey, "pending")).containsExactlyInAnyOrder("b0", "b1");
    }

    @Test
    void who_joins_again_may_enter_again_when_the_time_has_passed_and_the_last_run_is_over() throws Exception {
        var journey = world.live("again", """
                {"audience": {"segments": ["lapsed"]}, "reentry": {"policy": "after", "duration": "P2D"}, "start": "wait",
                 "tiles": {"wait": {"type": "waitFor", "duration": "P3D", "next": null}}}
                """);
        joinsAnew();
        world.pass(Duration.ofDays(1));
        joinsAnew();
        assertThat(world.runs(journey)).hasSize(1);
        world.pass(Duration.ofHours(30));
        joinsAnew();
        assertThat(world.runs(journey)).as("the first run still goes on").hasSize(1);
        world.pass(Duration.ofDays(1));

        joinsAnew();

        assertThat(world.runs(journey))
                .extracting(Run::status)
                .containsExactlyInAnyOrder(RunStatus.completed, RunStatus.active);
    }

    @Test
    void after_its_end_counts_from_there() throws Exception {
        var journey = world.live("again", """
                {"audience": {"segments": ["lapsed"]}, "reentry": {"policy": "after", "duration": "P2D", "since": "end"},
                 "start": "wait", "tiles": {"wait": {"type": "waitFor", "duration": "P3D", "next": null}}}
                """);
        joinsAnew();
        world.pass(Duration.ofDays(4));
        joinsAnew();
        assertThat(world.runs(journey)).hasSize(1);
        world.pass(Duration.ofDays(2));

        joinsAnew();

        assertThat(world.runs(journey)).hasSize(2);
    }

    private void joinsAnew() throws Exception {
        world.leaves(ada, lapsed);
        world.joins(ada, lapsed);
        world.pass(Duration.ofSeconds(1));
    }

    @Test
    void branches_and_waits_may_ask_for_what_the_trigger_says() throws Exception {
        var journey = world.live("cart", """
                {"audience": {"interaction": {"type": "CartLeft"}}, "reentry": {"policy": "always"}, "start": "until",
                 "tiles": {
                   "until": {"type": "waitUntil", "attribute": "trigger.until", "offset": "-PT1H", "next": "large"},
                   "large": {"type": "attributeBranch", "otherwise": "small", "branches": [
                     {"name": "yes", "when": "trigger.amount > 100", "next": "big"}]},
                   "big": {"type": "end", "outcome": "big"}, "small": {"type": "end", "outcome": "small"}}}
                """);
        var until = world.clock.instant().plus(Duration.ofHours(3)).toString();

        world.sends(ada, "CartLeft", Map.of("amount", 200, "until", until), world.clock.instant());
        world.sends(ada, "CartLeft", Map.of("amount", 20, "until", until), world.clock.instant());
        world.pass(Duration.ofMinutes(110));
        assertThat(world.runs(journey)).extracting(Run::tile).containsExactly("until", "until");
        world.pass(Duration.ofMinutes(11));

        assertThat(world.runs(journey)).extracting(Run::outcome).containsExactlyInAnyOrder("big", "small");
    }

    @Test
    void without_a_trigger_no_branch_that_asks_for_it_holds() throws Exception {
        var journey = world.live("cart", """
                {"audience": {"interaction": {"type": "CartLeft"}}, "start": "wait", "tiles": {
                   "wait": {"type": "waitFor", "duration": "P1D", "next": "large"},
                   "large": {"type": "attributeBranch", "otherwise": "small", "branches": [
                     {"name": "yes", "when": "trigger.amount > 100 || trigger.cart == 'c'", "next": "big"}]},
                   "big": {"type": "end", "outcome": "big"}, "small": {"type": "end", "outcome": "small"}}}
                """);

        world.enterByHand(journey, ada);
        world.pass(Duration.ofHours(25));

        assertThat(world.onlyRun(journey).outcome()).isEqualTo("small");
    }

    @Test
    void a_branch_that_is_not_understood_any_more_keeps_nobody_from_leaving() throws Exception {
        var journey = world.live("cart", """
                {"audience": {"segments": ["lapsed"]}, "start": "wait", "tiles": {
                   "wait": {"type": "waitFor", "duration": "P1D", "next": "large"},
                   "large": {"type": "attributeBranch", "otherwise": null, "branches": [
                     {"name": "yes", "when": "firstName == 'Ada'", "next": null}]}}}
                """);
        database.jdbi()
                .useHandle(
                        handle -> handle.execute(
                                "update journey_version set document = replace(document::text, 'firstName', 'shoeSize')::json"));
        world.enterByHand(journey, ada);
        world.pass(Duration.ofHours(25));
        assertThat(world.onlyRun(journey).status()).isEqualTo(RunStatus.active);

        world.lifecycle.beginStop("cart", null, Deed.by("test"));
        world.pass(Duration.ofMinutes(2));

        assertThat(world.onlyRun(journey).reason()).isEqualTo("journey-stopped");
    }

    @Test
    void what_happened_in_a_pause_lets_in_at_the_resume_in_the_order_in_which_it_happened() throws Exception {
        var journey = triggered("{\"policy\": \"always\", \"bindingKey\": \"cart\"}");
        world.lifecycle.pause("cart", PausedWaits.run, null, Deed.by("test"));
        world.pass(Duration.ofHours(3));
        var now = world.clock.instant();
        for (var cart : List.of("c", "a", "d", "b")) {
            var ago = Duration.ofMinutes("dcba".indexOf(cart) + 1);
            world.sends(ada, "CartLeft", Map.of("cart", cart, "amount", 50), now.minus(ago));
        }
        world.pass(Duration.ofMinutes(1));
        assertThat(world.runs(journey)).isEmpty();

        world.lifecycle.resume("cart", null, Deed.by("test"));
        world.pass(Duration.ofSeconds(1));

        assertThat(bindings(journey, "active")).containsExactly("a", "b", "c", "d");
    }

    @Test
    void what_happens_between_the_start_and_the_look_that_begins_lets_in() throws Exception {
        var start = LocalDateTime.ofInstant(world.clock.instant(), ZoneOffset.UTC)
                .plusHours(1)
                .truncatedTo(ChronoUnit.SECONDS);
        var journey = world.live("cart", """
                {"audience": {"interaction": {"type": "CartLeft"}}, "reentry": {"policy": "always", "bindingKey": "cart"},
                 "schedule": {"start": "%s"}, "start": "wait",
                 "tiles": {"wait": {"type": "waitFor", "duration": "P1D", "next": null}}}
                """.formatted(start));
        var begins = start.toInstant(ZoneOffset.UTC);
        world.environment.sleep(Duration.between(world.clock.instant(), begins).plusSeconds(2));
        world.sends(ada, "CartLeft", Map.of("cart", "before"), begins.minusMillis(1));
        world.sends(ada, "CartLeft", Map.of("cart", "after"), begins.plusMillis(1));
        world.matchChanges();
        assertThat(world.runs(journey)).as("nobody has looked yet").isEmpty();

        world.pass(Duration.ofSeconds(1));

        assertThat(bindings(journey, "active")).containsExactly("after");
    }

    @Test
    void a_wait_for_a_date_of_the_contact_moves_with_it() throws Exception {
        world.attribute("renewal", "date");
        var journey = world.live("renewal", """
                {"audience": {"segments": ["lapsed"]}, "start": "until", "tiles": {
                   "until": {"type": "waitUntil", "attribute": "renewal", "offset": "-P1D", "time": "09:00", "next": null}}}
                """);
        var today = world.clock.instant().atOffset(ZoneOffset.UTC).toLocalDate();
        world.set(ada, "renewal", today.plusDays(10).toString());
        world.joins(ada, lapsed);
        world.pass(Duration.ofDays(1));
        assertThat(world.onlyRun(journey).until()).isEqualTo(today.plusDays(9) + "T09:00:00Z");

        world.set(ada, "renewal", today.plusDays(4).toString());
        world.pass(Duration.ofMinutes(1));
        assertThat(world.onlyRun(journey).until()).isEqualTo(today.plusDays(3) + "T09:00:00Z");
        world.set(ada, "renewal", today.plusDays(20).toString());
        world.pass(Duration.ofDays(5));

        assertThat(world.onlyRun(journey).until()).isEqualTo(today.plusDays(19) + "T09:00:00Z");
        world.pass(Duration.ofDays(14));
        assertThat(world.onlyRun(journey).status()).isEqualTo(RunStatus.completed);
    }
}
