package sojourn.workflows.journeys;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sojourn.workflows.journeys.Planner.Decision;
import sojourn.workflows.journeys.Planner.Decision.Leave;
import sojourn.workflows.journeys.Planner.Decision.Stay;

class PlannerTest {

    private static final Instant NOON = Instant.parse("2026-11-02T12:00:00Z");

    private static final CallWorkflow.Caller CALLER =
            new CallWorkflow.Caller(new UUID(0, 1), "win-back", 1, new UUID(0, 2));

    private final Facts facts = new Facts();

    @Test
    void an_email_tile_stays_until_its_message_was_dealt_with() {
        var tile = new SendingTile.Email("we-miss-you", Span.parse("P1D"), "wait");

        assertThat(decide(tile, null)).isInstanceOfSatisfying(Stay.class, stay -> {
            assertThat(stay.instruction())
                    .isEqualTo(new Instruction.Deliver(3, "here", "email", "here: email we-miss-you"));
            assertThat(stay.until()).isNull();
        });
        assertThat(Planner.expiry(journey(tile), visit(null), facts)).isEqualTo("2026-11-03T12:00:00Z");
        assertThat(Planner.afterSending(journey(tile), visit(null), "sent", facts)
                        .next())
                .isEqualTo("wait");
    }

    @Test
    void each_kind_of_message_goes_over_its_channel_or_the_one_that_the_tile_names() {
        var text = new SendingTile.Text("short", null, SendingTile.Priority.high, null, null, null, null);
        var custom = new SendingTile.Text("short", null, SendingTile.Priority.normal, null, "text-us", null, null);
        var webhook = new SendingTile.Webhook(
                "https://crm.example.com", null, null, null, null, SendingTile.Priority.low, null, null);

        assertThat(((Stay) decide(text, null)).instruction())
                .isEqualTo(new Instruction.Deliver(3, "here", "text", "here: text short", null, 1));
        assertThat(((Stay) decide(custom, null)).instruction())
                .isEqualTo(new Instruction.Deliver(3, "here", "text-us", "here: text short", "text", null));
        assertThat(((Stay) decide(webhook, null)).instruction())
                .isEqualTo(new Instruction.Deliver(3, "here", "webhook", "here: webhook POST", null, 5));
    }

    @Test
    void a_message_outside_its_window_waits_for_it_unless_it_expires_before() {
        // Nine in the evening in Tokyo, where the contact is.
        var window = new SendWindow(null, LocalTime.of(9, 0), LocalTime.of(18, 0));
        var patient = new SendingTile.Text("short", Span.parse("P1D"), null, window, null, null, "next");
        var hasty = new SendingTile.Text("short", Span.parse("PT2H"), null, window, null, null, "next");

        assertThat(decide(patient, null)).isInstanceOfSatisfying(Stay.class, stay -> {
            assertThat(stay.instruction())
                    .isEqualTo(new Instruction.Hold(
                            3, "here", Instant.parse("2026-11-03T00:00:00Z"), "for the send window"));
            assertThat(stay.until()).isEqualTo("2026-11-03T00:00:00Z");
        });
        assertThat(((Stay) decide(hasty, null)).until()).isEqualTo("2026-11-02T14:00:00Z");

        facts.now = Instant.parse("2026-11-02T14:00:00Z");
        assertThat(((Stay) decide(hasty, facts.now)).instruction()).isInstanceOf(Instruction.Deliver.class);
        facts.now = Instant.parse("2026-11-03T00:00:00Z");
        assertThat(((Stay) decide(patient, facts.now)).instruction()).isInstanceOf(Instruction.Deliver.class);
    }

    @Test
    void a_test_of_paths_has_a_variant_given_and_goes_its_way_at_once() {
        var test = new AbTest(List.of(path("short", "a"), path("long", null)), AbTest.Metric.goal, null, "short", null);

        assertThat(decide(test, null)).isEqualTo(new Decision.Act(test));
        var given = new Done("branch", "long", null, "by chance, one of 2");
        assertThat(Planner.afterActing(test, visit(null), given, facts))
                .isEqualTo(new Leave("branch", "long", NOON, null, "completed", "by chance, one of 2"));
    }

    @Test
    void a_test_of_messages_sends_that_of_the_variant_and_goes_on_where_all_go() {
        var sends =
                new SendingTile.Text("short", Span.parse("P1D"), SendingTile.Priority.high, null, null, null, "next");
        var test = new AbTest(
                List.of(path("as-it-is", null), new AbTest.Variant("else", null, "other", null, null, null, null)),
                AbTest.Metric.goal,
                null,
                "as-it-is",
                sends);
        facts.variant = new AbTest.Assigned("else", "by chance, one of 2");

        assertThat(((Stay) decide(test, null)).instruction())
                .isEqualTo(new Instruction.Deliver(3, "here", "text", "here: text other", null, 1));
        assertThat(Planner.expiry(journey(test), visit(null), facts)).isEqualTo("2026-11-03T12:00:00Z");
        assertThat(Planner.afterSending(journey(test), visit(null), "sent", facts))
                .isEqualTo(new Leave("sent", "else", NOON, "next", "completed", "by chance, one of 2; text sent"));
        facts.variant = new AbTest.Assigned("of another version", "by chance");
        assertThat(decide(test, null)).isEqualTo(new Decision.Act(test));
    }

    @Test
    void chance_falls_on_variants_by_their_shares_or_evenly() {
        var even = new AbTest(List.of(path("a", null), path("b", null), path("c", null)), null, null, null, null);
        var most = new AbTest.Variant("most", new BigDecimal("99.5"), null, null, null, null, null);
        var few = new AbTest.Variant("few", new BigDecimal("0.5"), null, null, null, null, null);
        var shares = new AbTest(List.of(most, few), null, null, null, null);

        assertThat(List.of(0, 3333, 3334, 6666, 6667, 9999))
                .extracting(place -> even.at(place).orElseThrow().name())
                .containsExactly("a", "a", "b", "b", "c", "c");
        assertThat(List.of(0, 9949, 9950, 9999))
                .extracting(place -> shares.at(place).orElseThrow().name())
                .containsExactly("most", "most", "few", "few");
    }

    private static AbTest.Variant path(String name, @Nullable String next) {
        return new AbTest.Variant(name, null, null, null, null, null, next);
    }

    @Test
    void a_wait_keeps_the_deadline_it_was_given_and_leaves_when_it_has_come() {
        var tile = new Tile.WaitFor(Span.parse("P5D"), null, null, "next");

        var stay = (Stay) decide(tile, null);
        assertThat(stay.until()).isEqualTo("2026-11-07T12:00:00Z");

        facts.now = Objects.requireNonNull(stay.until());
        assertThat(decide(tile, stay.until()))
                .isInstanceOfSatisfying(
                        Leave.class, leave -> assertThat(leave.next()).isEqualTo("next"));
    }

    @Test
    void days_of_a_wait_are_those_of_the_contacts_calendar_unless_the_journeys_is_asked_for() {
        // Clocks change in Berlin in between, in Tokyo never.
        var span = Span.parse("P6M");
        var contact = new Tile.WaitFor(span, null, null, "next");
        var same = new Tile.WaitFor(span, Tile.Zone.contact, null, "next");
        var journey = new Tile.WaitFor(span, Tile.Zone.journey, null, "next");

        assertThat(((Stay) decide(contact, null)).until()).isEqualTo("2027-05-02T12:00:00Z");
        assertThat(((Stay) decide(same, null)).until()).isEqualTo("2027-05-02T12:00:00Z");
        assertThat(((Stay) decide(journey, null)).until())
                .as("one in the afternoon there and then, too")
                .isEqualTo("2027-05-02T11:00:00Z");
    }

    @Test
    void who_has_waited_as_often_as_it_may_goes_on_at_once_but_nobody_is_sent_away_in_the_middle_of_a_wait() {
        var passes = new Passes(2, "other");
        for (var tile : List.of(
                new Tile.WaitFor(Span.parse("P5D"), null, passes, "next"),
                new Tile.WaitUntil(null, null, null, null, LocalTime.parse("09:00"), null, passes, null, "next"))) {
            facts.passes = 2;
            assertThat(decide(tile, null)).isInstanceOf(Stay.class);

            facts.passes = 3;
            assertThat(decide(tile, null)).isInstanceOfSatisfying(Leave.class, leave -> {
                assertThat(leave.next()).isEqualTo("other");
                assertThat(leave.why()).isEqualTo("has waited here 2 times, the most that it may");
            });
            assertThat(decide(tile, NOON.plusSeconds(1))).isInstanceOf(Stay.class);
        }
    }

    @Test
    void a_moment_that_has_passed_on_arrival_is_skipped_as_the_author_says() {
        var passed = LocalDateTime.parse("2026-11-01T09:00");

        assertThat(next(waitUntil(passed, null, null))).isEqualTo("next");
        assertThat(next(waitUntil(passed, null, "continue"))).isEqualTo("next");
        assertThat(next(waitUntil(passed, null, "late"))).isEqualTo("late");
    }

    @Test
    void a_moment_to_come_is_meant_in_the_contacts_zone_unless_the_journeys_is_asked_for() {
        var at = LocalDateTime.parse("2026-12-24T09:00");

        assertThat(((Stay) decide(waitUntil(at, null, null), null)).until()).isEqualTo("2026-12-24T00:00:00Z");
        assertThat(((Stay) decide(waitUntil(at, Tile.Zone.journey, null), null)).until())
                .isEqualTo("2026-12-24T08:00:00Z");
    }

    @Test
    void a_date_of_the_contact_moves_the_wait_for_it_while_the_run_waits() {
        var tile = attribute("renewal", "-P3D", LocalTime.parse("09:00"));

        facts.moments.put("renewal", LocalDate.parse("2026-11-20"));
        var stay = (Stay) decide(tile, null);
        assertThat(stay.until()).isEqualTo("2026-11-17T00:00:00Z");
        assertThat(stay.listening()).containsExactly("profile");
        assertThat(((Instruction.Hold) stay.instruction()).waitingFor())
                .isEqualTo("until 3 days before renewal at 09:00");

        facts.moments.put("renewal", LocalDate.parse("2026-11-30"));
        assertThat(((Stay) decide(tile, stay.until())).until()).isEqualTo("2026-11-27T00:00:00Z");
        facts.moments.put("renewal", LocalDate.parse("2026-10-01"));
        assertThat(((Leave) decide(tile, stay.until())).outcome()).isEqualTo("waited");
        facts.moments.clear();
        assertThat(((Leave) decide(tile, stay.until())).why()).isEqualTo("renewal says no moment");
    }

    @Test
    void what_the_trigger_says_does_not_move() {
        facts.moments.put("trigger.startsAt", Instant.parse("2026-11-05T18:00:00Z"));

        var stay = (Stay) decide(attribute("trigger.startsAt", "-PT2H", null), null);

        assertThat(stay.until()).isEqualTo("2026-11-05T16:00:00Z");
        assertThat(stay.listening()).isEmpty();
    }

    @Test
    void a_weekday_or_a_time_of_day_is_the_next_one() {
        // Monday, 21:00 in Tokyo.
        assertThat(((Stay) decide(next(null, "09:00"), null)).until()).isEqualTo("2026-11-03T00:00:00Z");
        assertThat(((Stay) decide(next(null, "22:30"), null)).until()).isEqualTo("2026-11-02T13:30:00Z");
        assertThat(((Stay) decide(next(Tile.Weekday.monday, "09:00"), null)).until())
                .isEqualTo("2026-11-09T00:00:00Z");
        assertThat(((Stay) decide(next(Tile.Weekday.friday, null), null)).until())
                .isEqualTo("2026-11-05T15:00:00Z");
        assertThat(((Leave) decide(next(Tile.Weekday.monday, null), null)).outcome())
                .isEqualTo("waited");
        assertThat(((Leave) decide(next(null, "21:00"), null)).outcome()).isEqualTo("waited");
    }

    @Test
    void who_comes_back_waits_for_the_next_moment_and_not_for_the_one_by_which_it_left() {
        // Monday, 21:00 in Tokyo; it left the tile a moment ago, on Monday too.
        facts.left.put("here", NOON.minusSeconds(1));
        assertThat(((Stay) decide(again(Tile.Weekday.monday, null), null)).until())
                .isEqualTo("2026-11-08T15:00:00Z");
        facts.left.put("here", NOON.minusSeconds(24 * 3600));
        assertThat(((Leave) decide(again(Tile.Weekday.monday, null), null)).outcome())
                .as("it comes from Sunday")
                .isEqualTo("waited");
        assertThat(((Leave) decide(again(null, "21:00"), null)).outcome()).isEqualTo("waited");
        facts.left.put("here", NOON);
        assertThat(((Stay) decide(again(null, "21:00"), null)).until()).isEqualTo("2026-11-03T12:00:00Z");
        assertThat(((Stay) decide(again(Tile.Weekday.monday, "21:00"), null)).until())
                .isEqualTo("2026-11-09T12:00:00Z");
    }

    @Test
    void a_time_that_a_clock_change_skips_is_as_much_later() {
        facts.moments.put("trigger.day", LocalDate.parse("2027-03-28"));
        var tile = new Tile.WaitUntil(
                null, "trigger.day", null, null, LocalTime.parse("02:30"), Tile.Zone.journey, null, null, "next");

        assertThat(((Stay) decide(tile, null)).until()).isEqualTo("2027-03-28T01:30:00Z");
    }

    @Test
    void the_earliest_fact_decides_a_branch_and_ties_go_to_the_first() {
        var tile = ifThen("P3D", branch("opened", "EmailOpened"), branch("clicked", "EmailClicked"));

        facts.happened.put("EmailClicked", NOON.plusSeconds(10));
        facts.happened.put("EmailOpened", NOON.plusSeconds(20));
        facts.now = NOON.plusSeconds(30);
        assertThat(taken(tile)).isEqualTo("clicked");

        facts.happened.put("EmailOpened", NOON.plusSeconds(10));
        assertThat(taken(tile)).isEqualTo("opened");
    }

    @Test
    void what_happened_by_the_deadline_counts_though_it_is_looked_at_late() {
        var tile = ifThen("PT1H", branch("opened", "EmailOpened"));
        var deadline = NOON.plusSeconds(3600);
        facts.now = NOON.plusSeconds(9999);

        facts.happened.put("EmailOpened", deadline);
        assertThat(((Leave) decide(tile, deadline)).branch()).isEqualTo("opened");

        facts.happened.put("EmailOpened", deadline.plusSeconds(1));
        assertThat(((Leave) decide(tile, deadline)).branch()).isEqualTo("no");
    }

    @Test
    void without_time_a_branch_only_looks_back() {
        var tile = ifThen("PT0S", branch("opened", "EmailOpened"));

        assertThat(taken(tile)).isEqualTo("no");

        facts.happened.put("EmailOpened", NOON);
        assertThat(taken(tile)).isEqualTo("opened");
    }

    @Test
    void while_nothing_holds_a_branch_listens_to_what_it_waits_for() {
        var joins = new Tile.Branch("vip", List.of(new Tile.Condition(null, "vip", Tile.Relation.joined)), "next");

        var stay = (Stay) decide(ifThen("P3D", branch("opened", "EmailOpened"), joins), null);

        assertThat(stay.listening()).containsExactly("EmailOpened", "segment:vip");
        assertThat(stay.until()).isEqualTo("2026-11-05T12:00:00Z");
    }

    @Test
    void since_says_from_when_facts_count() {
        facts.now = NOON.plusSeconds(60);
        facts.happened.put("EmailOpened", NOON.minusSeconds(600));
        facts.visits.put("remind", NOON.minusSeconds(900));

        assertThat(taken(since("run"))).isEqualTo("opened");
        assertThat(taken(since("remind"))).isEqualTo("opened");
        assertThat(taken(since("PT1H"))).isEqualTo("opened");
        assertThat(decide(since("tile"), null)).isInstanceOf(Stay.class);
        assertThat(decide(since("PT5M"), null)).isInstanceOf(Stay.class);
    }

    @Test
    void the_first_condition_that_holds_takes_its_branch() {
        var tile = new Tile.AttributeBranch(
                List.of(new Tile.Case("gold", "tier == 'gold'", "a"), new Tile.Case("any", "tier != 'x'", "b")), "c");

        assertThat(next(tile)).isEqualTo("c");
        facts.holds = List.of("tier != 'x'");
        assertThat(next(tile)).isEqualTo("b");
        facts.holds = List.of("tier != 'x'", "tier == 'gold'");
        assertThat(next(tile)).isEqualTo("a");
    }

    @Test
    void a_split_shares_out_by_chance_up_to_each_share() {
        var tile = new Split(List.of(way("most", "66.67"), way("few", "33.33")));

        assertThat(taken(tile)).isEqualTo("most");
        facts.chance = 6_666;
        assertThat(taken(tile)).isEqualTo("most");
        facts.chance = 6_667;
        assertThat(taken(tile)).isEqualTo("few");
        facts.chance = 9_999;
        assertThat(taken(tile)).isEqualTo("few");
    }

    @Test
    void whoever_comes_to_a_split_again_goes_the_way_of_before_while_there_is_one() {
        var tile = new Split(List.of(way("most", "90"), way("few", "10")));

        facts.branches.put("here", "few");
        assertThat(taken(tile)).isEqualTo("few");

        facts.branches.put("here", "gone");
        assertThat(taken(tile)).isEqualTo("most");
    }

    @Test
    void a_split_that_counts_asks_for_a_place_and_goes_by_chance_without_one() {
        var pilot = new Split.Way("pilot", null, 100, null, "a");
        var tile = new Split(List.of(pilot, way("rest", "100")));

        assertThat(decide(tile, null)).isEqualTo(new Decision.Act(tile));
        assertThat(after(tile, new Done("branch", "pilot", null, "among the first 100")))
                .isEqualTo("pilot");
        assertThat(after(tile, Done.of("branch", "no place left"))).isEqualTo("rest");
    }

    @Test
    void a_journey_that_is_waited_for_is_left_at_its_end_or_when_time_is_over() {
        var tile = new StartJourney("onboarding", true, Span.parse("P2D"), "next");
        var entered = Done.of("entered", "entered");

        assertThat(decide(tile, null)).isEqualTo(new Decision.Act(tile));
        var stay = (Stay) Planner.afterActing(tile, visit(NOON), entered, facts);
        assertThat(stay.until()).isEqualTo("2026-11-04T12:00:00Z");
        assertThat(stay.listening()).contains("JourneyCompleted");

        facts.started = new StartJourney.Started("active", null);
        assertThat(decide(tile, stay.until())).isEqualTo(stay);
        facts.started = new StartJourney.Started("stopped", NOON.plusSeconds(5));
        assertThat(((Leave) decide(tile, stay.until())).outcome()).isEqualTo("stopped");
        facts.started = new StartJourney.Started("active", null);
        facts.now = Objects.requireNonNull(stay.until());
        assertThat(((Leave) decide(tile, stay.until())).outcome()).isEqualTo("time-over");
    }

    @Test
    void a_journey_that_is_not_waited_for_or_lets_nobody_in_is_left_at_once() {
        var waiting = new StartJourney("onboarding", true, null, "next");
        var not = new StartJourney("onboarding", null, null, "next");

        assertThat(Planner.afterActing(not, visit(null), Done.of("entered", "entered"), facts))
                .isInstanceOf(Leave.class);
        assertThat(Planner.afterActing(waiting, visit(null), Done.refused("excluded", "excluded"), facts))
                .isInstanceOf(Leave.class);
    }

    @Test
    void the_result_of_a_called_workflow_takes_its_branch_and_failing_or_time_the_way_of_failures() {
        var good = new CallWorkflow.Way("good", List.of("a", "b"), "good");
        var tile = new CallWorkflow("Score", "scoring", true, Span.parse("P1D"), List.of(good), "sorry", "rest");

        assertThat(((Stay) decide(tile, null)).instruction())
                .isEqualTo(new Instruction.Call(3, "here", "Score", "scoring", true, NOON.plusSeconds(86_400), CALLER));
        assertThat(answered(tile, "completed", "b")).isEqualTo("good");
        assertThat(answered(tile, "completed", "c")).isEqualTo("rest");
        assertThat(answered(tile, "failed", null)).isEqualTo("sorry");
        facts.now = NOON.plusSeconds(86_400);
        assertThat(((Leave) decide(tile, facts.now)).next()).isEqualTo("sorry");
        var not = new CallWorkflow("Score", "scoring", null, null, null, null, "rest");
        assertThat(answered(not, "started", null)).isEqualTo("rest");
    }

    @Test
    void an_end_finishes_with_its_outcome() {
        assertThat(((Leave) decide(new Tile.End("won"), null)).finish()).isEqualTo("won");
        assertThat(((Leave) decide(new Tile.End(null), null)).finish()).isEqualTo("completed");
    }

    private static @Nullable String answered(CallWorkflow tile, String status, @Nullable String result) {
        return Planner.afterCalling(journey(tile), "here", new CallWorkflow.Answer(status, result), NOON)
                .orElseThrow()
                .next();
    }

    private static Split.Way way(String name, String share) {
        return new Split.Way(name, new BigDecimal(share), null, null, "next");
    }

    private @Nullable String after(Tile.Acting tile, Done done) {
        return ((Leave) Planner.afterActing(tile, visit(null), done, facts)).branch();
    }

    private Tile since(String since) {
        return new Tile.IfThen(List.of(branch("opened", "EmailOpened")), since, Span.parse("P3D"), "end");
    }

    private static Tile ifThen(String limit, Tile.Branch... branches) {
        return new Tile.IfThen(List.of(branches), null, Span.parse(limit), "end");
    }

    private static Tile.Branch branch(String name, String type) {
        var happening = new Tile.Happening(type, null, null, null);
        return new Tile.Branch(name, List.of(new Tile.Condition(happening, null, null)), "next");
    }

    private @Nullable String taken(Tile tile) {
        return ((Leave) decide(tile, null)).branch();
    }

    private @Nullable String next(Tile tile) {
        return ((Leave) decide(tile, null)).next();
    }

    private Decision decide(Tile tile, @Nullable Instant until) {
        return Planner.decide(journey(tile), visit(until), facts);
    }

    private static Planner.Visit visit(@Nullable Instant until) {
        return new Planner.Visit(3, "here", NOON, until, Duration.ZERO);
    }

    private static JourneyDocument journey(Tile tile) {
        var tiles = new LinkedHashMap<String, Tile>();
        tiles.put("here", tile);
        return new JourneyDocument(
                null, null, null, null, null, null, null, null, null, null, null, null, "here", tiles);
    }

    /** A world that is written down. */
    private static Tile.WaitUntil waitUntil(LocalDateTime at, Tile.@Nullable Zone zone, @Nullable String past) {
        return new Tile.WaitUntil(at, null, null, null, null, zone, null, past, "next");
    }

    private static Tile.WaitUntil attribute(String name, String offset, @Nullable LocalTime time) {
        return new Tile.WaitUntil(null, name, Offset.parse(offset), null, time, null, null, null, "next");
    }

    private static Tile.WaitUntil next(Tile.@Nullable Weekday weekday, @Nullable String time) {
        return new Tile.WaitUntil(
                null, null, null, weekday, time == null ? null : LocalTime.parse(time), null, null, null, "next");
    }

    private static Tile.WaitUntil again(Tile.@Nullable Weekday weekday, @Nullable String time) {
        var passes = new Passes(10, null);
        return new Tile.WaitUntil(
                null, null, null, weekday, time == null ? null : LocalTime.parse(time), null, passes, null, "next");
    }

    private static final class Facts implements Planner.World {
        Instant now = NOON;
        final Map<String, Instant> happened = new HashMap<>();
        final Map<String, Instant> visits = new HashMap<>();
        final Map<String, Instant> left = new HashMap<>();
        final Map<String, Object> moments = new HashMap<>();
        List<String> holds = List.of();
        final Map<String, String> branches = new HashMap<>();
        int chance;
        int passes = 1;
        StartJourney.@Nullable Started started;
        AbTest.@Nullable Assigned variant;

        @Override
        public Instant now() {
            return now;
        }

        @Override
        public ZoneId contactZone() {
            return ZoneId.of("Asia/Tokyo");
        }

        @Override
        public ZoneId journeyZone() {
            return ZoneId.of("Europe/Berlin");
        }

        @Override
        public Instant entered() {
            return NOON.minusSeconds(3600);
        }

        @Override
        public Optional<Instant> visited(String tile) {
            return Optional.ofNullable(visits.get(tile));
        }

        @Override
        public Optional<Instant> left(String tile) {
            return Optional.ofNullable(left.get(tile));
        }

        @Override
        public int passes(String tile) {
            return passes;
        }

        @Override
        public Optional<Instant> happened(Tile.Happening happening, Instant since, Instant until) {
            return Optional.ofNullable(happened.get(String.valueOf(happening.type())))
                    .filter(at -> !at.isBefore(since) && !at.isAfter(until));
        }

        @Override
        public Optional<Instant> became(String segment, Tile.Relation relation, Instant since, Instant until) {
            return Optional.empty();
        }

        @Override
        public Optional<Object> moment(String attribute) {
            return Optional.ofNullable(moments.get(attribute));
        }

        @Override
        public boolean holds(String condition) {
            return holds.contains(condition);
        }

        @Override
        public Optional<String> branchBefore(String tile) {
            return Optional.ofNullable(branches.get(tile));
        }

        @Override
        public Optional<AbTest.Assigned> variant(int visit) {
            return Optional.ofNullable(variant);
        }

        @Override
        public Optional<StartJourney.Started> started(int visit) {
            return Optional.ofNullable(started);
        }

        @Override
        public CallWorkflow.Caller caller() {
            return CALLER;
        }

        @Override
        public int chance(String tile) {
            return chance;
        }
    }
}
