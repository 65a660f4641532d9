package sojourn.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import sojourn.app.contacts.Changes;
import sojourn.app.security.Deed;
import sojourn.testing.Database;

/** Contacts' passages through a small win-back journey, from joining its audience to every kind of end. */
class JourneyPassageTest {

    private static final String WIN_BACK = """
            {"name": "Win back", "audience": {"segments": ["lapsed"], "exclude": ["staff"]}, "suppressionSegment": "quiet",
             "exit": {"interactions": [{"type": "FormSubmitted"}], "whenLeavingAudience": true},
             "goal": {"interaction": {"type": "FormSubmitted"}, "within": "P30D"},
             "start": "remind",
             "tiles": {
               "remind": {"type": "email", "message": "we-miss-you", "next": "wait"},
               "wait": {"type": "waitFor", "duration": "P5D", "next": "opened"},
               "opened": {"type": "ifThen", "timeLimit": "P1D", "since": "run", "otherwise": "nudge", "branches": [
                 {"name": "yes", "when": [{"interaction": {"type": "WebsiteVisited", "atLeast": 2}}], "next": "offer"}]},
               "offer": {"type": "email", "message": "ten-percent-off", "next": null},
               "nudge": {"type": "end", "outcome": "nothing helped"}}}
            """;

    private static final String LEFT = """
            {"audience": {"segments": ["lapsed"]}, "exit": {"segments": [{"joins": "vip"}, {"leaves": "news"}]},
             "start": "wait", "tiles": {"wait": {"type": "waitFor", "duration": "P5D", "next": null}}}
            """;

    @RegisterExtension
    final Database database = new Database();

    private JourneyWorld world;
    private Journey journey;
    private int lapsed;
    private int staff;
    private int quiet;

    @BeforeEach
    void goLive() {
        world = new JourneyWorld(database.jdbi(), database.jdbi());
        lapsed = world.segment("lapsed");
        staff = world.segment("staff");
        quiet = world.segment("quiet");
        world.message("we-miss-you");
        world.message("ten-percent-off");
        journey = world.live("win-back", WIN_BACK);
    }

    @AfterEach
    void close() {
        world.close();
    }

    @Test
    void who_joins_walks_to_the_end_and_every_step_is_on_record() throws Exception {
        var ada = world.contact("ada");
        world.joins(ada, lapsed);
        world.pass(Duration.ofHours(1));

        assertThat(world.sent).containsExactly("we-miss-you to " + ada);
        assertThat(world.onlyRun(journey)).satisfies(run -> {
            assertThat(run.status()).isEqualTo(RunStatus.active);
            assertThat(run.tile()).isEqualTo("wait");
            assertThat(run.waitingFor()).isEqualTo("5 days");
            assertThat(run.until()).isNotNull();
        });

        world.pass(Duration.ofDays(5));
        assertThat(world.onlyRun(journey).tile()).isEqualTo("opened");
        world.pass(Duration.ofDays(1));

        var run = world.onlyRun(journey);
        assertThat(run.status()).isEqualTo(RunStatus.completed);
        assertThat(run.outcome()).isEqualTo("nothing helped");
        assertThat(run.path()).extracting(Run.Step::tile).containsExactly("remind", "wait", "opened", "nudge");
        assertThat(run.path()).extracting(Run.Step::branch).containsExactly(null, null, "no", null);
    }

    @Test
    void what_a_contact_does_while_waited_for_takes_the_branch_at_once() throws Exception {
        var ada = world.contact("ada");
        world.joins(ada, lapsed);
        world.pass(Duration.ofDays(5));
        world.does(ada, "WebsiteVisited", Map.of());
        world.pass(Duration.ofHours(1));
        assertThat(world.onlyRun(journey).tile()).isEqualTo("opened");

        world.does(ada, "WebsiteVisited", Map.of());
        world.pass(Duration.ofHours(1));

        assertThat(world.onlyRun(journey).outcome()).isEqualTo("completed");
        assertThat(world.sent).containsExactly("we-miss-you to " + ada, "ten-percent-off to " + ada);
    }

    @Test
    void an_interaction_of_an_earlier_tile_is_one_of_this_runs_latest_pass_of_it() throws Exception {
        var clicked = world.live("clicked", """
                {"audience": {"segments": ["lapsed"]}, "start": "remind", "tiles": {
                   "remind": {"type": "email", "message": "we-miss-you", "next": "opened"},
                   "opened": {"type": "ifThen", "timeLimit": "P1D", "otherwise": null, "branches": [
                     {"name": "yes", "when": [{"interaction": {"type": "EmailClicked", "of": "remind"}}], "next": null}]}}}
                """);
        var ada = world.contact("ada");
        world.joins(ada, lapsed);
        world.pass(Duration.ofMinutes(1));
        var run = world.onlyRun(clicked).id().toString();

        world.does(ada, "EmailClicked", Map.of("run", run, "tile", "other", "pass", 1));
        world.does(ada, "EmailClicked", Map.of("run", "another", "tile", "remind", "pass", 1));
        world.pass(Duration.ofMinutes(1));
        assertThat(world.onlyRun(clicked).status()).isEqualTo(RunStatus.active);

        world.does(ada, "EmailClicked", Map.of("run", run, "tile", "remind", "pass", 1));
        world.pass(Duration.ofMinutes(1));
        assertThat(world.onlyRun(clicked).path().getLast().branch()).isEqualTo("yes");
    }

    @ParameterizedTest
    @ValueSource(strings = {"remind", "we-miss-you"})
    void what_an_earlier_pass_sent_does_not_answer_for_the_latest(String of) throws Exception {
        var reminders = world.live("reminders", """
                {"audience": {"segments": ["lapsed"]}, "start": "remind", "tiles": {
                   "remind": {"type": "email", "message": "we-miss-you", "next": "wait"},
                   "wait": {"type": "waitFor", "duration": "P1D", "passes": {"most": 5, "then": null}, "next": "clicked"},
                   "clicked": {"type": "ifThen", "timeLimit": "PT0S", "otherwise": "remind", "branches": [
                     {"name": "yes", "when": [{"interaction": {"type": "EmailClicked", "of": "%s"}}], "next": null}]}}}
                """.formatted(of));
        var ada = world.contact("ada");
        world.joins(ada, lapsed);
        world.pass(Duration.ofHours(1));
        delivered();
        world.pass(Duration.ofDays(1));
        delivered();
        clicks(ada, reminders, 1);
        world.pass(Duration.ofDays(1));
        delivered();
        clicks(ada, reminders, 3);
        world.pass(Duration.ofDays(1));

        assertThat(world.onlyRun(reminders).path())
                .filteredOn(step -> step.tile().equals("clicked"))
                .extracting(Run.Step::branch)
                .containsExactly("no", "no", "yes");
    }

    private void clicks(long contact, Journey reminders, int pass) {
        var run = world.onlyRun(reminders).id().toString();
        world.does(
                contact, "EmailClicked", Map.of("run", run, "tile", "remind", "message", "we-miss-you", "pass", pass));
    }

    /** Writes down what was sent so far as deliveries do. */
    private void delivered() {
        database.jdbi().useHandle(handle -> handle.execute("""
                insert into delivery (contact_id, run_id, visit, journey, journey_version, tile, pass, channel, message,
                                      message_version, state, reserved_at, run_entered_at, tile_entered_at)
                select contact_id, run_id, no, 'reminders', 1, tile, pass, 'email', 'we-miss-you', 1, 'sent', entered_at,
                       entered_at, entered_at
                from tile_visit where type = 'email'
                on conflict do nothing
                """));
    }

    @Test
    void a_path_may_come_back_through_a_wait_as_often_as_that_says() throws Exception {
        var reminders = world.live("reminders", """
                {"audience": {"segments": ["lapsed"]}, "start": "remind", "tiles": {
                   "remind": {"type": "email", "message": "we-miss-you", "next": "wait"},
                   "wait": {"type": "waitFor", "duration": "P5D", "passes": {"most": 2, "then": "enough"}, "next": "opened"},
                   "opened": {"type": "ifThen", "timeLimit": "PT0S", "otherwise": "remind", "branches": [
                     {"name": "yes", "when": [{"interaction": {"type": "WebsiteVisited"}}], "next": null}]},
                   "enough": {"type": "end", "outcome": "three reminders"}}}
                """);
        var ada = world.contact("ada");
        world.joins(ada, lapsed);
        world.pass(Duration.ofDays(11));

        var run = world.onlyRun(reminders);
        assertThat(run.outcome()).isEqualTo("three reminders");
        assertThat(run.path())
                .extracting(Run.Step::tile)
                .containsExactly("remind", "wait", "opened", "remind", "wait", "opened", "remind", "wait", "enough");
        assertThat(world.sent.stream().filter(("we-miss-you to " + ada)::equals))
                .hasSize(4);
    }

    @Test
    void an_exit_interaction_ends_a_long_wait_at_once_and_reaches_the_goal() throws Exception {
        var ada = world.contact("ada");
        world.joins(ada, lapsed);
        world.pass(Duration.ofDays(1));

        world.does(ada, "FormSubmitted", Map.of());
        world.pass(Duration.ofMinutes(1));

        var run = world.onlyRun(journey);
        assertThat(run.status()).isEqualTo(RunStatus.stopped);
        assertThat(run.reason()).isEqualTo("exit-interaction");
        assertThat(facts(ada)).contains("JourneyStopped", "TileStopped", "GoalReached");
    }

    @Test
    void suppression_and_leaving_the_audience_end_runs() throws Exception {
        var ada = world.contact("ada");
        var bob = world.contact("bob");
        world.joins(ada, lapsed);
        world.joins(bob, lapsed);
        world.pass(Duration.ofDays(1));

        world.joins(ada, quiet);
        world.leaves(bob, lapsed);
        world.pass(Duration.ofMinutes(1));

        assertThat(world.runs(journey))
                .extracting(Run::reason)
                .containsExactlyInAnyOrder("suppression-segment", "left-audience");
    }

    @Test
    void who_entered_by_hand_stays_when_leaving_the_audience() throws Exception {
        var ada = world.contact("ada");
        world.enterByHand(journey, ada);
        world.joins(ada, lapsed);
        world.pass(Duration.ofDays(1));

        world.leaves(ada, lapsed);
        world.pass(Duration.ofMinutes(1));

        assertThat(world.onlyRun(journey).status()).isEqualTo(RunStatus.active);
    }

    @Test
    void who_is_excluded_inactive_or_gone_again_gets_no_run_and_everyone_gets_one_at_most() throws Exception {
        var ada = world.contact("ada");
        var bob = world.contact("bob");
        var cleo = world.contact("cleo");
        world.joins(ada, staff);
        world.joins(ada, lapsed);
        database.jdbi().useHandle(handle -> handle.execute("update contact set state = 'inactive' where id = ?", bob));
        world.joins(bob, lapsed);
        world.joins(cleo, lapsed);
        world.leaves(cleo, lapsed);
        world.pass(Duration.ofMinutes(1));
        assertThat(world.runs(journey)).isEmpty();

        for (var round = 0; round < 3; round++) {
            world.joins(cleo, lapsed);
            world.pass(Duration.ofMinutes(1));
            world.leaves(cleo, lapsed);
            world.pass(Duration.ofMinutes(1));
        }
        assertThat(world.runs(journey)).hasSize(1);
    }

    @Test
    void consent_withdrawn_for_a_phone_number_ends_a_run_as_for_an_address() throws Exception {
        var ada = world.contact("ada");
        world.joins(ada, lapsed);
        world.pass(Duration.ofMinutes(1));
        assertThat(world.onlyRun(journey).status()).isEqualTo(RunStatus.active);

        withdraws(ada);
        world.pass(Duration.ofMinutes(1));

        assertThat(world.onlyRun(journey).reason()).isEqualTo("consent-withdrawn");
    }

    @Test
    void stopping_a_journey_ends_all_its_runs() throws Exception {
        for (var each = 0; each < 5; each++) {
            world.joins(world.contact("c" + each), lapsed);
        }
        world.pass(Duration.ofHours(1));

        world.lifecycle.beginStop("win-back", null, Deed.by("test"));
        world.pass(Duration.ofMinutes(1));

        assertThat(world.runs(journey)).extracting(Run::reason).hasSize(5).containsOnly("journey-stopped");
        assertThat(database.jdbi()
                        .withExtension(JourneyDao.class, dao -> dao.get(journey.number()))
                        .state())
                .isEqualTo(JourneyState.stopped);
    }

    @Test
    void members_that_were_there_at_go_live_enter_too() throws Exception {
        var ada = world.contact("ada");
        var early = world.segment("early");
        world.joins(ada, early);
        world.pump();

        var second = world.live("second", WIN_BACK.replace("\"lapsed\"", "\"early\""));
        world.pass(Duration.ofMinutes(1));

        assertThat(world.onlyRun(second).status()).isEqualTo(RunStatus.active);
    }

    @Test
    void a_run_whose_workflow_was_lost_goes_on_where_it_was() throws Exception {
        var ada = world.contact("ada");
        world.joins(ada, lapsed);
        world.pass(Duration.ofDays(1));
        var before = world.onlyRun(journey);
        world.environment
                .getWorkflowClient()
                .newUntypedWorkflowStub(before.workflowId())
                .terminate("lost");

        assertThat(new LostWorkflows(database.jdbi(), world.clock, world.temporal).look())
                .isTrue();
        world.pass(Duration.ofHours(1));
        assertThat(world.onlyRun(journey)).isEqualTo(before);
        assertThat(new LostWorkflows(database.jdbi(), world.clock, world.temporal).look())
                .isFalse();
        world.pass(Duration.ofDays(4));

        assertThat(world.onlyRun(journey).tile()).isEqualTo("opened");
        assertThat(world.sent).containsExactly("we-miss-you to " + ada);
    }

    @Test
    void what_a_clock_ahead_of_ours_says_counts_at_once() throws Exception {
        var ada = world.contact("ada");
        world.joins(ada, lapsed);
        world.pass(Duration.ofHours(1));

        world.does(ada, "FormSubmitted", Map.of(), world.clock.instant().plusSeconds(120));
        world.pass(Duration.ofSeconds(1));

        assertThat(world.onlyRun(journey).reason()).isEqualTo("exit-interaction");
        assertThat(facts(ada)).contains("GoalReached");
    }

    @Test
    void joining_or_leaving_a_segment_is_an_exit_though_its_word_was_taken_before_the_run_was_there() throws Exception {
        var vip = world.segment("vip");
        var news = world.segment("news");
        var left = world.live("left", LEFT);
        var ada = world.contact("ada");
        var bob = world.contact("bob");
        world.joins(bob, news);
        world.pump();
        world.joins(ada, lapsed);
        world.joins(ada, vip);
        world.joins(bob, lapsed);
        world.leaves(bob, news);
        database.jdbi()
                .useHandle(handle ->
                        handle.execute("delete from membership_change where segment_id in (?, ?)", vip, news));

        world.pass(Duration.ofMinutes(1));

        assertThat(world.runs(left)).extracting(Run::reason).containsExactly("exit-segment", "exit-segment");
        assertThat(world.runs(left)).allSatisfy(run -> assertThat(run.path()).isEmpty());
    }

    @Test
    void a_segment_left_before_the_entry_is_no_exit_though_its_word_comes_late() throws Exception {
        world.segment("vip");
        var news = world.segment("news");
        var left = world.live("left", LEFT);
        var ada = world.contact("ada");
        world.joins(ada, news);
        world.leaves(ada, news);
        world.pass(Duration.ofMinutes(1));
        world.joins(ada, lapsed);
        world.pass(Duration.ofMinutes(1));
        database.jdbi()
                .useHandle(handle -> handle.execute(
                        "insert into membership_change (segment_id, joined, left_, at) values (?, '{}', array[?], ?)",
                        news,
                        ada,
                        world.clock.instant().minusSeconds(110)));

        world.pass(Duration.ofMinutes(1));

        assertThat(world.onlyRun(left).status()).isEqualTo(RunStatus.active);
    }

    @Test
    void a_suppression_that_was_over_before_the_entry_is_no_exit_though_its_word_comes_late() throws Exception {
        var ada = world.contact("ada");
        world.joins(ada, quiet);
        world.leaves(ada, quiet);
        world.pass(Duration.ofMinutes(1));
        world.joins(ada, lapsed);
        world.pass(Duration.ofMinutes(1));
        var before = world.clock.instant().minusSeconds(110);
        suppressed(ada, before);
        world.pass(Duration.ofMinutes(1));
        assertThat(world.onlyRun(journey).status()).isEqualTo(RunStatus.active);

        database.jdbi()
                .useHandle(handle -> handle.execute("insert into membership values (?, ?, ?)", quiet, ada, before));
        suppressed(ada, before);
        world.pass(Duration.ofMinutes(1));
        assertThat(world.onlyRun(journey).reason())
                .as("whichever clock was ahead")
                .isEqualTo("suppression-segment");
    }

    private void suppressed(long contact, Instant at) {
        database.jdbi()
                .useHandle(handle -> handle.execute(
                        "insert into membership_change (segment_id, joined, left_, at) values (?, array[?], '{}', ?)",
                        quiet,
                        contact,
                        at));
    }

    @Test
    void a_contact_that_becomes_inactive_is_taken_out_in_the_middle_of_a_wait() throws Exception {
        var ada = world.contact("ada");
        world.joins(ada, lapsed);
        world.pass(Duration.ofDays(1));

        database.jdbi().useTransaction(handle -> {
            handle.execute(
                    "update contact set state = 'inactive', updated_at = ? where id = ?", world.clock.instant(), ada);
            world.contacts.changes().record(handle, List.of(ada), List.of(Changes.PROFILE), world.clock.instant());
        });
        world.pass(Duration.ofMinutes(1));

        assertThat(world.onlyRun(journey).status()).isEqualTo(RunStatus.stopped);
        assertThat(world.onlyRun(journey).reason()).isEqualTo("contact-inactive");
        assertThat(world.onlyRun(journey).tile()).isEqualTo("wait");
    }

    @Test
    void a_journey_may_go_on_though_consent_is_withdrawn() throws Exception {
        var stubborn = world.live("stubborn", """
                {"audience": {"segments": ["lapsed"]}, "exit": {"whenConsentWithdrawn": false}, "start": "wait",
                 "tiles": {"wait": {"type": "waitFor", "duration": "P5D", "next": null}}}
                """);
        var ada = world.contact("ada");
        world.joins(ada, lapsed);
        world.pass(Duration.ofMinutes(1));

        withdraws(ada);
        world.pass(Duration.ofMinutes(1));
        assertThat(world.onlyRun(journey).reason()).as("by default").isEqualTo("consent-withdrawn");
        assertThat(world.onlyRun(stubborn).status()).isEqualTo(RunStatus.active);

        world.pass(Duration.ofDays(5));
        assertThat(world.onlyRun(stubborn).status()).isEqualTo(RunStatus.completed);
    }

    private void withdraws(long contact) {
        database.jdbi().useTransaction(handle -> {
            handle.execute("""
                    insert into consent (contact_id, contact_point, purpose, state, source, at)
                    values (?, '+4930123456', 'commercial', 'out', 'text', ?)
                    """, contact, world.clock.instant());
            world.contacts.changes().record(handle, List.of(contact), List.of(Changes.CONSENT), world.clock.instant());
        });
    }

    @ParameterizedTest
    @CsvSource({"joined, 0", "member, 0", "left, 1", "notMember, 1"})
    void what_a_contact_becomes_to_a_segment_takes_the_branch_at_once(String is, int times) throws Exception {
        var vip = world.segment("vip");
        var held = world.live("held", """
                {"audience": {"segments": ["lapsed"]}, "start": "there", "tiles": {
                   "there": {"type": "ifThen", "timeLimit": "PT0S", "otherwise": "held", "branches": [
                     {"name": "yes", "when": [{"segment": "vip", "is": "joined"}], "next": "held"}]},
                   "held": {"type": "ifThen", "timeLimit": "P3D", "since": "tile", "otherwise": null, "branches": [
                     {"name": "yes", "when": [{"segment": "vip", "is": "%s"}], "next": null}]}}}
                """.formatted(is));
        var ada = world.contact("ada");
        if (times == 1) {
            world.joins(ada, vip);
        }
        world.pass(Duration.ofMinutes(1));
        world.joins(ada, lapsed);
        world.pass(Duration.ofHours(1));
        assertThat(world.onlyRun(held).tile()).isEqualTo("held");
        assertThat(world.onlyRun(held).path().getFirst().branch())
                .as("what was before the run")
                .isEqualTo("no");
        assertThat(world.onlyRun(held).status()).isEqualTo(RunStatus.active);

        if (times == 1) {
            world.leaves(ada, vip);
        } else {
            world.joins(ada, vip);
        }
        world.pass(Duration.ofMinutes(1));

        assertThat(world.onlyRun(held).status()).isEqualTo(RunStatus.completed);
        assertThat(world.onlyRun(held).path().getLast().branch()).isEqualTo("yes");
    }

    @Test
    void membership_of_a_segment_is_a_condition_of_an_attribute_branch() throws Exception {
        var vip = world.segment("vip");
        var asked = world.live("asked", """
                {"audience": {"segments": ["lapsed"]}, "start": "who", "tiles": {
                   "who": {"type": "attributeBranch", "otherwise": null, "branches": [
                     {"name": "vip", "when": "SEGMENT(vip) && email == 'ada@example.com'", "next": null}]}}}
                """);
        var ada = world.contact("ada");
        var bob = world.contact("bob");
        world.joins(ada, vip);
        world.joins(ada, lapsed);
        world.joins(bob, lapsed);
        world.pass(Duration.ofMinutes(1));

        assertThat(world.runs(asked))
                .extracting(Run::externalId, run -> run.path().getLast().branch())
                .containsExactlyInAnyOrder(tuple("ada", "vip"), tuple("bob", "no"));
    }

    @Test
    void who_is_in_all_segments_of_an_intersection_enters_and_who_is_in_all_no_more_leaves() throws Exception {
        var club = world.segment("club");
        var document = """
                {"audience": {"segments": ["lapsed", "club"], "combine": "%s"}, "exit": {"whenLeavingAudience": true},
                 "start": "wait", "tiles": {"wait": {"type": "waitFor", "duration": "P5D", "next": null}}}
                """;
        var all = world.live("all", document.formatted("intersection"));
        var any = world.live("any", document.formatted("union"));
        var ada = world.contact("ada");
        var bob = world.contact("bob");
        world.joins(ada, lapsed);
        world.joins(bob, club);
        world.pass(Duration.ofMinutes(1));
        assertThat(world.runs(all)).isEmpty();
        assertThat(world.runs(any)).hasSize(2);

        world.joins(ada, club);
        world.pass(Duration.ofMinutes(1));
        assertThat(world.onlyRun(all).externalId()).isEqualTo("ada");
        assertThat(world.onlyRun(all).status()).isEqualTo(RunStatus.active);

        world.leaves(ada, lapsed);
        world.pass(Duration.ofMinutes(1));
        assertThat(world.onlyRun(all).reason()).isEqualTo("left-audience");
        assertThat(world.runs(any)).extracting(Run::status).containsOnly(RunStatus.active);
    }

    @Test
    void a_goal_is_the_first_match_by_its_time_also_after_the_end_of_the_run() throws Exception {
        world.type("Purchase", Map.of("amount", "number"));
        var sale = world.live("sale", """
                {"audience": {"segments": ["lapsed"]}, "start": "end",
                 "goal": {"interaction": {"type": "Purchase", "filter": "amount > 10"}, "within": "P3D", "value": "amount"},
                 "tiles": {"end": {"type": "end"}}}
                """);
        var ada = world.contact("ada");
        var bob = world.contact("bob");
        var eve = world.contact("eve");
        for (var contact : List.of(ada, bob, eve)) {
            world.joins(contact, lapsed);
        }
        world.pass(Duration.ofMinutes(1));
        assertThat(world.runs(sale)).extracting(Run::status).hasSize(3).containsOnly(RunStatus.completed);
        for (var amount : List.of(5, 20, 99)) {
            buys(ada, amount, Duration.ZERO);
            world.pass(Duration.ofMinutes(1));
        }
        assertThat(goals(sale)).containsExactly("ada 20");

        world.pass(Duration.ofDays(4));
        buys(bob, 30, Duration.ZERO);
        // What happened in time counts, however late it is told.
        buys(eve, 40, Duration.ofDays(2));
        world.pass(Duration.ofMinutes(1));

        assertThat(goals(sale)).containsExactly("ada 20", "eve 40");
        assertThat(facts(ada).stream().filter("GoalReached"::equals)).hasSize(1);
    }

    private void buys(long contact, int amount, Duration ago) {
        world.sends(
                contact,
                "Purchase",
                Map.of("amount", amount),
                world.clock.instant().minus(ago));
    }

    private List<String> goals(Journey journey) {
        return database.jdbi()
                .withHandle(handle ->
                        handle.select("""
                                select c.external_id || ' ' || r.goal_value
                                from run r join contact c on c.id = r.contact_id
                                where r.journey_id = ? and r.goal_at is not null order by 1
                                """, journey.number()).mapTo(String.class).list());
    }

    @Test
    void who_leaves_a_segment_after_the_deadline_was_still_a_member_by_then() throws Exception {
        var news = world.segment("news");
        var stays = world.live("stays", """
                {"audience": {"segments": ["lapsed"]}, "start": "gone", "tiles": {
                   "gone": {"type": "ifThen", "timeLimit": "PT1H", "otherwise": null, "branches": [
                     {"name": "yes", "when": [{"segment": "news", "is": "notMember"}], "next": null}]}}}
                """);
        var ada = world.contact("ada");
        world.joins(ada, news);
        world.joins(ada, lapsed);
        world.pass(Duration.ofMinutes(30));
        world.leaves(ada, news);
        database.jdbi()
                .useHandle(handle -> handle.execute(
                        "update past_membership set left_at = ?",
                        world.clock.instant().plus(Duration.ofHours(1))));

        world.pass(Duration.ofHours(1));

        assertThat(world.onlyRun(stays).path().getLast().branch()).isEqualTo("no");
    }

    @Test
    void a_message_waits_for_its_send_window_in_the_contacts_zone_and_an_exit_still_ends_the_run() throws Exception {
        world.message("short", "text");
        // Open for an hour that begins three hours from now by the clock of Tokyo.
        var opens = world.clock.instant().plus(Duration.ofHours(3)).truncatedTo(ChronoUnit.MINUTES);
        var local = opens.atZone(ZoneId.of("Asia/Tokyo")).toLocalTime();
        var windowed = world.live("windowed", """
                {"audience": {"segments": ["lapsed"]}, "exit": {"interactions": [{"type": "FormSubmitted"}]}, "start": "nudge",
                 "tiles": {"nudge": {"type": "text", "message": "short", "expiry": "P2D", "next": null,
                                     "sendWindow": {"from": "%s", "to": "%s"}}}}
                """.formatted(local, local.plusHours(1)));
        var ada = world.contact("ada");
        var bob = world.contact("bob");
        zone("Asia/Tokyo");
        world.joins(ada, lapsed);
        world.joins(bob, lapsed);
        world.pass(Duration.ofHours(1));

        assertThat(world.sent).doesNotContain("short to " + ada, "short to " + bob);
        assertThat(world.runs(windowed)).allSatisfy(run -> {
            assertThat(run.waitingFor()).isEqualTo("for the send window");
            assertThat(run.until()).isEqualTo(opens);
        });

        world.does(bob, "FormSubmitted", Map.of());
        world.pass(Duration.ofMinutes(1));
        world.pass(Duration.ofHours(2));

        assertThat(world.sent).contains("short to " + ada).doesNotContain("short to " + bob);
        assertThat(world.runs(windowed))
                .extracting(Run::status)
                .containsExactlyInAnyOrder(RunStatus.completed, RunStatus.stopped);
    }

    @Test
    void a_contact_that_moves_while_its_message_waits_gets_it_by_its_new_clock() throws Exception {
        world.message("short", "text");
        var opens = world.clock.instant().plus(Duration.ofHours(3)).truncatedTo(ChronoUnit.MINUTES);
        var local = opens.atZone(ZoneId.of("Asia/Tokyo")).toLocalTime();
        var windowed = world.live("windowed", """
                {"audience": {"segments": ["lapsed"]}, "start": "nudge", "tiles": {
                   "nudge": {"type": "text", "message": "short", "next": null,
                             "sendWindow": {"from": "%s", "to": "%s"}}}}
                """.formatted(local, local.plusHours(1)));
        var ada = world.contact("ada");
        zone("Asia/Tokyo");
        world.joins(ada, lapsed);
        world.pass(Duration.ofHours(1));
        assertThat(world.onlyRun(windowed).until()).isEqualTo(opens);

        // Two hours behind Tokyo.
        zone("Asia/Bangkok");
        world.pass(Duration.ofHours(3));

        assertThat(world.sent).doesNotContain("short to " + ada);
        assertThat(world.onlyRun(windowed).until()).isEqualTo(opens.plus(Duration.ofHours(2)));
        world.pass(Duration.ofHours(2));
        assertThat(world.sent).contains("short to " + ada);
    }

    private void zone(String name) {
        database.jdbi().useHandle(handle -> handle.execute("update contact set time_zone = ?", name));
    }

    @Test
    void a_message_that_could_not_be_sent_while_its_window_was_open_waits_for_the_next() throws Exception {
        world.message("short", "text");
        var now = world.clock.instant();
        var local = now.atZone(ZoneOffset.UTC).toLocalTime().truncatedTo(ChronoUnit.MINUTES);
        var windowed = world.live("windowed", """
                {"audience": {"segments": ["lapsed"]}, "start": "nudge", "tiles": {
                   "nudge": {"type": "text", "message": "short", "next": null,
                             "sendWindow": {"from": "%s", "to": "%s"}}}}
                """.formatted(local, local.plusHours(1)));
        var ada = world.contact("ada");
        world.down = true;
        world.joins(ada, lapsed);
        world.pass(Duration.ofMinutes(30));
        assertThat(world.onlyRun(windowed).waitingFor()).isEqualTo("the text to be sent");

        world.pass(Duration.ofMinutes(40));
        assertThat(world.onlyRun(windowed).waitingFor()).isEqualTo("for the send window");
        world.down = false;
        world.pass(Duration.ofHours(20));
        assertThat(world.sent).doesNotContain("short to " + ada);
        world.pass(Duration.ofHours(3));

        assertThat(world.sent).contains("short to " + ada);
        assertThat(world.onlyRun(windowed).status()).isEqualTo(RunStatus.completed);
    }

    @Test
    void a_failed_step_leaves_nothing_but_its_kind_in_the_workflows_history() {
        var failure =
                catchThrowableOfType(ApplicationFailure.class, () -> world.advance.advance(new UUID(0, 7), 0, null));

        assertThat(failure.getOriginalMessage()).isEqualTo("Interrupted by IllegalStateException");
        assertThat(failure.getCause()).isNull();
    }

    private List<String> facts(long contact) {
        return database.jdbi()
                .withHandle(handle ->
                        handle.select("""
                        select t.key from interaction i join interaction_type t on t.id = i.type_id
                        where contact_id = ?
                        """, contact).mapTo(String.class).list());
    }
}
