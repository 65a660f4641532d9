package sojourn.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.journeys.EntrySeen.EntryRole;
import sojourn.app.journeys.EntrySeen.SeenSegment;
import sojourn.app.journeys.Why.EntryOutcome;
import sojourn.app.platform.Problem;
import sojourn.app.security.Deed;
import sojourn.testing.Database;

/** Each thing that keeps a contact out is said when it does, and only then; and so is where its messages are. */
class WhyTest {

    @RegisterExtension
    final Database database = new Database();

    private JourneyWorld world;
    private long ada;
    private int lapsed;
    private int loyal;
    private int complainers;
    private int quiet;

    @BeforeEach
    void open() {
        world = new JourneyWorld(database.jdbi(), database.jdbi());
        lapsed = world.segment("lapsed");
        loyal = world.segment("loyal");
        complainers = world.segment("complainers");
        quiet = world.segment("quiet");
        world.type("CartLeft", Map.of("cart", "text", "amount", "number"));
        world.message("offer");
        ada = world.contact("ada");
    }

    @AfterEach
    void close() {
        world.close();
    }

    private Journey guarded(String combine, String reentry) {
        return world.live("guarded", """
                {"audience": {"segments": ["lapsed", "loyal"], "combine": "%s", "exclude": ["complainers"]},
                 "suppressionSegment": "quiet", "reentry": %s, "start": "wait",
                 "tiles": {"wait": {"type": "waitFor", "duration": "P1D", "next": null}}}
                """.formatted(combine, reentry));
    }

    private Why why(String journey) {
        return database.jdbi().inTransaction(handle -> world.why.why(handle, journey, "external:ada"));
    }

    /** What is asked first and does not hold, which must be what keeps the contact out. */
    private void keptOut(String journey, EntryHurdle code, String detail) throws Exception {
        world.pass(Duration.ofSeconds(1));
        var why = why(journey);
        assertThat(why.runs()).isEmpty();
        assertThat(why.entry().verdict()).isEqualTo(EntryOutcome.KEPT_OUT);
        assertThat(why.entry().code()).isEqualTo(code);
        assertThat(why.entry().detail()).contains(detail);
        assertThat(why.checks().stream().filter(each -> !each.holds()).findFirst())
                .map(EntryVerdict.Hurdle::code)
                .contains(code);
    }

    private void does(String change) {
        database.jdbi().useHandle(handle -> handle.execute(change));
    }

    @Test
    void what_keeps_a_contact_out_is_said_in_the_order_in_which_entry_asks() throws Exception {
        var journey = guarded("union", "{\"policy\": \"never\"}");
        world.joins(ada, complainers);
        world.joins(ada, quiet);
        does("update contact set state = 'inactive'");
        does("update journey set state = 'paused'");

        keptOut("guarded", EntryHurdle.NOT_LIVE, "'guarded' is paused");
        does("update journey set state = 'live'");
        keptOut("guarded", EntryHurdle.INACTIVE, "inactive");
        does("update contact set state = 'active'");
        keptOut("guarded", EntryHurdle.SUPPRESSED, "'quiet' since ");
        world.leaves(ada, quiet);
        keptOut("guarded", EntryHurdle.EXCLUDED, "'complainers' since ");
        world.joins(ada, lapsed);
        keptOut("guarded", EntryHurdle.EXCLUDED, "'complainers' since ");
        world.leaves(ada, lapsed);
        world.leaves(ada, complainers);
        keptOut("guarded", EntryHurdle.NOT_IN_AUDIENCE, "none of 'lapsed', 'loyal'");

        assertThat(why("guarded").checks())
                .extracting(EntryVerdict.Hurdle::code)
                .containsExactly(
                        EntryHurdle.NOT_LIVE,
                        EntryHurdle.INACTIVE,
                        EntryHurdle.SUPPRESSED,
                        EntryHurdle.EXCLUDED,
                        EntryHurdle.NOT_IN_AUDIENCE,
                        EntryHurdle.ALREADY_ENTERED);
        world.joins(ada, loyal);
        world.pass(Duration.ofSeconds(1));
        assertThat(world.onlyRun(journey).externalId()).isEqualTo("ada");
        var entered = why("guarded").entry();
        assertThat(entered.verdict()).isEqualTo(EntryOutcome.ENTERED);
        assertThat(entered.code()).isEqualTo(EntryHurdle.ALREADY_ENTERED);
        assertThat(entered.detail()).contains("lets everyone in once");
    }

    @Test
    void the_values_are_those_that_were_seen() throws Exception {
        guarded("intersection", "{\"policy\": \"never\"}");
        world.joins(ada, loyal);
        world.joins(ada, complainers);
        world.pass(Duration.ofSeconds(1));
        world.leaves(ada, complainers);

        keptOut("guarded", EntryHurdle.NOT_IN_AUDIENCE, "and would have to be in each of 'lapsed', 'loyal'");

        var seen = seen();
        assertThat(seen.contactState()).isEqualTo("active");
        assertThat(seen.enteredAt()).isNull();
        assertThat(seen.segments())
                .containsExactly(
                        new SeenSegment("lapsed", EntryRole.audience, false, null),
                        new SeenSegment("loyal", EntryRole.audience, true, at("select joined_at from membership")),
                        new SeenSegment(
                                "complainers", EntryRole.exclusion, false, at("select left_at from past_membership")),
                        new SeenSegment("quiet", EntryRole.suppression, false, null));
    }

    private EntrySeen seen() {
        return Optional.ofNullable(why("guarded").entry().values()).orElseThrow();
    }

    private Instant at(String query) {
        return database.jdbi()
                .withHandle(handle -> handle.select(query).mapTo(Instant.class).one());
    }

    @Test
    void who_was_kept_out_and_is_no_more_may_enter_when_it_joins_again() throws Exception {
        guarded("union", "{\"policy\": \"never\"}");
        world.joins(ada, complainers);
        world.joins(ada, lapsed);
        world.pass(Duration.ofSeconds(1));
        world.leaves(ada, complainers);
        world.pass(Duration.ofSeconds(1));

        var entry = why("guarded").entry();

        assertThat(entry.verdict()).isEqualTo(EntryOutcome.MAY_ENTER);
        assertThat(entry.code()).isNull();
        assertThat(entry.detail()).contains("when it joins the audience next");
    }

    @Test
    void going_on_is_told_from_too_soon_and_entry_by_hand_says_the_same() throws Exception {
        var journey = guarded("union", "{\"policy\": \"after\", \"duration\": \"P3D\", \"since\": \"end\"}");
        world.joins(ada, lapsed);
        world.pass(Duration.ofHours(1));
        assertThat(why("guarded").entry().code()).isEqualTo(EntryHurdle.ALREADY_ENTERED);
        assertThat(refusal(journey)).contains("the run is still going on");

        world.pass(Duration.ofDays(2));
        var soon = why("guarded").entry();
        assertThat(soon.verdict()).isEqualTo(EntryOutcome.ENTERED);
        assertThat(soon.code()).isEqualTo(EntryHurdle.TOO_SOON);
        assertThat(seen().endedAt()).isEqualTo(world.onlyRun(journey).endedAt());
        assertThat(refusal(journey)).contains("ended at " + seen().endedAt(), "3 days");

        world.pass(Duration.ofDays(3));
        assertThat(why("guarded").entry().code()).isNull();
        assertThat(why("guarded").entry().detail()).contains("may enter again");
        assertThat(enter(journey)).hasSize(1);
    }

    private List<Enrolment.Entered> enter(Journey journey) {
        return database.jdbi()
                .inTransaction(handle -> world.enrolment.enter(
                        handle,
                        world.versions.get(handle, journey.number(), 1),
                        List.of(ada),
                        world.clock.instant(),
                        Enrolment.BY_API));
    }

    private String refusal(Journey journey) {
        assertThat(enter(journey)).isEmpty();
        return String.valueOf(database.jdbi()
                .withHandle(handle -> EntryByHand.refusal(
                        handle, world.versions.get(handle, journey.number(), 1), ada, world.clock.instant()))
                .getMessage());
    }

    @Test
    void of_a_journey_that_an_interaction_lets_in_the_latest_that_does_is_asked_for() throws Exception {
        world.live("cart", """
                {"audience": {"interaction": {"type": "CartLeft", "filter": "amount > 10"}},
                 "reentry": {"policy": "always", "bindingKey": "cart"}, "start": "wait",
                 "tiles": {"wait": {"type": "waitFor", "duration": "P1D", "next": null}}}
                """);
        keptOut("cart", EntryHurdle.NO_INTERACTION, "no CartLeft");
        leavesCart("a", 5);
        keptOut("cart", EntryHurdle.NO_INTERACTION, "no CartLeft");

        leavesCart("a", 50);
        world.pass(Duration.ofSeconds(1));
        leavesCart("b", 5);
        world.pass(Duration.ofSeconds(1));
        var inside = why("cart").entry();
        assertThat(inside.verdict()).isEqualTo(EntryOutcome.ENTERED);
        assertThat(inside.code()).isEqualTo(EntryHurdle.ALREADY_ENTERED);
        assertThat(inside.detail()).contains("of the same cart").doesNotContain("'a'");
        world.pass(Duration.ofDays(2));

        assertThat(why("cart").entry().code()).isNull();
        assertThat(why("cart").entry().detail()).contains("with its next CartLeft");
    }

    private void leavesCart(String cart, int amount) {
        world.sends(ada, "CartLeft", Map.of("cart", cart, "amount", amount), world.clock.instant());
    }

    @Test
    void a_message_that_was_not_reached_says_where_each_run_went() throws Exception {
        world.attribute("tier", "text");
        world.live("tiers", """
                {"audience": {"segments": ["lapsed"]}, "reentry": {"policy": "after", "duration": "P1D"}, "start": "wait",
                 "tiles": {
                   "wait": {"type": "waitFor", "duration": "PT1H", "next": "gold"},
                   "gold": {"type": "attributeBranch", "otherwise": "other", "branches": [
                     {"name": "yes", "when": "tier == 'gold'", "next": "offer"}]},
                   "offer": {"type": "email", "message": "offer", "next": null},
                   "other": {"type": "email", "message": "offer", "next": null}}}
                """);
        assertThat(why("tiers").messages())
                .extracting(MessageVerdict::state)
                .containsExactly(MessageVerdict.NOT_REACHED, MessageVerdict.NOT_REACHED);
        world.joins(ada, lapsed);
        world.pass(Duration.ofMinutes(1));
        assertThat(why("tiers").messages().getFirst().instead()).singleElement().satisfies(each -> {
            assertThat(each.tile()).isEqualTo("wait");
            assertThat(each.detail()).isEqualTo("The run waits for 1 hour at 'wait'");
        });

        world.pass(Duration.ofHours(1));

        var messages = why("tiers").messages();
        assertThat(messages).extracting(MessageVerdict::tile).containsExactly("offer", "other");
        assertThat(messages.getLast().state()).isEqualTo("sent");
        assertThat(messages.getLast().run()).isNotNull();
        assertThat(messages.getFirst().state()).isEqualTo(MessageVerdict.NOT_REACHED);
        assertThat(messages.getFirst().instead()).singleElement().satisfies(each -> {
            assertThat(each.tile()).isEqualTo("gold");
            assertThat(each.branch()).isEqualTo("no");
            assertThat(each.why()).isNotEmpty();
            assertThat(each.detail()).isEqualTo("The run left 'gold' by 'no' for 'other'");
        });
    }

    @Test
    void a_draft_lets_nobody_in_and_who_is_not_there_is_not_found() {
        world.lifecycle.create(
                new NewJourney("drafted", JourneyWorld.document("{\"name\": \"Drafted\"}")), Deed.by("test"));

        var why = why("drafted");

        assertThat(why.entry().code()).isEqualTo(EntryHurdle.NOT_LIVE);
        assertThat(why.entry().detail()).contains("'drafted' is draft");
        assertThatThrownBy(() ->
                        database.jdbi().inTransaction(handle -> world.why.why(handle, "drafted", "external:nobody")))
                .isInstanceOf(Problem.class)
                .hasMessageContaining("There is no contact");
    }
}
