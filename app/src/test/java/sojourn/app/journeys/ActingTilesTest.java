package sojourn.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.temporal.failure.ApplicationFailure;
import io.temporal.worker.WorkerFactory;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.transaction.DelegatingTransactionHandler;
import org.jdbi.v3.core.transaction.LocalTransactionHandler;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.contacts.Erasure;
import sojourn.app.platform.JdbiPlugins;
import sojourn.app.platform.Json;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemError;
import sojourn.app.security.Deed;
import sojourn.testing.Database;

/** What tiles do at once when a run comes to them, and that they do it once. */
class ActingTilesTest {

    /** Not the common pool, which has one thread where there are two cores. */
    private static final Executor THREADS = Executors.newVirtualThreadPerTaskExecutor();

    @RegisterExtension
    final Database database = new Database();

    private final AtomicReference<Runnable> beforeCommit = new AtomicReference<>(() -> {});
    private JourneyWorld world;
    private int all;

    @BeforeEach
    void begin() {
        world = new JourneyWorld(database.jdbi(), watched());
        all = world.segment("all");
        database.jdbi().useHandle(handle -> {
            handle.execute("""
                    insert into profile_attribute (profile_type, key, type, options, position)
                    values ('contact', 'points', 'number', null, 1), ('contact', 'tier', 'option', '{gold,silver}', 2)
                    """);
            handle.execute("""
                    insert into interaction_type (key, properties)
                    values ('PointsGranted', '{"points": "number", "note": "text"}')
                    """);
        });
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void a_branch_that_takes_so_many_takes_exactly_so_many_of_those_who_come_at_once() {
        var journey = world.live("split", tiles("""
                "split": {"type": "split", "branches": [
                  {"name": "pilot", "count": 5, "next": null},
                  {"name": "new", "share": 50, "next": null},
                  {"name": "control", "share": 50, "control": true, "next": null}]}
                """));
        for (var each = 0; each < 40; each++) {
            world.joins(world.contact("c" + each), all);
        }
        while (world.runs(journey).size() < 40) {
            world.takeMembership();
        }

        var steps = world.runs(journey).stream()
                .flatMap(run -> Collections.nCopies(2, run.id()).stream())
                .map(run -> CompletableFuture.supplyAsync(() -> world.advance.advance(run, 0, null), THREADS))
                .toList();
        steps.forEach(CompletableFuture::join);

        assertThat(branches(journey).stream().filter("pilot"::equals)).hasSize(5);
        assertThat(branches(journey)).hasSize(40).contains("new", "control");
    }

    @Test
    void whoever_comes_to_a_split_again_goes_the_way_of_before() throws Exception {
        var journey = world.live("split", tiles("""
                "split": {"type": "split", "branches": [
                  {"name": "a", "share": 50, "next": null}, {"name": "b", "share": 50, "next": null}]}
                """));
        var ada = world.contact("ada");
        world.joins(ada, all);
        world.pass(Duration.ofMinutes(1));
        var other = branches(journey).equals(List.of("a")) ? "b" : "a";
        database.jdbi().useHandle(handle -> {
            // As if the first run had gone the other way, and re-entry let the contact in anew.
            handle.execute("update tile_visit set branch = ?", other);
            handle.execute("update run set run_no = 0");
            handle.execute("delete from journey_contact");
        });

        world.leaves(ada, all);
        world.joins(ada, all);
        world.pass(Duration.ofMinutes(1));

        assertThat(branches(journey)).containsExactly(other, other);
    }

    @Test
    void chance_is_even_and_always_the_same() {
        var low = IntStream.range(0, 10_000)
                .filter(each -> Chance.of(each + "/welcome/split") < 2_000)
                .count();

        assertThat(low).isBetween(1_800L, 2_200L);
        assertThat(Chance.of("1/welcome/split")).isEqualTo(Chance.of("1/welcome/split"));
    }

    @Test
    void attributes_are_set_cleared_and_added_to_and_segments_hear_of_it() throws Exception {
        world.live("update", tiles("""
                "change": {"type": "updateContact", "set": {"tier": "Gold", "address.city": "Köln"}, "clear": ["email"],
                           "increment": {"points": 2.5}, "next": "more"},
                "more": {"type": "updateContact", "increment": {"points": 10}, "next": null}
                """));
        var ada = world.contact("ada");
        world.joins(ada, all);
        world.pass(Duration.ofMinutes(1));

        assertThat(text("select attributes::text from contact where id = ?", ada))
                .isEqualTo("{\"tier\": \"gold\", \"points\": 12.5}");
        assertThat(text("select coalesce(email, '-') || (address ->> 'city') from contact where id = ?", ada))
                .isEqualTo("-Köln");
        assertThat(text(
                        "select count(*)::text from change where consumer = 'segments' and 'profile' = any(causes) and ? ="
                                + " any(contact_ids)",
                        ada))
                .isEqualTo("2");
    }

    @Test
    void a_step_that_dies_at_its_commit_and_is_tried_again_adds_once() {
        var journey = world.live("update", tiles("""
                "change": {"type": "updateContact", "increment": {"points": 1}, "next": "wait"},
                "wait": {"type": "waitFor", "duration": "P1D", "next": null}
                """));
        var ada = world.contact("ada");
        world.joins(ada, all);
        while (world.runs(journey).isEmpty()) {
            world.takeMembership();
        }
        var run = world.onlyRun(journey).id();
        // The first commit is that of the visit's beginning, the second that of what its tile does.
        for (var commit : List.of(1, 2, 2)) {
            dyingAtCommit(commit);
            assertThatThrownBy(() -> world.advance.advance(run, 0, null)).isInstanceOf(ApplicationFailure.class);
        }

        dyingAtCommit(0);
        world.advance.advance(run, 0, null);
        world.advance.advance(run, 1, null);

        assertThat(text("select attributes ->> 'points' from contact where id = ?", ada))
                .isEqualTo("1");
        assertThat(world.onlyRun(journey).path())
                .extracting(Run.Step::tile, Run.Step::outcome)
                .containsExactly(tuple("change", "updated"), tuple("wait", null));
    }

    @Test
    void an_attribute_that_does_not_fit_any_more_is_refused_and_the_run_goes_on() throws Exception {
        var journey = world.live("update", tiles("""
                "change": {"type": "updateContact", "set": {"tier": "gold"}, "increment": {"points": 1}, "next": null}
                """));
        var ada = world.contact("ada");
        database.jdbi()
                .useHandle(handle ->
                        handle.execute("update profile_attribute set options = '{bronze}' where key = 'tier'"));
        world.joins(ada, all);
        world.pass(Duration.ofMinutes(1));

        assertThat(world.onlyRun(journey).status()).isEqualTo(RunStatus.completed);
        assertThat(world.onlyRun(journey).path()).extracting(Run.Step::outcome).containsExactly("refused");
        assertThat(text("select reason from tile_visit where contact_id = ?", ada))
                .isEqualTo("unknown-option");
        assertThat(text("select attributes::text from contact where id = ?", ada))
                .isEqualTo("{}");
    }

    @Test
    void joining_a_segment_by_a_tile_enters_other_journeys_and_leaving_it_takes_out() throws Exception {
        var club = world.segment("club");
        var welcome = world.live("welcome", """
                {"audience": {"segments": ["club"]}, "exit": {"whenLeavingAudience": true}, "start": "wait",
                 "tiles": {"wait": {"type": "waitFor", "duration": "P9D", "next": null}}}
                """);
        var journey = world.live("club", tiles("""
                "add": {"type": "addToSegment", "segment": "club", "next": "wait"},
                "wait": {"type": "waitFor", "duration": "P1D", "next": "remove"},
                "remove": {"type": "removeFromSegment", "segment": "club", "next": "again"},
                "again": {"type": "removeFromSegment", "segment": "club", "next": null}
                """));
        var ada = world.contact("ada");
        world.joins(ada, all);
        world.pass(Duration.ofMinutes(1));

        assertThat(text("select segment_id::text from membership where contact_id = ? and segment_id <> " + all, ada))
                .isEqualTo(String.valueOf(club));
        assertThat(world.onlyRun(welcome).status()).isEqualTo(RunStatus.active);

        world.pass(Duration.ofDays(1));
        assertThat(world.onlyRun(welcome).reason()).isEqualTo("left-audience");
        assertThat(world.onlyRun(journey).path())
                .extracting(Run.Step::outcome)
                .containsExactly("added", "waited", "removed", "unchanged");
    }

    @Test
    void a_dynamic_segment_gets_an_override_and_is_told_to_look() throws Exception {
        var club = world.segment("club");
        database.jdbi()
                .useHandle(handle -> handle.execute(
                        "update segment set kind = 'dynamic', query = 'PROFILE(contact)' where id = ?", club));
        world.live("club", tiles("""
                "add": {"type": "addToSegment", "segment": "club", "next": "remove"},
                "remove": {"type": "removeFromSegment", "segment": "club", "next": null}
                """));
        var ada = world.contact("ada");
        world.joins(ada, all);
        world.pass(Duration.ofMinutes(1));

        assertThat(text("select kind || ' ' || by_ from segment_override where contact_id = ?", ada))
                .isEqualTo("exclude journey/club");
        assertThat(text(
                        "select count(*)::text from change where segment_id = " + club + " and ? = any(contact_ids)",
                        ada))
                .isEqualTo("2");
    }

    @Test
    void an_emitted_interaction_says_where_it_came_from_and_wakes_who_waits_for_it() throws Exception {
        var waiting = world.live("waiting", tiles("""
                "granted": {"type": "ifThen", "timeLimit": "P9D", "otherwise": null, "branches": [
                  {"name": "yes", "when": [{"interaction": {"type": "PointsGranted", "filter": "points > 9"}}], "next": null}]}
                """));
        var journey = world.live("granting", tiles("""
                "wait": {"type": "waitFor", "duration": "P1D", "next": "grant"},
                "grant": {"type": "emit", "interaction": "PointsGranted",
                          "properties": {"points": 10, "note": "for {{ contact.externalId }}"}, "next": "own"},
                "own": {"type": "ifThen", "timeLimit": "PT0S", "otherwise": null, "branches": [
                  {"name": "yes", "when": [{"interaction": {"type": "PointsGranted", "of": "grant"}}], "next": null}]}
                """));
        var ada = world.contact("ada");
        world.joins(ada, all);
        world.pass(Duration.ofMinutes(1));
        assertThat(world.onlyRun(waiting).status()).isEqualTo(RunStatus.active);

        world.pass(Duration.ofDays(1));

        assertThat(world.onlyRun(waiting).path().getLast().branch()).isEqualTo("yes");
        assertThat(world.onlyRun(journey).path().getLast().branch()).isEqualTo("yes");
        assertThat(text("""
                select (properties - 'run')::text from interaction i
                where type_id = (select id from interaction_type where key = 'PointsGranted') and contact_id = ?
                """, ada)).isEqualTo("""
                {"note": "for ada", "pass": 1, "tile": "grant", "points": 10, "journey": "granting", "version": 1}""");
    }

    @Test
    void a_run_that_waits_for_another_goes_on_at_its_end() throws Exception {
        world.segment("none");
        var other = world.live("other", """
                {"audience": {"segments": ["none"]}, "start": "wait",
                 "tiles": {"wait": {"type": "waitFor", "duration": "P2D", "next": null}}}
                """);
        var journey = world.live("starting", tiles("""
                "start": {"type": "startJourney", "journey": "other", "wait": true, "next": "again"},
                "again": {"type": "startJourney", "journey": "other", "wait": true, "next": null}
                """));
        var ada = world.contact("ada");
        world.joins(ada, all);
        world.pass(Duration.ofDays(1));
        assertThat(world.onlyRun(journey).waitingFor()).isEqualTo("the end of other");
        assertThat(world.onlyRun(other).status()).isEqualTo(RunStatus.active);

        world.pass(Duration.ofDays(1));
        untilEnded(journey);

        assertThat(world.onlyRun(journey).path()).extracting(Run.Step::outcome).containsExactly("completed", "refused");
        assertThat(text("select reason from tile_visit where tile = 'again' and contact_id = ?", ada))
                .isEqualTo("already-entered");
    }

    @Test
    void journeys_that_start_one_another_do_not_go_round_within_an_instant() throws Exception {
        world.segment("none");
        var first = tiles("\"start\": {\"type\": \"startJourney\", \"journey\": \"two\", \"next\": null}");
        world.lifecycle.create(new NewJourney("one", JourneyWorld.document(first)), Deed.by("test"));
        var two = world.live("two", """
                {"audience": {"segments": ["none"]}, "start": "back",
                 "tiles": {"back": {"type": "startJourney", "journey": "one", "next": null}}}
                """);
        var one = world.lifecycle.goLive("one", InFlight.KEPT, null, Deed.by("test"));
        var ada = world.contact("ada");
        world.joins(ada, all);
        untilEnded(one);
        untilEnded(two);

        assertThat(text("select reason from tile_visit where tile = 'back' and contact_id = ?", ada))
                .isEqualTo("loop");
    }

    /** In small steps, since what goes on in workers does so in its own time, and journeys that wait have theirs. */
    private void untilEnded(Journey journey) throws Exception {
        for (var tries = 0;
                world.runs(journey).isEmpty() || world.onlyRun(journey).status() != RunStatus.completed;
                tries++) {
            assertThat(tries).as("looked often enough").isLessThan(300);
            world.pass(Duration.ofMillis(20));
        }
    }

    @Test
    void a_phone_call_is_made_of_its_template_for_the_contacts_owner() throws Exception {
        var journey = world.live("calling", tiles("""
                "call": {"type": "createPhoneCall", "subject": "Call {{ contact.firstName }}\\n", "due": "P2D", "next": "lead"},
                "lead": {"type": "createLead", "attributes": {"source": "{{ journey.key }}"}, "due": "P1D", "next": "called"},
                "called": {"type": "ifThen", "timeLimit": "P5D", "otherwise": null, "branches": [
                  {"name": "yes", "when": [{"interaction": {"type": "TaskCompleted", "of": "call"}}], "next": null}]}
                """));
        var ada = world.contact("ada");
        database.jdbi()
                .useHandle(handle ->
                        handle.execute("update contact set owner = 'eva', first_name = 'Ada' where id = ?", ada));
        world.joins(ada, all);
        world.pass(Duration.ofMinutes(1));

        assertThat(text("select kind || ' ' || owner || ' ' || subject from task where contact_id = ?", ada))
                .isEqualTo("phoneCall eva Call Ada");
        assertThat(text("""
                select concat_ws(' ', attributes ->> 'source', attributes ->> 'contact', attributes ->> 'status',
                                 attributes ->> 'owner', (attributes ->> 'dueAt')::timestamptz - p.created_at)
                from profile p join link l on l.from_id = p.id where l.to_id = ?
                """, ada)).isEqualTo("calling ada new eva 1 day");
        assertThat(world.onlyRun(journey).tile()).isEqualTo("called");
    }

    @Test
    void a_due_for_which_leads_have_no_instant_is_found_by_the_check() {
        var document = tiles("\"lead\": {\"type\": \"createLead\", \"due\": \"P1D\", \"next\": null}");

        database.jdbi().useHandle(handle -> handle.execute("""
                update profile_attribute set type = 'number' where profile_type = 'lead' and key = 'dueAt'
                """));
        assertThatThrownBy(() -> world.live("late", document))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.errors())
                                .singleElement()
                                .satisfies(wrong -> assertThat(wrong.pointer()).endsWith("/lead/due"))
                                .satisfies(wrong -> assertThat(wrong.detail()).contains("`dueAt` of leads")));
    }

    @Test
    void tasks_and_appointments_are_for_whom_the_tile_names_and_say_what_let_the_contact_in() throws Exception {
        world.type("CartLeft", Map.of("cart", "text", "amount", "number"));
        var document = """
                {"audience": {"interaction": {"type": "CartLeft"}}, "start": "task", "tiles": {
                   "task": {"type": "createTask", "user": "eva", "subject": "Cart {{ trigger.cart }}",
                            "text": "{{ trigger.amount }} since {{ trigger.occurredAt }}", "next": "meet"},
                   "meet": {"type": "createAppointment", "team": "sales", "subject": "Meet", "next": "grant"},
                   "grant": {"type": "emit", "interaction": "PointsGranted",
                             "properties": {"points": "{{ trigger.amount }}", "note": "for {{ trigger.cart }}"}, "next": "lead"},
                   "lead": {"type": "createLead", "attributes": {"source": "cart {{ trigger.cart }}"}, "next": null}}}
                """;
        world.live("carts", document);
        var ada = world.contact("ada");
        var at = world.clock.instant();
        world.sends(ada, "CartLeft", Map.of("cart", "c7", "amount", 12), at);
        world.pass(Duration.ofMinutes(1));

        assertThat(text(
                        "select concat_ws(' ', kind, owner, team, subject, text) from task where tile = 'task' and contact_id = ?",
                        ada))
                .isEqualTo("task eva Cart c7 12 since " + at);
        assertThat(text(
                        "select concat_ws(' ', kind, owner, team, subject) from task where tile = 'meet' and contact_id = ?",
                        ada))
                .isEqualTo("appointment sales Meet");
        assertThat(text("""
                select (properties ->> 'points') || ' ' || (properties ->> 'note') from interaction
                where type_id = (select id from interaction_type where key = 'PointsGranted') and contact_id = ?
                """, ada)).isEqualTo("12 for c7");
        assertThat(text(
                        "select attributes ->> 'source' from profile p join link l on l.from_id = p.id where l.to_id = ?",
                        ada))
                .isEqualTo("cart c7");
        assertThatThrownBy(() -> world.live("typo", document.replace("trigger.cart", "trigger.crat")))
                .isInstanceOfSatisfying(
                        Problem.class,
                        problem -> assertThat(problem.errors())
                                .extracting(ProblemError::code)
                                .containsOnly("unknown-field")
                                .hasSize(3));
    }

    @Test
    void a_called_workflow_is_given_ids_and_its_result_takes_a_branch() throws Exception {
        var scoring = WorkerFactory.newInstance(world.environment.getWorkflowClient());
        scoring.newWorker("scoring").registerWorkflowImplementationTypes(Scoring.class);
        scoring.start();
        var journey = world.live("scoring", tiles("""
                "score": {"type": "callWorkflow", "workflow": "ScoreContact", "taskQueue": "scoring", "wait": true,
                          "branches": [{"name": "good", "results": ["good for score"], "next": "fails"}], "otherwise": null},
                "fails": {"type": "callWorkflow", "workflow": "ScoreContact", "taskQueue": "scoring", "wait": true,
                          "branches": [{"name": "good", "results": ["good"], "next": null}], "failed": "sorry", "otherwise": null},
                "sorry": {"type": "end", "outcome": "sorry"}
                """));
        world.joins(world.contact("ada"), all);
        world.pass(Duration.ofMinutes(1));
        assertThat(world.onlyRun(journey).waitingFor()).isEqualTo("the end of ScoreContact");

        world.pass(Duration.ofHours(3));

        assertThat(world.onlyRun(journey).path()).extracting(Run.Step::branch).containsExactly("good", "failed", null);
        assertThat(world.onlyRun(journey).outcome()).isEqualTo("sorry");
        scoring.shutdownNow();
    }

    /** Somebody else's workflow: takes an hour, and fails at any tile but one. */
    @WorkflowInterface
    public interface ScoreContact {
        @WorkflowMethod(name = "ScoreContact")
        String score(Map<String, Object> call);
    }

    public static final class Scoring implements ScoreContact {
        @Override
        public String score(Map<String, Object> call) {
            Workflow.sleep(Duration.ofHours(1));
            if (!"score".equals(call.get("tile"))) {
                throw ApplicationFailure.newNonRetryableFailure("no score", "NoScore");
            }
            return "good for " + call.get("tile");
        }
    }

    @Test
    void many_runs_merges_and_people_at_the_same_segments_and_contacts_never_wait_for_each_other() {
        for (var key : List.of("one", "two")) {
            world.segment(key);
        }
        var there = world.live("there", tiles("""
                "a": {"type": "addToSegment", "segment": "one", "next": "b"},
                "b": {"type": "updateContact", "increment": {"points": 1}, "next": "c"},
                "c": {"type": "addToSegment", "segment": "two", "next": null}
                """));
        var back = world.live("back", tiles("""
                "a": {"type": "removeFromSegment", "segment": "two", "next": "b"},
                "b": {"type": "updateContact", "increment": {"points": 1}, "next": "c"},
                "c": {"type": "removeFromSegment", "segment": "one", "next": null}
                """));
        var contacts = new ArrayList<Long>();
        for (var each = 0; each < 12; each++) {
            contacts.add(world.contact("c" + each));
            world.joins(contacts.getLast(), all);
        }
        while (world.runs(there).size() < 12 || world.runs(back).size() < 12) {
            world.takeMembership();
        }

        var runs = new ArrayList<UUID>();
        world.runs(there).forEach(run -> runs.add(run.id()));
        world.runs(back).forEach(run -> runs.add(run.id()));
        Collections.shuffle(runs, new Random(7));
        var done = new AtomicBoolean();
        var others = List.of(
                CompletableFuture.runAsync(() -> meanwhile(done, this::locksOfAMerge), THREADS),
                CompletableFuture.runAsync(() -> meanwhile(done, this::locksOfAChangeByHand), THREADS));
        runs.stream()
                .map(run -> CompletableFuture.runAsync(() -> world.advance.advance(run, 0, null), THREADS))
                .toList()
                .forEach(CompletableFuture::join);
        done.set(true);
        others.forEach(CompletableFuture::join);

        assertThat(world.runs(there)).allSatisfy(run -> assertThat(run.status()).isEqualTo(RunStatus.completed));
        assertThat(world.runs(back)).allSatisfy(run -> assertThat(run.status()).isEqualTo(RunStatus.completed));
        assertThat(contacts)
                .allSatisfy(
                        contact -> assertThat(text("select attributes ->> 'points' from contact where id = ?", contact))
                                .isEqualTo("2"));
        database.jdbi().useHandle(handle -> handle.execute("select pg_stat_force_next_flush()"));
        long deadlocks = database.jdbi()
                .withHandle(handle -> handle.select(
                                "select deadlocks from pg_stat_database where datname = current_database()")
                        .mapTo(Long.class)
                        .one());
        assertThat(deadlocks).isZero();
    }

    private void meanwhile(AtomicBoolean done, Consumer<Handle> work) {
        while (!done.get()) {
            database.jdbi().useTransaction(work::accept);
            // Those who wait for what it held come in between.
            LockSupport.parkNanos(5_000_000);
        }
    }

    /** What a merge or an erasure holds, in its order. */
    private void locksOfAMerge(Handle handle) {
        handle.execute("select pg_advisory_xact_lock(7305002)");
        handle.execute("select pg_advisory_xact_lock_shared(7305003)");
        handle.execute("select id from contact order by id for update");
        handle.execute("select id from segment where key = 'one' for update skip locked");
    }

    /** What changing the members of a static segment holds, in its order. */
    private void locksOfAChangeByHand(Handle handle) {
        handle.execute("select id from segment where key = 'two' for update");
        Erasure.holdOff(handle);
        handle.execute("select pg_advisory_xact_lock(5302, id) from segment where key = 'two'");
    }

    private static String tiles(String tiles) {
        var first = tiles.substring(tiles.indexOf('"') + 1, tiles.indexOf('"', tiles.indexOf('"') + 1));
        return "{\"audience\": {\"segments\": [\"all\"]}, \"start\": \"" + first + "\", \"tiles\": {" + tiles + "}}";
    }

    private List<String> branches(Journey journey) {
        return world.runs(journey).stream()
                .map(run -> String.valueOf(run.path().getFirst().branch()))
                .toList();
    }

    private String text(String sql, long contact) {
        return database.jdbi()
                .withHandle(handle ->
                        handle.select(sql, contact).mapTo(String.class).one());
    }

    /** Has the transaction die that would be the so-manieth to commit from now on; 0 for none. */
    private void dyingAtCommit(int number) {
        var left = new int[] {number};
        beforeCommit.set(() -> {
            if (--left[0] == 0) {
                throw new IllegalStateException("the process dies");
            }
        });
    }

    private Jdbi watched() {
        var jdbi = JdbiPlugins.install(Jdbi.create(database.url()), Json.mapper());
        jdbi.setTransactionHandler(new DelegatingTransactionHandler(LocalTransactionHandler.binding()) {
            @Override
            public void commit(Handle handle) {
                beforeCommit.get().run();
                super.commit(handle);
            }
        });
        return jdbi;
    }
}
