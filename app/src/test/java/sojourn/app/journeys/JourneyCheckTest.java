package sojourn.app.journeys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.assertj.core.groups.Tuple;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import sojourn.app.contacts.Declaration;
import sojourn.app.contacts.ValueType;
import sojourn.app.interactions.InteractionType;
import sojourn.app.messages.TriggerFields;

class JourneyCheckTest {

    private static final Instant NOW = Instant.parse("2026-11-02T12:00:00Z");

    private final JourneyCheck check = new JourneyCheck(
            new ConditionCheck() {
                @Override
                public List<Flaw> overContact(String condition, @Nullable String trigger) {
                    return condition.contains("citty")
                            ? List.of(new Flaw(1, 9, "unknown-attribute", "unknown attribute `citty`"))
                            : List.of();
                }

                @Override
                public Set<String> segmentsIn(String condition, @Nullable String trigger) {
                    return condition.contains("SEGMENT(drafted)") ? Set.of("drafted") : Set.of();
                }

                @Override
                public Map<String, Declaration> contactAttributes(@Nullable String trigger) {
                    return Map.of("renewal", Declaration.of(ValueType.DATE), "age", Declaration.of(ValueType.NUMBER));
                }

                @Override
                public List<Flaw> overInteraction(String type, String condition) {
                    return List.of();
                }
            },
            ZoneOffset.UTC,
            AnyChannel.CHECK);

    private final JourneyCheck.Names names = new JourneyCheck.Names(
            Map.of("lapsed", "live", "drafted", "draft"),
            Map.of("we-miss-you", "live", "later", "draft", "short", "live"),
            Map.of("we-miss-you", "email", "later", "email", "short", "text"),
            Set.of("Purchase", "EmailOpened"));

    @Test
    void a_sound_journey_has_no_errors() {
        assertThat(check("""
                {"audience": {"segments": ["lapsed"]}, "exit": {"interactions": [{"type": "Purchase"}]}, "start": "remind",
                 "tiles": {"remind": {"type": "email", "message": "we-miss-you", "expiry": "P1D", "next": null}}}
                """)).isEmpty();
    }

    @Test
    void what_keeps_contacts_from_entering_when_they_should_is_found() {
        assertThat(check("""
                {"audience": {"interaction": {"type": "Purchase"}},
                 "schedule": {"start": "2026-12-01T08:00", "end": "2027-03-01T08:00"},
                 "reentry": {"policy": "recurring", "interval": "P1M", "count": 4, "duration": "P1D"},
                 "limits": {"perHour": 0, "perDay": -1, "total": 0, "weekdays": [], "hours": {"from": "09:00", "to": "09:00"},
                            "expiry": "PT0S"},
                 "start": "wait", "tiles": {"wait": {"type": "waitFor", "duration": "P1D", "next": null}}}
                """))
                .extracting(DocumentProblem::pointer, DocumentProblem::code)
                .contains(
                        tuple("/reentry/policy", "recurring-needs-segments"),
                        tuple("/reentry/count", "iterations-after-end"),
                        tuple("/reentry/duration", "unfitting-duration"),
                        tuple("/limits/perHour", "out-of-range"),
                        tuple("/limits/perDay", "out-of-range"),
                        tuple("/limits/total", "out-of-range"),
                        tuple("/limits/weekdays", "empty-window"),
                        tuple("/limits/hours", "empty-window"),
                        tuple("/limits/expiry", "missing-duration"));
    }

    @Test
    void a_tile_that_does_what_lets_in_may_go_round_for_ever() {
        var document = """
                {"audience": {"interaction": {"type": "Purchase"}}, "reentry": {"policy": "%s"}, "start": "buy",
                 "tiles": {"buy": {"type": "emit", "interaction": "Purchase", "next": null}}}
                """;

        assertThat(check(document.formatted("always")))
                .extracting(DocumentProblem::severity, DocumentProblem::tile, DocumentProblem::code)
                .contains(tuple(DocumentProblem.Severity.warning, "buy", "lets-in-again"));
        assertThat(check(document.formatted("never")))
                .extracting(DocumentProblem::code)
                .doesNotContain("lets-in-again");
    }

    @Test
    void a_recurrence_says_how_often_and_how_many_times() {
        assertThat(reentry("{\"policy\": \"recurring\"}"))
                .contains(tuple("/reentry/interval", "missing-interval"), tuple("/reentry/count", "missing-count"));
        assertThat(reentry("{\"policy\": \"recurring\", \"interval\": \"PT59M\", \"count\": 0}"))
                .contains(tuple("/reentry/interval", "interval-too-short"), tuple("/reentry/count", "out-of-range"));
        assertThat(reentry("{\"policy\": \"recurring\", \"interval\": \"P1Y\", \"count\": 1000}"))
                .contains(tuple("/reentry/count", "out-of-range"));
        assertThat(reentry("{\"policy\": \"never\", \"interval\": \"P1M\", \"count\": 5}"))
                .contains(tuple("/reentry/interval", "unfitting-interval"), tuple("/reentry/count", "unfitting-count"));
        assertThat(reentry("{\"policy\": \"recurring\", \"interval\": \"P7D\", \"count\": 1000}"))
                .extracting(each -> each.toList().getLast())
                .containsOnly("no-exit");
    }

    private List<Tuple> reentry(String reentry) {
        return check("""
                        {"audience": {"segments": ["lapsed"]}, "reentry": %s, "start": "wait",
                         "tiles": {"wait": {"type": "waitFor", "duration": "P1D", "next": null}}}
                        """.formatted(reentry)).stream()
                .map(problem -> tuple(problem.pointer(), problem.code()))
                .toList();
    }

    @Test
    void everything_that_is_wrong_is_said_at_once_with_where_it_is() {
        assertThat(check("""
                {"timeZone": "Europe/Belin", "audience": {"segments": ["lapst", "drafted"]}, "start": "remindd",
                 "exit": {"interactions": [{"type": "Purchas"}]},
                 "tiles": {
                   "remind": {"type": "email", "message": "later", "next": "wate"},
                   "wait": {"type": "waitUntil", "at": "2026-01-01T00:00", "next": "branch"},
                   "branch": {"type": "attributeBranch", "otherwise": "wait", "branches": [
                     {"name": "no", "when": "address.citty == 'Berlin'", "next": null},
                     {"name": "in", "when": "SEGMENT(drafted)", "next": null}]}}}
                """))
                .extracting(DocumentProblem::tile, DocumentProblem::pointer, DocumentProblem::code)
                .contains(
                        tuple(null, "/timeZone", "unknown-time-zone"),
                        tuple(null, "/audience/segments/0", "unknown-segment"),
                        tuple(null, "/audience/segments/1", "segment-not-live"),
                        tuple(null, "/start", "missing-tile"),
                        tuple(null, "/exit/interactions/0/type", "unknown-interaction-type"),
                        tuple("remind", "/tiles/remind/message", "message-not-live"),
                        tuple("remind", "/tiles/remind/next", "missing-tile"),
                        tuple("wait", "/tiles/wait/at", "date-in-the-past"),
                        tuple("branch", "/tiles/branch/branches/0/name", "reserved-name"),
                        tuple("branch", "/tiles/branch/branches/1/when", "segment-not-live"),
                        tuple("branch", "/tiles/branch/branches/0/when", "unknown-attribute"),
                        tuple("wait", "/tiles/wait", "cycle"));
    }

    @Test
    void a_path_comes_back_only_through_a_wait_that_says_how_often() {
        var journey = """
                {"audience": {"segments": ["lapsed"]}, "start": "remind", "tiles": {
                   "remind": {"type": "end"},
                   "loop": {"type": "attributeBranch", "otherwise": "wait",
                            "branches": [{"name": "a", "when": "firstName == 'x'", "next": "again"}]},
                   "again": {"type": "waitUntil", "time": "09:00", %s "next": "loop"},
                   "wait": {"type": "waitFor", "duration": "%s", %s "next": "loop"}}}
                """;

        assertThat(codes(journey.formatted("\"passes\": {\"most\": 3, \"then\": null},", "PT1M", """
                "passes": {"most": 1, "then": "remind"},""")))
                .doesNotContain("cycle", "wait-too-short");
        assertThat(codes(journey.formatted("", "PT1M", "\"passes\": {\"most\": 1, \"then\": null},")))
                .contains("cycle");
        assertThat(codes(journey.formatted(
                        "\"passes\": {\"most\": 3, \"then\": \"wait\"},",
                        "PT59S",
                        "\"passes\": {\"then\": \"again\"},")))
                .contains("cycle", "wait-too-short", "missing-most");
        assertThat(codes(journey.formatted(
                        "\"passes\": {\"most\": 3, \"then\": \"wait\"},", "PT1M", "\"passes\": {\"most\": 0},")))
                .contains("cycle", "out-of-range");
        assertThat(codes("""
                {"start": "wait", "tiles": {
                   "wait": {"type": "waitFor", "duration": "P1D", "passes": {"most": 1, "then": null}, "next": null}}}
                """)).contains("never-comes-again").doesNotContain("cycle");
    }

    @Test
    void a_branch_that_can_never_hold_is_an_error() {
        var journey = """
                {"audience": {"segments": ["lapsed"]}, "start": "opened", "tiles": {
                   "opened": {"type": "ifThen", "timeLimit": "%s", "since": "%s", "otherwise": "who", "branches": [
                     {"name": "a", "when": [{"interaction": {"type": "EmailOpened"%s}}, {"segment": "lapsed", "is": "member"}],
                      "next": "who"},
                     {"name": "b", "when": [{"segment": "lapsed", "is": "%s"}], "next": "who"}]},
                   "who": {"type": "attributeBranch", "otherwise": "remind", "branches": [
                     {"name": "a", "when": "age > 18", "next": null}, {"name": "b", "when": " age > %s", "next": null}]},
                   "remind": {"type": "email", "message": "we-miss-you", "next": null}}}
                """;

        assertThat(pointers(journey.formatted("PT0S", "run", "", "left", "21"))).isEmpty();
        assertThat(pointers(journey.formatted("P1D", "tile", "", "left", "21"))).isEmpty();
        assertThat(pointers(journey.formatted("PT0S", "tile", ", \"of\": \"remind\"", "member", "18")))
                .containsExactly(
                        "/tiles/opened/branches/0/when/0/interaction/of",
                        "/tiles/opened/branches/0/when/0",
                        "/tiles/opened/branches/1/when",
                        "/tiles/who/branches/1/when");
    }

    private List<String> pointers(String document) {
        return check(document).stream()
                .filter(problem -> problem.code().equals("never-holds"))
                .map(DocumentProblem::pointer)
                .toList();
    }

    private List<String> codes(String document) {
        return check(document).stream().map(DocumentProblem::code).toList();
    }

    @Test
    void a_test_says_what_is_tried_how_it_is_measured_and_when_it_ends() {
        assertThat(check("""
                {"audience": {"segments": ["lapsed"]}, "start": "a", "tiles": {
                   "a": {"type": "abTest", "metric": "goal", "end": {"confidence": 100}, "fallback": "y",
                         "variants": [{"name": "x", "share": 60, "subject": "Hi", "next": "b"}]},
                   "b": {"type": "abTest", "metric": "open", "end": {"whenSignificant": true, "confidence": 20, "atLeast": 0},
                         "variants": [{"name": "x", "share": 60, "subject": "{{ contact.nme }}", "from": "nobody", "next": "c"},
                                      {"name": "x", "share": 60.123}, {"share": 0, "message": "later"}, {"name": "no"}],
                         "sends": {"type": "email", "message": "we-mis-you", "channel": "fax", "next": "c"}},
                   "c": {"type": "abTest", "metric": "click", "end": {"after": "P1D"}, "fallback": "x",
                         "variants": [{"name": "x", "next": "d"}, {"name": "y", "next": "e"}]},
                   "d": {"type": "email", "message": "we-miss-you", "next": null},
                   "e": {"type": "abTest", "metric": "open", "end": {"after": "P1D"}, "fallback": "x",
                         "variants": [{"name": "x", "message": "we-miss-you"}, {"name": "y", "preheader": "Psst", "message": "short"}],
                         "sends": {"type": "text", "next": "f"}},
                   "f": {"type": "abTest", "variants": [{"name": "x"}, {"name": "y"}]}}}
                """))
                .extracting(DocumentProblem::pointer, DocumentProblem::code)
                .contains(
                        tuple("/tiles/a/variants", "too-few-variants"),
                        tuple("/tiles/a/variants", "shares-not-100"),
                        tuple("/tiles/a/variants/0", "message-or-path"),
                        tuple("/tiles/a/metric", "no-goal"),
                        tuple("/tiles/a/end", "missing-end"),
                        tuple("/tiles/a/fallback", "unknown-variant"),
                        tuple("/tiles/b/variants/0/next", "message-or-path"),
                        tuple("/tiles/b/variants/0/subject", "unknown-field"),
                        tuple("/tiles/b/variants/0/from", "invalid-address"),
                        tuple("/tiles/b/variants/1/name", "duplicate-name"),
                        tuple("/tiles/b/variants/1/share", "out-of-range"),
                        tuple("/tiles/b/variants/2/name", "missing-name"),
                        tuple("/tiles/b/variants/2/share", "out-of-range"),
                        tuple("/tiles/b/variants/2/message", "message-not-live"),
                        tuple("/tiles/b/variants/3/share", "missing-share"),
                        tuple("/tiles/b/sends/message", "unknown-message"),
                        tuple("/tiles/b/sends/channel", "wrong-channel"),
                        tuple("/tiles/b/sends/expiry", "no-expiry"),
                        tuple("/tiles/b/end/confidence", "out-of-range"),
                        tuple("/tiles/b/end/atLeast", "out-of-range"),
                        tuple("/tiles/b/end/after", "may-never-end"),
                        tuple("/tiles/b/fallback", "missing-fallback"),
                        tuple("/tiles/c/variants/1/next", "not-measured"),
                        tuple("/tiles/e/variants/0/message", "wrong-channel"),
                        tuple("/tiles/e/variants/1", "only-emails"),
                        tuple("/tiles/e/metric", "not-measured"),
                        tuple("/tiles/f/metric", "missing-metric"),
                        tuple("/tiles/f/end", "missing-end"),
                        tuple("/tiles/f/fallback", "missing-fallback"),
                        tuple("/tiles/f/variants/1", "same-variant"))
                .doesNotContain(
                        tuple("/tiles/c/variants/0/next", "not-measured"),
                        tuple("/tiles/e/sends/message", "missing-message"));
    }

    @Test
    void what_tiles_do_is_held_against_what_there_is() {
        assertThat(check("""
                {"audience": {"segments": ["lapsed"]}, "start": "split", "tiles": {
                   "split": {"type": "split", "branches": [
                     {"name": "a", "share": 60, "control": true, "next": "update"},
                     {"name": "b", "share": 30.123, "control": true, "next": null},
                     {"name": "c", "next": null}, {"name": "d", "count": 0, "next": null}]},
                   "update": {"type": "updateContact", "set": {"timeZone": "Mars", "externalId": "x"},
                              "increment": {"email": 1}, "next": "add"},
                   "add": {"type": "addToSegment", "segment": "drafted", "next": "emit"},
                   "emit": {"type": "emit", "interaction": "Nothing", "next": "start"},
                   "start": {"type": "startJourney", "journey": "nowhere", "next": "call"},
                   "call": {"type": "createTask", "user": "eva", "team": "sales", "text": "{{ contact.nme }}", "next": "flow"},
                   "flow": {"type": "callWorkflow", "taskQueue": "journeys", "otherwise": null,
                            "branches": [{"name": "failed", "next": null}]}}}
                """))
                .extracting(DocumentProblem::pointer, DocumentProblem::code)
                .contains(
                        tuple("/tiles/split/branches", "shares-not-100"),
                        tuple("/tiles/split/branches", "several-controls"),
                        tuple("/tiles/split/branches/1/share", "out-of-range"),
                        tuple("/tiles/split/branches/2", "share-or-count"),
                        tuple("/tiles/split/branches/3/count", "out-of-range"),
                        tuple("/tiles/update/set/timeZone", "invalid-time-zone"),
                        tuple("/tiles/update/set/externalId", "read-only"),
                        tuple("/tiles/update/increment/email", "not-a-number"),
                        tuple("/tiles/add/segment", "segment-not-live"),
                        tuple("/tiles/emit/interaction", "unknown-interaction-type"),
                        tuple("/tiles/start/journey", "unknown-journey"),
                        tuple("/tiles/call/team", "user-or-team"),
                        tuple("/tiles/call/subject", "missing-subject"),
                        tuple("/tiles/call/text", "unknown-field"),
                        tuple("/tiles/flow/workflow", "missing-workflow"),
                        tuple("/tiles/flow/taskQueue", "reserved-task-queue"),
                        tuple("/tiles/flow/branches", "not-waited-for"),
                        tuple("/tiles/flow/branches/0/results", "missing-results"),
                        tuple("/tiles/flow/branches/0/name", "reserved-name"));
    }

    @Test
    void pointers_are_escaped_and_a_moment_beyond_all_calendars_is_refused() {
        assertThat(check("""
                {"audience": {"segments": ["lapsed"]}, "start": "a/b", "tiles": {
                   "a/b": {"type": "waitUntil", "at": "+20000-01-01T00:00:00", "next": "gone"}}}
                """))
                .extracting(DocumentProblem::pointer, DocumentProblem::code)
                .contains(tuple("/tiles/a~1b/at", "out-of-range"), tuple("/tiles/a~1b/next", "missing-tile"));
    }

    @Test
    void a_wait_says_in_one_way_until_when_and_names_a_date() {
        assertThat(check("""
                {"audience": {"segments": ["lapsed"]}, "exit": {"interactions": [{"type": "Purchase"}]}, "start": "a", "tiles": {
                   "a": {"type": "waitUntil", "next": "b"},
                   "b": {"type": "waitUntil", "attribute": "renewl", "next": "c"},
                   "c": {"type": "waitUntil", "attribute": "age", "weekday": "friday", "next": "d"},
                   "d": {"type": "waitUntil", "at": "2027-01-01T00:00", "offset": "-P1D", "time": "09:00", "next": "e"},
                   "e": {"type": "waitUntil", "attribute": "renewal", "offset": "-P1D", "time": "09:00", "next": "f"},
                   "f": {"type": "waitUntil", "weekday": "monday", "time": "09:00", "next": null}}}
                """))
                .extracting(DocumentProblem::pointer, DocumentProblem::code)
                .containsExactlyInAnyOrder(
                        tuple("/tiles/a", "missing-moment"),
                        tuple("/tiles/b/attribute", "unknown-attribute"),
                        tuple("/tiles/c", "several-moments"),
                        tuple("/tiles/c/attribute", "wrong-type"),
                        tuple("/tiles/d", "several-moments"),
                        tuple("/tiles/d/offset", "unfitting-offset"));
    }

    @Test
    void a_journey_says_in_one_way_who_enters_and_how_often() {
        assertThat(check("""
                {"audience": {"segments": ["lapsed"], "interaction": {"type": "Purchas"}},
                 "reentry": {"policy": "after", "bindingKey": "cart"}, "exit": {"whenLeavingAudience": true},
                 "start": "a", "tiles": {"a": {"type": "end"}}}
                """))
                .extracting(DocumentProblem::pointer, DocumentProblem::code)
                .containsExactlyInAnyOrder(
                        tuple("/audience", "segments-or-interaction"),
                        tuple("/audience/interaction/type", "unknown-interaction-type"),
                        tuple("/exit/whenLeavingAudience", "no-audience-to-leave"),
                        tuple("/reentry/duration", "missing-duration"),
                        tuple("/reentry/bindingKey", "unfitting-bindingKey"));
        assertThat(check("""
                {"audience": {"segments": ["lapsed"]}, "reentry": {"policy": "always", "since": "end"},
                 "exit": {"interactions": [{"type": "Purchase"}]}, "start": "a", "tiles": {"a": {"type": "end"}}}
                """))
                .extracting(DocumentProblem::pointer, DocumentProblem::code)
                .containsExactlyInAnyOrder(
                        tuple("/reentry/policy", "always-needs-interaction"),
                        tuple("/reentry/since", "unfitting-since"));
    }

    @Test
    void a_schedule_ends_after_it_starts_and_not_in_the_past() {
        assertThat(check("{\"schedule\": {\"start\": \"2027-01-02T00:00\", \"end\": \"2027-01-01T00:00\"}}"))
                .extracting(DocumentProblem::pointer, DocumentProblem::code)
                .contains(tuple("/schedule/end", "end-before-start"));
        assertThat(check("{\"schedule\": {\"end\": \"2026-01-01T00:00\"}}"))
                .extracting(DocumentProblem::pointer, DocumentProblem::code)
                .contains(tuple("/schedule/end", "date-in-the-past"));
    }

    @Test
    void the_nearest_name_is_offered() {
        assertThat(check("{\"audience\": {\"segments\": [\"lapst\"]}}"))
                .anySatisfy(problem -> assertThat(problem.detail()).contains("did you mean `lapsed`?"));
    }

    @Test
    void an_empty_draft_lacks_an_audience_a_start_and_tiles() {
        assertThat(check("{}"))
                .filteredOn(problem -> problem.severity() == DocumentProblem.Severity.error)
                .extracting(DocumentProblem::code)
                .containsExactlyInAnyOrder("missing-audience", "missing-start", "missing-tiles");
    }

    @Test
    void ten_thousand_tiles_in_a_row_are_checked_without_falling_over() {
        var tiles = new StringBuilder();
        for (var each = 0; each < 10_000; each++) {
            tiles.append("\"t")
                    .append(each)
                    .append("\": {\"type\": \"waitFor\", \"duration\": \"PT1M\", \"next\": ")
                    .append(each == 9_999 ? "null" : "\"t" + (each + 1) + "\"")
                    .append(each == 9_999 ? "}" : "},");
        }

        assertThat(check("{\"audience\": {\"segments\": [\"lapsed\"]}, \"start\": \"t0\", \"tiles\": {" + tiles + "}}"))
                .noneMatch(problem -> problem.severity() == DocumentProblem.Severity.error);
    }

    private List<DocumentProblem> check(String document) {
        return check.check(JourneyWorld.document(document), names, NOW);
    }

    @Test
    void a_sending_tile_needs_a_message_and_a_channel_of_its_kind() {
        assertThat(check("""
                {"audience": {"segments": ["lapsed"]}, "start": "mail", "tiles": {
                   "mail": {"type": "email", "message": "short", "next": "text"},
                   "text": {"type": "text", "message": "short", "channel": "push", "next": "fax",
                            "sendWindow": {"days": [], "from": "09:00"}},
                   "fax": {"type": "text", "message": "short", "channel": "fax", "next": "lost",
                           "sendWindow": {"from": "09:00", "to": "09:00"}},
                   "lost": {"type": "text", "channel": "text-uk", "priority": "high", "next": null}}}
                """))
                .filteredOn(problem -> problem.severity() == DocumentProblem.Severity.error)
                .extracting(DocumentProblem::pointer, DocumentProblem::code)
                .containsExactlyInAnyOrder(
                        tuple("/tiles/mail/message", "wrong-channel"),
                        tuple("/tiles/text/channel", "wrong-channel"),
                        tuple("/tiles/text/sendWindow", "empty-window"),
                        tuple("/tiles/fax/channel", "no-sender"),
                        tuple("/tiles/fax/sendWindow", "empty-window"),
                        tuple("/tiles/lost/message", "missing-message"),
                        tuple("/tiles/lost/channel", "unknown-channel"));
    }

    @Test
    void a_message_that_speaks_of_an_interaction_is_held_against_the_one_that_lets_in() {
        var document = """
                {"audience": %s, "exit": {"interactions": [{"type": "Purchase"}]}, "start": "mail", "tiles": {
                   "mail": {"type": "email", "message": "we-miss-you", "expiry": "P1D", "next": null}}}
                """;
        var said = new JourneyCheck.Names(
                names.segmentStates(),
                names.messageStates(),
                names.messageChannels(),
                names.interactionTypes(),
                new ActingNames(
                        names.acting().contact(),
                        Set.of(),
                        Map.of(
                                "Purchase",
                                new InteractionType(
                                        (short) 1,
                                        "Purchase",
                                        false,
                                        Map.of("amount", Declaration.of(ValueType.NUMBER)))),
                        Map.of(),
                        names.acting().lead(),
                        Set.of()),
                Map.of("we-miss-you", Set.of("amount", "occurredAt", "colour")),
                TriggerFields.ANY);

        assertThat(check.check(
                        JourneyWorld.document(document.formatted("{\"interaction\": {\"type\": \"Purchase\"}}")),
                        said,
                        NOW))
                .singleElement()
                .satisfies(problem -> {
                    assertThat(problem.severity()).isEqualTo(DocumentProblem.Severity.error);
                    assertThat(problem.tile()).isEqualTo("mail");
                    assertThat(problem.pointer()).isEqualTo("/tiles/mail/message");
                    assertThat(problem.code()).isEqualTo("unknown-field");
                    assertThat(problem.detail()).contains("`trigger.colour`");
                });
        assertThat(check.check(JourneyWorld.document(document.formatted("{\"segments\": [\"lapsed\"]}")), said, NOW))
                .extracting(DocumentProblem::severity, DocumentProblem::code)
                .hasSize(3)
                .containsOnly(tuple(DocumentProblem.Severity.warning, "no-trigger"));
    }

    @Test
    void all_that_is_wrong_with_a_webhook_is_said_with_where_it_is() {
        assertThat(check("""
                {"audience": {"segments": ["lapsed"]}, "start": "one", "tiles": {
                   "one": {"type": "webhook", "method": "GET", "url": "ftp://example.com", "body": "{{ contact.fistName }}",
                           "headers": {"Host": "x", "a b": "y", "webhook-id": "z", "X-Tier": "{{ contact.tier }}"},
                           "next": "two"},
                   "two": {"type": "webhook", "url": "https://{{ contact.tier", "body": {"a/b": [1, "{{ run.id }}"]},
                           "next": "three"},
                   "three": {"type": "webhook", "next": null}}}
                """))
                .filteredOn(problem -> problem.severity() == DocumentProblem.Severity.error)
                .extracting(DocumentProblem::pointer, DocumentProblem::code)
                .containsExactlyInAnyOrder(
                        tuple("/tiles/one/url", "invalid-url"),
                        tuple("/tiles/one/body", "body-not-allowed"),
                        tuple("/tiles/one/body", "unknown-field"),
                        tuple("/tiles/one/headers/Host", "invalid-header"),
                        tuple("/tiles/one/headers/a b", "invalid-header"),
                        tuple("/tiles/one/headers/webhook-id", "invalid-header"),
                        tuple("/tiles/two/url", "syntax"),
                        tuple("/tiles/two/body/a~1b/1", "unknown-field"),
                        tuple("/tiles/three/url", "missing-url"));
    }
}
