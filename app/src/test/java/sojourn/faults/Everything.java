package sojourn.faults;

import static org.assertj.core.api.Assertions.assertThat;

import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.worker.WorkerFactory;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.delivery.ScriptedProvider;
import sojourn.testing.Mailbox.Mail;

/**
 * A journey with every type of tile, which everybody walks from the first to the last, and what must have come of it: each
 * tile once a run, and what it does once.
 */
final class Everything implements AutoCloseable {

    private static final String PATH =
            "hello divide try nudge tap hook reward in grant onboard task meet call lead score"
                    + " wait until who clicked out bye";

    private final ScriptedProvider receiver = new ScriptedProvider();
    private final WorkflowServiceStubs temporal;
    private final WorkerFactory scoring;

    /** What somebody else's worker does. */
    @WorkflowInterface
    public interface ScoreContact {
        @WorkflowMethod(name = "ScoreContact")
        String score(Map<String, Object> contact);
    }

    /** Finds everybody good, and says by the started workflows how often it was asked. */
    public static final class Scoring implements ScoreContact {
        @Override
        public String score(Map<String, Object> contact) {
            return "good";
        }
    }

    Everything(String temporalAddress) {
        temporal = WorkflowServiceStubs.newServiceStubs(WorkflowServiceStubsOptions.newBuilder()
                .setTarget(temporalAddress)
                .validateAndBuildWithDefaults());
        scoring = WorkerFactory.newInstance(WorkflowClient.newInstance(
                temporal,
                WorkflowClientOptions.newBuilder().setNamespace("default").build()));
        scoring.newWorker("scoring").registerWorkflowImplementationTypes(Scoring.class);
        scoring.start();
    }

    void open(Outside outside) {
        outside.insist("PATCH", "/v1/profile-types/contact", """
                {"attributes": {"points": "number", "renewal": "date", "pushToken": "text"}}
                """);
        outside.insist("PATCH", "/v1/profile-types/lead", "{\"attributes\": {\"source\": \"text\"}}");
        outside.insist("POST", "/v1/interaction-types", """
                {"key": "PointsGranted", "properties": {"points": "number"}}
                """);
        outside.insist("POST", "/v1/segments", """
                {"key": "everybody", "kind": "dynamic", "query": "PROFILE(contact)"}
                """);
        outside.insist("POST", "/v1/segments/everybody/go-live", "");
        for (var segment : List.of("club", "nobody")) {
            outside.insist("POST", "/v1/segments", "{\"key\": \"" + segment + "\", \"kind\": \"static\"}");
        }
        for (var email : List.of("hello", "again")) {
            message(outside, email, "email", """
                    "from": "shop@example.com", "subject": "%s",
                    "html": "<p><a href=\\"https://shop.example.com/new\\">see what is new</a></p>"
                    """.formatted(email));
        }
        message(outside, "short", "text", "\"text\": \"Hi\"");
        message(outside, "here", "push", "\"title\": \"Here\", \"body\": \"It is here\"");
        live(
                outside,
                "second",
                "nobody",
                "\"start\": \"rest\", \"tiles\": {\"rest\": {\"type\": \"waitFor\","
                        + " \"duration\": \"PT1S\", \"next\": null}}");
        Shop.await(
                "the segment is live",
                () -> outside.insist("GET", "/v1/segments/everybody", "").contains("\"state\":\"live\""));
        live(outside, "everything", "everybody", """
                "start": "hello", "tiles": {
                  "hello": {"type": "email", "message": "hello", "next": "divide"},
                  "divide": {"type": "split", "branches": [
                    {"name": "few", "count": 7, "next": "try"}, {"name": "half", "share": 50, "next": "try"},
                    {"name": "rest", "share": 50, "control": true, "next": "try"}]},
                  "try": {"type": "abTest", "metric": "open", "end": {"after": "P7D"}, "fallback": "a",
                          "variants": [{"name": "a", "subject": "again, a"}, {"name": "b", "subject": "again, b"}],
                          "sends": {"type": "email", "message": "again", "next": "nudge"}},
                  "nudge": {"type": "text", "message": "short", "next": "tap"},
                  "tap": {"type": "push", "message": "here", "next": "hook"},
                  "hook": {"type": "webhook", "url": "%s/hooks", "next": "reward"},
                  "reward": {"type": "updateContact", "increment": {"points": 1}, "next": "in"},
                  "in": {"type": "addToSegment", "segment": "club", "next": "grant"},
                  "grant": {"type": "emit", "interaction": "PointsGranted", "properties": {"points": 1}, "next": "onboard"},
                  "onboard": {"type": "startJourney", "journey": "second", "wait": true, "next": "task"},
                  "task": {"type": "createTask", "team": "sales", "subject": "Look", "next": "meet"},
                  "meet": {"type": "createAppointment", "team": "sales", "subject": "Meet", "next": "call"},
                  "call": {"type": "createPhoneCall", "team": "sales", "subject": "Call", "next": "lead"},
                  "lead": {"type": "createLead", "attributes": {"source": "test"}, "next": "score"},
                  "score": {"type": "callWorkflow", "workflow": "ScoreContact", "taskQueue": "scoring", "wait": true,
                            "branches": [{"name": "good", "results": ["good"], "next": "wait"}], "failed": "lost",
                            "otherwise": "lost"},
                  "wait": {"type": "waitFor", "duration": "PT2S", "next": "until"},
                  "until": {"type": "waitUntil", "attribute": "renewal", "next": "who"},
                  "who": {"type": "attributeBranch", "otherwise": "lost",
                          "branches": [{"name": "rewarded", "when": "points == 1 AND SEGMENT(club)", "next": "clicked"}]},
                  "clicked": {"type": "ifThen", "timeLimit": "PT2S", "otherwise": "lost", "branches": [
                    {"name": "granted", "when": [{"interaction": {"type": "PointsGranted", "of": "grant"}}], "next": "out"}]},
                  "out": {"type": "removeFromSegment", "segment": "club", "next": "bye"},
                  "bye": {"type": "end", "outcome": "all of it"},
                  "lost": {"type": "end", "outcome": "lost"}}
                """.formatted(receiver.url()));
    }

    private static void message(Outside outside, String key, String channel, String content) {
        outside.insist("POST", "/v1/messages", """
                {"key": "%s", "channel": "%s", "purpose": "commercial", %s}
                """.formatted(key, channel, content));
        outside.insist("POST", "/v1/messages/" + key + "/go-live", "");
    }

    private static void live(Outside outside, String key, String audience, String rest) {
        outside.insist("POST", "/v1/journeys", """
                {"key": "%s", "document": {"timeZone": "UTC", "audience": {"segments": ["%s"]}, %s}}
                """.formatted(key, audience, rest));
        outside.insist("POST", "/v1/journeys/" + key + "/go-live", "");
    }

    static void person(Outside outside, int number) {
        outside.insist("PUT", "/v1/contacts/external:" + number, """
                {"externalId": "%d", "email": "%s", "phone": "+49 30 %d", "attributes": {"pushToken": "token-%d"}}
                """.formatted(
                        number, Crowd.address(number), 1_000_000 + number, number));
    }

    /** Every run is through, everything has happened once to everybody, and the figures say so. */
    void everythingHappenedOnce(Jdbi jdbi, int people, List<Mail> mails) {
        assertThat(rows(jdbi, """
                        select (select string_agg(v.tile, ' ' order by v.no) from tile_visit v where v.run_id = r.id)
                               || ': ' || r.status || ' ' || coalesce(r.outcome, r.reason, '')
                        from run r join journey j on j.id = r.journey_id where j.key = 'everything'
                        """)).hasSize(people).containsOnly(PATH + ": completed all of it");
        assertThat(rows(jdbi, """
                        select r.status from run r join journey j on j.id = r.journey_id where j.key = 'second'
                        """)).hasSize(people).containsOnly("completed");
        assertThat(rows(jdbi, "select attributes ->> 'points' from contact"))
                .hasSize(people)
                .containsOnly("1");
        assertThat(rows(
                        jdbi,
                        "select i.contact_id::text from interaction i join interaction_type t on t.id = i.type_id"
                                + " where t.key = 'PointsGranted'"))
                .hasSize(people)
                .doesNotHaveDuplicates();
        assertThat(rows(jdbi, "select kind || ' ' || contact_id from task"))
                .hasSize(3 * people)
                .doesNotHaveDuplicates();
        assertThat(rows(
                        jdbi,
                        "select 1::text from profile p join profile_type t on t.id = p.type_id where t.key = 'lead'"))
                .hasSize(people);
        assertThat(rows(jdbi, """
                        select m.contact_id::text from membership m join segment s on s.id = m.segment_id where s.key = 'club'
                        """)).isEmpty();
        assertThat(rows(jdbi, "select branch from tile_visit where tile = 'divide'"))
                .hasSize(people)
                .filteredOn("few"::equals)
                .hasSize(7);
        assertThat(rows(jdbi, "select contact_id::text from ab_assignment"))
                .hasSize(people)
                .doesNotHaveDuplicates();
        everythingWasSentOnce(jdbi, people, mails);
        assertThat(called()).isEqualTo(people);
    }

    private void everythingWasSentOnce(Jdbi jdbi, int people, List<Mail> mails) {
        assertThat(mails.stream()
                        .collect(Collectors.groupingBy(
                                mail -> mail.to() + mail.subject().charAt(0))))
                .allSatisfy((_, same) -> assertThat(same).hasSize(1));
        assertThat(rows(jdbi, "select run_id || ' ' || tile from delivery"))
                .hasSize(5 * people)
                .doesNotHaveDuplicates();
        assertThat(rows(jdbi, "select channel || ' ' || state from delivery where channel <> 'email'"))
                .isSubsetOf("text sent", "text unconfirmed", "push sent", "push unconfirmed", "webhook sent");
        assertThat(rows(jdbi, "select state from delivery where channel = 'email'"))
                .isSubsetOf("sent", "unconfirmed");
        assertThat(Set.copyOf(rows(jdbi, "select id::text from delivery where channel = 'webhook'")))
                .isEqualTo(receiver.requests.stream()
                        .map(request -> request.headers().get("webhook-id"))
                        .collect(Collectors.toSet()));
    }

    /** How many workflows of somebody else were started. */
    private long called() {
        return WorkflowClient.newInstance(temporal)
                .countWorkflows("WorkflowType = 'ScoreContact'")
                .getCount();
    }

    /** Of all journeys, by type of tile and event, what was recorded is what happened. */
    static void figuresAddUp(Jdbi jdbi) {
        var told = counts(jdbi, """
                select t.key || ' ' || i.journey || ' ' || i.tile as key, count(*) as value
                from interaction i join interaction_type t on t.id = i.type_id
                where t.key like 'Tile%' group by 1
                """);
        assertThat(told).isEqualTo(counts(jdbi, """
                with visit as (
                    select v.status, v.tile, j.key as journey
                    from tile_visit v join run r on r.id = v.run_id join journey j on j.id = r.journey_id)
                select 'TileEntered ' || journey || ' ' || tile as key, count(*) as value from visit group by 1
                union all
                select 'Tile' || initcap(status) || ' ' || journey || ' ' || tile, count(*) from visit group by 1
                """));
    }

    private static Map<String, Long> counts(Jdbi jdbi, String sql) {
        return jdbi.withHandle(handle ->
                handle.select(sql).map((row, _) -> Map.entry(row.getString(1), row.getLong(2))).stream()
                        .collect(Collectors.toMap(
                                Map.Entry::getKey, Map.Entry::getValue, Long::sum, ConcurrentHashMap::new)));
    }

    private static List<String> rows(Jdbi jdbi, String sql) {
        return jdbi.withHandle(handle -> handle.select(sql).mapTo(String.class).list());
    }

    @Override
    public void close() {
        scoring.shutdownNow();
        temporal.shutdownNow();
        receiver.close();
    }
}
