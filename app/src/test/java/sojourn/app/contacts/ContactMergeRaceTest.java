package sojourn.app.contacts;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.interactions.OwnInteractions;
import sojourn.app.interactions.OwnInteractions.Own;
import sojourn.testing.Answer;
import sojourn.testing.App;
import sojourn.testing.Eventually;

/** Merges beside whatever else is done to the same contacts; one side is held still by a lock that it needs. */
class ContactMergeRaceTest {

    /** The lock of contacts of whose changes word is being taken. */
    private static final String WORD = "locktype = 'advisory' and classid = 5301";

    @RegisterExtension
    static final App app = new App();

    private final Shop shop = new Shop(app);
    private String winner = "";
    private String loser = "";

    @BeforeAll
    static void define() {
        app.request("POST", "/v1/interaction-types", Map.of("key", "Purchase", "properties", Map.of()))
                .expect(201);
        app.request("POST", "/v1/segments", Map.of("key", "few", "name", "Few", "kind", "static"))
                .expect(201);
        app.request("POST", "/v1/segments", """
                {"key": "buyers", "name": "Buyers", "kind": "dynamic", "query": "INTERACTION(Purchase)"}
                """).expect(201);
        app.request("POST", "/v1/segments/buyers/go-live").expect(202);
        app.request("POST", "/v1/journeys", """
                {"key": "rest", "document": {"name": "Rest", "timeZone": "UTC", "audience": {"segments": ["few"]},
                 "start": "wait", "tiles": {"wait": {"type": "waitFor", "duration": "P9D", "next": null}}}}
                """).expect(201);
        app.request("POST", "/v1/journeys/rest/go-live").expect(202);
        Eventually.holds(
                "the journey is live",
                () -> app.request("GET", "/v1/journeys/rest")
                        .json()
                        .get("state")
                        .asText()
                        .equals("live"));
    }

    @BeforeEach
    void two_are_there() {
        var name = UUID.randomUUID().toString().substring(24);
        winner = "w-" + name;
        loser = "l-" + name;
        shop.put(path(winner), "{}");
        shop.put(path(loser), "{}");
    }

    @Test
    void an_interaction_that_is_being_stored_when_the_merge_comes_is_the_winners() {
        var merge = new CompletableFuture<Answer>();
        var sent = new CompletableFuture<Answer>();
        holding("lock table interaction_seen in exclusive mode", _ -> {
            inBackground(sent, () -> purchase("p-" + loser, loser));
            Eventually.holds("the interaction waits", () -> waiting() == 1);
            inBackground(merge, () -> merge(winner, loser));
            Eventually.holds("the merge waits for it", () -> waiting() == 2);
        });

        assertThat(sent.join().expect(200).json().get("accepted").asInt()).isEqualTo(1);
        merge.join().expect(200);
        assertThat(timeline(winner)).containsExactly("p-" + loser);
    }

    @Test
    void an_interaction_that_comes_while_the_merge_is_under_way_is_the_winners() {
        var merge = new CompletableFuture<Answer>();
        var sent = new CompletableFuture<Answer>();
        holding("lock table consent in exclusive mode", _ -> {
            inBackground(merge, () -> merge(winner, loser));
            Eventually.holds("the merge is held", () -> waiting() == 1);
            inBackground(sent, () -> purchase("p-" + loser, loser));
            Eventually.holds("the interaction waits for it", () -> waiting() == 2);
        });

        merge.join().expect(200);
        assertThat(sent.join().expect(200).json().get("accepted").asInt()).isEqualTo(1);
        assertThat(timeline(winner)).containsExactly("p-" + loser);
    }

    @Test
    void a_contact_of_the_losers_external_id_is_not_made_anew_while_the_merge_is_under_way() {
        var merge = new CompletableFuture<Answer>();
        var put = new CompletableFuture<Answer>();
        holding("lock table consent in exclusive mode", _ -> {
            inBackground(merge, () -> merge(winner, loser));
            Eventually.holds("the merge is held", () -> waiting() == 1);
            inBackground(put, () -> app.request("PUT", path(loser), "{\"firstName\": \"Ada\"}"));
            Eventually.holds("the upsert waits for it", () -> waiting() == 2);
        });

        merge.join().expect(200);
        put.join().expect(200);
        assertThat(shop.get(path(winner)).get("firstName").asText()).isEqualTo("Ada");
    }

    @Test
    void rows_that_are_imported_while_the_merge_is_under_way_are_the_winners() {
        var merge = new CompletableFuture<Answer>();
        var jobs = new ArrayList<String>();
        holding("lock table consent in exclusive mode", _ -> {
            inBackground(merge, () -> merge(winner, loser));
            Eventually.holds("the merge is held", () -> waiting() == 1);
            jobs.add(imports("contacts", "externalId,firstName\nx%1$s,Xenia\n%1$s,Ada\n".formatted(loser)));
            jobs.add(imports("profiles/lead", "externalId,contact\nlead-%1$s,%1$s\n".formatted(loser)));
            Eventually.holds("the imports wait for it", () -> waiting() == 3);
        });

        merge.join().expect(200);
        jobs.forEach(job -> Eventually.holds("it is imported", () -> succeeded(job)));
        assertThat(shop.get(path(winner)).get("firstName").asText()).isEqualTo("Ada");
        assertThat(shop.get(path("x" + loser)).get("firstName").asText()).isEqualTo("Xenia");
        assertThat(number("select count(*) from contact where external_id = '" + loser + "'"))
                .isZero();
        assertThat(leadOf(loser)).isEqualTo(winner);
    }

    @Test
    void rows_that_are_being_imported_when_the_merge_comes_are_the_winners() {
        var other = "a" + loser;
        shop.put(path(other), "{}");
        var merge = new CompletableFuture<Answer>();
        var jobs = new ArrayList<String>();
        holding("select from contact where id = " + id(other) + " for update", _ -> {
            jobs.add(imports("contacts", "externalId,firstName\n%2$s,Anna\n%1$s,Ada\n".formatted(loser, other)));
            Eventually.holds("the import is held", () -> waiting() == 1);
            inBackground(merge, () -> merge(winner, loser));
            Eventually.holds("the merge waits for it", () -> waiting() == 2);
        });

        merge.join().expect(200);
        jobs.forEach(job -> Eventually.holds("it is imported", () -> succeeded(job)));
        assertThat(shop.get(path(winner)).get("firstName").asText()).isEqualTo("Ada");
        assertThat(shop.get(path(other)).get("firstName").asText()).isEqualTo("Anna");
    }

    /** Whoever holds records and waits for an erasure, which may need these records, would wait for ever. */
    @Test
    void whoever_writes_records_holds_none_while_an_erasure_is_under_way() throws Exception {
        var lead = "/v1/profiles/lead/external:lead-" + loser;
        var deal = "/v1/profiles/opportunity/external:deal-" + loser;
        app.request("PATCH", path(loser), Map.of("email", loser + "@example.com"))
                .expect(200);
        shop.put(lead, "{\"attributes\": {\"email\": \"%s@example.com\"}}".formatted(loser));
        shop.put(deal, "{\"attributes\": {\"contact\": \"%s\"}}".formatted(loser));
        shop.put("/v1/profiles/marketing_list/external:list-" + loser, "{}");
        var erased = new CompletableFuture<Answer>();
        var written = new ArrayList<CompletableFuture<Answer>>();
        holding("lock table consent in exclusive mode", _ -> {
            inBackground(erased, () -> app.request("DELETE", path(loser)));
            Eventually.holds("the erasure is held", () -> waiting() == 1);
            for (var write : List.<Callable<Answer>>of(
                    () -> app.request(
                            "PATCH", lead, "{\"attributes\": {\"email\": \"%s@EXAMPLE.com\"}}".formatted(loser)),
                    () -> app.request("PATCH", deal, "{\"attributes\": {\"contact\": \"%s\"}}".formatted(loser)),
                    () -> app.request("DELETE", deal),
                    () -> app.request(
                            "PUT",
                            "/v1/relationships/contact_marketing_list/links/external:" + loser + "/external:list-"
                                    + loser))) {
                var answer = new CompletableFuture<Answer>();
                inBackground(answer, write);
                written.add(answer);
            }
            imports("profiles/lead", "externalId,email\nlead-%1$s,%1$s@example.com\n".formatted(loser));
            Eventually.holds("all wait", () -> waiting() == 6);

            assertThat(number("""
                    select count(*) from pg_locks
                    where granted and (relation in ('profile'::regclass, 'link'::regclass)
                                       or locktype = 'advisory' and objid = 7305003)
                      and pid in (select pid from pg_locks where not granted and locktype = 'advisory')
                    """)).isZero();
        });

        erased.join().expect(204);
        assertThat(written.stream().map(CompletableFuture::join).map(Answer::status))
                .as("lead, deal, its deletion, link")
                .allSatisfy(status -> assertThat(status).isLessThan(500));
    }

    private static String imports(String what, String table) {
        return app.admin()
                .with("Content-Type", "text/csv")
                .request("POST", "/v1/" + what + "/import", table)
                .expect(202)
                .header("Location");
    }

    private boolean succeeded(String job) {
        return shop.get(job).get("state").asText().equals("succeeded");
    }

    private String leadOf(String contact) {
        return shop.get("/v1/profiles/lead/external:lead-" + contact)
                .at("/attributes/contact")
                .asText();
    }

    @Test
    void what_the_product_records_of_the_loser_follows_however_late_it_is_committed() {
        var own = new OwnInteractions(new Changes(), Instant::now);
        var id = id(loser);
        holding("select 1", handle -> {
            own.record(handle, List.of(new Own("late-" + loser, id, "TaskCompleted", Instant.now(), Map.of())));
            merge(winner, loser).expect(200);
            assertThat(timeline(winner)).isEmpty();
        });
        Eventually.holds("it is the winner's", () -> timeline(winner).equals(List.of("late-" + loser)));
    }

    @Test
    void what_is_committed_between_the_merges_look_and_its_commit_follows() {
        var own = new OwnInteractions(new Changes(), Instant::now);
        var id = id(loser);
        var merge = new CompletableFuture<Answer>();
        holding("lock table consent in exclusive mode", _ -> {
            inBackground(merge, () -> merge(winner, loser));
            Eventually.holds("the merge is held behind the interactions", () -> waiting() == 1);
            // In a thread, and so a transaction, of its own.
            var late = List.of(new Own("late-" + loser, id, "TaskCompleted", Instant.now(), Map.of()));
            CompletableFuture.runAsync(() -> app.jdbi().useTransaction(handle -> own.record(handle, late)))
                    .join();
            // Whoever takes word of it waits for the merge, too.
            Eventually.holds(
                    "the word waits", () -> number("select count(*) from pg_locks where not granted and " + WORD) > 0);
        });

        merge.join().expect(200);
        Eventually.holds("it is the winner's", () -> timeline(winner).equals(List.of("late-" + loser)));
    }

    @Test
    void a_run_that_is_being_made_for_the_loser_stops_at_its_first_look() {
        var entered = new CompletableFuture<Answer>();
        var id = id(loser);
        app.jdbi().useHandle(handle -> {
            handle.begin();
            handle.execute("""
                    insert into journey_contact (journey_id, contact_id, last_run, entered_at)
                    select id, ?, 1, now() from journey where key = 'rest'
                    """, id);
            inBackground(
                    entered,
                    () -> app.request("POST", "/v1/journeys/rest/enter", Map.of("contact", "external:" + loser)));
            Eventually.holds("the entry waits", () -> waiting() == 1);
            merge(winner, loser).expect(200);
            handle.rollback();
        });

        var run = entered.join().expect(201).json().get("id").asText();
        Eventually.holds(
                "it stops",
                () -> shop.get("/v1/runs/" + run).get("status").asText().equals("stopped"));
        assertThat(shop.get("/v1/runs/" + run).get("reason").asText()).isEqualTo("contact-merged");
        Eventually.holds("its facts are the winner's", () -> number("""
                select coalesce(sum((i.properties ->> 'delta')::int), 9) from interaction i
                where i.contact_id = %d and i.journey = 'rest'
                """.formatted(id(winner))) == 0);
        app.request("POST", "/v1/journeys/rest/enter", Map.of("contact", "external:" + winner))
                .expect(409);
    }

    @RepeatedTest(5)
    void of_two_merges_of_the_same_two_at_once_one_is_done() throws Exception {
        var answers = Shop.atOnce(List.<Callable<Integer>>of(
                () -> merge(winner, loser).status(), () -> merge(loser, winner).status()));

        assertThat(answers).containsExactlyInAnyOrder(200, 422);
        assertThat(id(winner)).isEqualTo(id(loser));
    }

    @RepeatedTest(3)
    void nothing_is_lost_or_doubled_whatever_happens_at_once() throws Exception {
        var names = IntStream.range(0, 8).mapToObj(no -> no + loser).toList();
        names.forEach(name -> shop.put(path(name), "{}"));
        var ids = new AtomicInteger();
        var tasks = new ArrayList<Callable<List<String>>>();
        for (var thread = 0; thread < 6; thread++) {
            var random = new Random(thread);
            tasks.add(() -> {
                var accepted = new ArrayList<String>();
                for (var step = 0; step < 25; step++) {
                    var name = names.get(random.nextInt(names.size()));
                    var other = names.get(random.nextInt(names.size()));
                    switch (random.nextInt(6)) {
                        case 0 -> assertThat(merge(name, other).status()).isIn(200, 422);
                        case 1 ->
                            app.request("PUT", path(name), "{\"firstName\": \"" + step + "\"}")
                                    .expect(200);
                        case 2 ->
                            app.request("POST", "/v1/segments/few/members", Map.of("add", List.of("external:" + name)))
                                    .expect(200);
                        case 3 ->
                            app.request(
                                            "PUT",
                                            "/v1/profiles/lead/external:lead-" + other,
                                            "{\"attributes\": {\"contact\": \"" + name + "\"}}")
                                    .json();
                        default -> {
                            var id = "r" + ids.incrementAndGet() + loser;
                            purchase(id, name).expect(200);
                            accepted.add(id);
                        }
                    }
                }
                return accepted;
            });
        }

        var accepted = Shop.atOnce(tasks).stream().flatMap(List::stream).toList();

        Eventually.holds("changes are applied", () -> number("select count(*) from change") == 0);
        var all = names.stream().distinct().map(this::id).distinct().toList();
        var stored = all.stream()
                .flatMap(id ->
                        shop
                                .texts("select id from interaction where id not like 'run/%' and contact_id = " + id)
                                .stream())
                .toList();
        assertThat(stored).containsExactlyInAnyOrderElementsOf(accepted);
        for (var table : List.of("interaction", "membership", "segment_override")) {
            Eventually.holds(
                    "none of a merged one: " + table,
                    () -> number("select count(*) from " + table
                                    + " t join contact c on c.id = t.contact_id where c.state = 'erased'")
                            == 0);
        }
        assertThat(number("""
                select count(*) from link l join relationship r on r.id = l.relationship_id
                join contact c on c.id = l.to_id where r.to_type = 'contact' and c.state = 'erased'
                """)).isZero();
        assertThat(number("""
                select count(*) from contact_alias a left join contact c on c.id = a.contact_id and c.state <> 'erased'
                where c.id is null
                """)).isZero();
        assertThat(number("""
                select count(*) from profile p join link l on l.from_id = p.id join relationship r on r.id = l.relationship_id
                join contact c on c.id = l.to_id
                where r.key = 'lead_contact' and c.external_id <> p.attributes ->> 'contact'
                """)).isZero();
        Eventually.holds("segments agree", () -> number("""
                select count(*) from contact c
                where exists (select from interaction i join interaction_type t on t.id = i.type_id
                              where t.key = 'Purchase' and i.contact_id = c.id)
                   <> exists (select from membership m join segment s on s.id = m.segment_id
                              where s.key = 'buyers' and m.contact_id = c.id)
                """) == 0);
    }

    private static void holding(String lock, Consumer<Handle> meanwhile) {
        app.jdbi().useTransaction(handle -> {
            handle.execute(lock);
            meanwhile.accept(handle);
        });
    }

    private static <T> void inBackground(CompletableFuture<T> result, Callable<T> task) {
        Thread.ofVirtual().start(() -> {
            try {
                result.complete(task.call());
            } catch (Exception failure) {
                result.completeExceptionally(failure);
            }
        });
    }

    /** How many transactions wait for a lock, but for those that take word of changes. */
    private static int waiting() {
        return number("select count(distinct pid) from pg_locks where not granted and not (" + WORD + ")");
    }

    private static String path(String externalId) {
        return "/v1/contacts/external:" + externalId;
    }

    private static Answer merge(String winner, String loser) {
        return app.request("POST", path(winner) + "/merge", Map.of("loser", "external:" + loser));
    }

    private static Answer purchase(String id, String contact) {
        return app.request("POST", "/v1/interactions", """
                {"id": "%s", "type": "Purchase", "contact": "external:%s", "occurredAt": "2026-11-01T10:00:00Z"}
                """.formatted(id, contact));
    }

    private List<String> timeline(String contact) {
        return shop.get(path(contact) + "/timeline").get("items").findValuesAsText("id");
    }

    private long id(String name) {
        return app.jdbi()
                .withHandle(handle -> new Contacts().resolve(handle, "external:" + name))
                .orElseThrow();
    }

    private static int number(String sql) {
        return app.jdbi()
                .withHandle(handle -> handle.select(sql).mapTo(Integer.class).one());
    }
}
