package sojourn.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.Database;

/** What a run's path tells of what its branches have seen, and for how long. */
class SeenTest {

    @RegisterExtension
    final Database database = new Database();

    private JourneyWorld world;
    private long ada;
    private int all;
    private int vip;

    @BeforeEach
    void open() {
        world = new JourneyWorld(database.jdbi(), database.jdbi());
        world.attribute("tier", "text");
        world.attribute("hobby", "text");
        world.type("CartLeft", Map.of("amount", "number", "note", "text"));
        all = world.segment("all");
        vip = world.segment("vip");
        ada = world.contact("ada");
    }

    @AfterEach
    void close() {
        world.close();
    }

    private Journey carts() {
        return world.live("carts", """
                {"audience": {"interaction": {"type": "CartLeft"}}, "start": "who", "tiles": {
                   "who": {"type": "attributeBranch", "otherwise": "again", "branches": [
                     {"name": "vip", "when": "tier == 'zinnober' && SEGMENT(vip)", "next": null},
                     {"name": "idle", "when": "hobby == 'none' && trigger.amount > 100", "next": null}]},
                   "again": {"type": "attributeBranch", "otherwise": null, "branches": [
                     {"name": "low", "when": "trigger.amount < 10", "next": null},
                     {"name": "red", "when": "tier == 'zinnober'", "next": "hold"}]},
                   "hold": {"type": "waitFor", "duration": "P9D", "next": null}}}
                """);
    }

    private @Nullable Seen seen(Journey journey, int step) {
        return world.onlyRun(journey).path().get(step).seen();
    }

    @Test
    void a_branch_tells_what_its_condition_saw_and_the_way_out_what_all_of_them_did() throws Exception {
        var journey = carts();
        world.set(ada, "tier", "zinnober");
        world.sends(ada, "CartLeft", Map.of("amount", 20, "note", "secret"), world.clock.instant());
        world.pass(Duration.ofMinutes(1));
        world.set(ada, "tier", "blue");
        world.joins(ada, vip);
        world.pass(Duration.ofMinutes(1));

        assertThat(seen(journey, 0)).satisfies(seen -> {
            assertThat(seen.values())
                    .containsOnlyKeys("tier", "SEGMENT(vip)", "hobby", "trigger.amount")
                    .containsEntry("tier", "zinnober")
                    .containsEntry("SEGMENT(vip)", false)
                    .containsEntry("hobby", null)
                    .containsEntry("trigger.amount", 20);
        });
        assertThat(seen(journey, 1)).isEqualTo(Seen.ofValues(Map.of("tier", "zinnober")));
        assertThat(seen(journey, 2)).isNull();
    }

    @Test
    void what_was_waited_for_tells_when_it_came_and_what_its_filter_asked_for() throws Exception {
        var journey = world.live("held", """
                {"audience": {"segments": ["all"]}, "start": "left", "tiles": {
                   "left": {"type": "ifThen", "timeLimit": "P1D", "otherwise": null, "branches": [
                     {"name": "yes", "when": [{"segment": "vip", "is": "left"},
                                              {"interaction": {"type": "CartLeft", "filter": "amount > 50", "atLeast": 2}}],
                      "next": "joined"}]},
                   "joined": {"type": "ifThen", "timeLimit": "P1D", "since": "tile", "otherwise": null, "branches": [
                     {"name": "yes", "when": [{"segment": "vip", "is": "joined"}], "next": "none"}]},
                   "none": {"type": "ifThen", "timeLimit": "PT0S", "otherwise": null, "branches": [
                     {"name": "yes", "when": [{"interaction": {"type": "FormSubmitted"}}], "next": null}]}}}
                """);
        world.joins(ada, all);
        world.pass(Duration.ofMinutes(1));
        for (var amount : List.of(60, 20, 70)) {
            world.sends(ada, "CartLeft", Map.of("amount", amount, "note", "secret"), world.clock.instant());
            world.pass(Duration.ofMinutes(1));
        }
        world.joins(ada, vip);
        world.pass(Duration.ofMinutes(1));

        var run = world.onlyRun(journey);
        assertThat(run.path()).extracting(Run.Step::branch).containsExactly("yes", "yes", "no");
        assertThat(seen(journey, 0)).satisfies(seen -> {
            assertThat(seen.interaction()).isEqualTo("CartLeft");
            assertThat(seen.occurredAt())
                    .isBetween(run.path().get(0).enteredAt(), run.path().get(1).enteredAt());
            assertThat(seen.properties()).isEqualTo(Map.of("amount", 70));
        });
        assertThat(seen(journey, 1)).satisfies(seen -> {
            assertThat(seen.occurredAt()).isNotNull();
            assertThat(seen.interaction()).isNull();
        });
        assertThat(seen(journey, 2)).isNull();
    }

    @Test
    void a_step_has_the_reason_for_which_the_run_ended_there() throws Exception {
        var journey = world.live("short", """
                {"audience": {"segments": ["all"]}, "exit": {"interactions": [{"type": "FormSubmitted"}]}, "start": "wait",
                 "tiles": {"wait": {"type": "waitFor", "duration": "P9D", "next": null}}}
                """);
        world.joins(ada, all);
        world.pass(Duration.ofMinutes(1));
        assertThat(world.onlyRun(journey).path().getLast().reason()).isNull();

        world.does(ada, "FormSubmitted", Map.of());
        world.pass(Duration.ofMinutes(1));

        assertThat(world.onlyRun(journey).path().getLast().reason()).isEqualTo("exit-interaction");
    }

    @Test
    void nothing_of_it_is_in_the_workflows_history() throws Exception {
        var journey = carts();
        world.set(ada, "hobby", "sailing");
        world.sends(ada, "CartLeft", Map.of("amount", 7319), world.clock.instant());
        world.pass(Duration.ofMinutes(1));
        assertThat(String.valueOf(seen(journey, 0))).contains("sailing", "7319");

        var history = world.temporal
                .client()
                .fetchHistory(world.onlyRun(journey).workflowId())
                .getHistory()
                .toByteString()
                .toString(StandardCharsets.UTF_8);
        assertThat(history).contains("who").doesNotContain("sailing", "7319");
    }

    @Test
    void it_goes_when_the_contact_is_erased_or_the_one_that_it_was_merged_into() throws Exception {
        var journey = carts();
        var bob = world.contact("bob");
        for (var contact : List.of(ada, bob)) {
            world.set(contact, "tier", "zinnober");
            world.sends(contact, "CartLeft", Map.of("amount", 20), world.clock.instant());
        }
        world.pass(Duration.ofMinutes(1));
        var eve = world.contact("eve");
        database.jdbi()
                .useHandle(handle ->
                        handle.execute("update contact set state = 'erased', merged_into = ? where id = ?", eve, ada));

        erase(eve);

        assertThat(world.runs(journey))
                .hasSize(2)
                .allSatisfy(run -> assertThat(run.path())
                        .filteredOn(step -> step.seen() != null)
                        .hasSize("bob".equals(run.externalId()) ? 2 : 0));
    }

    /** Runs entered without a trigger, of which nothing else is to be erased. */
    @Test
    void an_erasure_waits_for_whoever_is_just_writing_it() throws Exception {
        var journey = world.live("plain", """
                {"audience": {"segments": ["all"]}, "start": "wait",
                 "tiles": {"wait": {"type": "waitFor", "duration": "P9D", "next": null}}}
                """);
        world.joins(ada, all);
        world.pass(Duration.ofMinutes(1));
        var run = world.onlyRun(journey).id();

        try (var threads = Executors.newVirtualThreadPerTaskExecutor();
                var handle = database.jdbi().open()) {
            handle.begin();
            var runs = new RunRows(handle);
            runs.lock(run);
            var seen = Seen.ofValues(Map.of("tier", "zinnober"));
            runs.leave(run, 1, "processed", "branch", "red", null, "tier == 'zinnober'", seen, world.clock.instant());
            var erasing = CompletableFuture.runAsync(() -> erase(ada), threads);
            while (!erasing.isDone() && !someoneWaits()) {
                Thread.onSpinWait();
            }
            handle.commit();
            erasing.join();
        }

        assertThat(world.onlyRun(journey).path().getLast().branch()).isEqualTo("red");
        assertThat(world.onlyRun(journey).path().getLast().seen()).isNull();
    }

    private boolean someoneWaits() {
        return database.jdbi()
                .withHandle(handle -> handle.select(
                                "select exists (select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock')")
                        .mapTo(Boolean.class)
                        .one());
    }

    private void erase(long contact) {
        database.jdbi()
                .useTransaction(handle -> new RunErasure()
                        .erase(
                                handle,
                                world.contacts.contacts().find(handle, contact).orElseThrow()));
    }
}
