package sojourn.app.interactions;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.Answer;
import sojourn.testing.App;
import sojourn.testing.Eventually;

/** Interactions of people whom nobody knows yet, and what becomes of them when somebody says who they are. */
class AnonymousIdsTest {

    @RegisterExtension
    static final App app = new App();

    private static final AtomicInteger NAMES = new AtomicInteger();

    private String ada = "";
    private String bob = "";
    private String device = "";

    @BeforeAll
    static void define() {
        app.request("POST", "/v1/interaction-types", Map.of("key", "Looked", "properties", Map.of("page", "text")))
                .expect(201);
        app.request("POST", "/v1/segments", """
                {"key": "lookers", "name": "Lookers", "kind": "dynamic", "query": "INTERACTION(Looked)"}
                """).expect(201);
        app.request("POST", "/v1/segments/lookers/go-live").expect(202);
    }

    @BeforeEach
    void two_contacts_and_a_device() {
        var name = NAMES.incrementAndGet();
        ada = "ada-" + name;
        bob = "bob-" + name;
        device = "device-" + name;
        put(ada);
        put(bob);
    }

    @Test
    void what_an_anonymous_id_did_is_the_contacts_once_somebody_says_so() {
        assertThat(look("1").get("accepted").intValue()).isEqualTo(1);
        assertThat(look("1").get("duplicates").intValue()).isEqualTo(1);
        assertThat(kept()).isEqualTo(1);
        assertThat(timeline(ada)).isEmpty();

        identify(ada, device);

        assertThat(timeline(ada)).containsExactly(id("1"));
        assertThat(kept()).isZero();
        Eventually.holds("the segment has her", () -> isMember(ada));
        assertThat(texts("""
                        select consumer || causes::text from change_seen
                        where contact_ids = array[%d::bigint] and 'Looked' = any(causes) order by 1
                        """.formatted(key(ada)))).containsExactly("runs{Looked}", "segments{Looked}");
        assertThat(look("1").get("duplicates").intValue()).isEqualTo(1);
        look("2");
        assertThat(timeline(ada)).containsExactlyInAnyOrder(id("1"), id("2"));
    }

    @Test
    void the_same_id_with_other_content_is_refused_whoever_it_is_of() {
        look("1");

        refused("{\"id\": \"%s\", \"type\": \"Looked\", \"anonymousId\": \"%s\"}".formatted(id("1"), device + "x"));
        refused("{\"id\": \"%s\", \"type\": \"Looked\", \"contact\": \"external:%s\"}".formatted(id("1"), ada));
        assertThat(kept()).isEqualTo(1);
    }

    @Test
    void an_id_that_was_forgotten_is_known_with_its_instant_also_when_it_comes_without_a_contact() {
        identify(ada, device);
        look("1");
        app.jdbi().useHandle(handle -> {
            handle.execute("delete from interaction_seen where id = ?", id("1"));
            handle.execute("delete from anonymous_link where anonymous_id = ?", device);
        });

        assertThat(look("1").get("duplicates").intValue()).isEqualTo(1);
        assertThat(kept()).isZero();
    }

    @Test
    void the_last_identify_call_decides_for_what_comes_after_it() {
        identify(ada, device);
        look("1");
        identify(bob, device);
        look("2");
        app.request("POST", "/v1/identify", Map.of("userId", ada)).expect(200);

        assertThat(timeline(ada)).containsExactly(id("1"));
        assertThat(timeline(bob)).containsExactly(id("2"));
    }

    @Test
    void a_contact_that_is_erased_is_nobodys_device_any_more() {
        identify(ada, device);
        app.request("DELETE", "/v1/contacts/external:" + ada).expect(204);

        look("1");

        assertThat(kept()).isEqualTo(1);
        assertThat(texts("select contact_id::text from anonymous_link where anonymous_id = '" + device + "'"))
                .isEmpty();
    }

    @Test
    void the_devices_of_a_contact_that_is_merged_are_the_winners() {
        identify(bob, device);
        app.request("POST", "/v1/contacts/external:" + ada + "/merge", Map.of("loser", "external:" + bob))
                .expect(200);

        look("1");

        assertThat(timeline(ada)).containsExactly(id("1"));
    }

    @Test
    void a_table_may_have_either_name_in_each_row() {
        var answer = app.admin()
                .with("Content-Type", "text/csv")
                .request("POST", "/v1/interactions", """
                id,type,contact,anonymousId
                %s,Looked,,%s
                %s,Looked,external:%s,
                %s,Looked,external:%s,%s
                %s,Looked,,
                """.formatted(
                                id("1"), device, id("2"), ada, id("3"), ada, device, id("4")))
                .expect(200)
                .json();

        assertThat(answer.get("accepted").intValue()).isEqualTo(2);
        assertThat(answer.get("rejected").findValuesAsText("code")).containsExactly("ambiguous", "required");
        assertThat(timeline(ada)).containsExactly(id("2"));
        assertThat(kept()).isEqualTo(1);
    }

    @Test
    void an_identify_call_that_breaks_off_has_done_nothing_and_is_done_by_its_repeat() {
        look("1");
        app.jdbi().useHandle(handle -> handle.execute("""
                create function refuse() returns trigger language plpgsql as $$begin raise 'down'; end$$;
                create trigger refuse before insert on change for each row execute function refuse();
                """));
        app.request("POST", "/v1/identify", Map.of("userId", ada, "anonymousId", device))
                .expect(500);
        app.jdbi().useHandle(handle -> handle.execute("drop trigger refuse on change; drop function refuse"));
        assertThat(kept()).isEqualTo(1);
        assertThat(timeline(ada)).isEmpty();

        identify(ada, device);
        identify(ada, device);

        assertThat(timeline(ada)).containsExactly(id("1"));
        Eventually.holds("the segment has her", () -> isMember(ada));
    }

    @Test
    void an_interaction_that_is_being_kept_when_the_identify_call_comes_is_the_contacts() {
        var sent = new CompletableFuture<JsonNode>();
        var identified = new CompletableFuture<Answer>();
        app.jdbi().useTransaction(handle -> {
            handle.execute("lock table interaction_seen in exclusive mode");
            inBackground(sent, () -> look("1"));
            Eventually.holds("the interaction waits", () -> waiting() == 1);
            inBackground(identified, () -> identify(ada, device));
            Eventually.holds("the call waits for it", () -> waiting() == 2);
        });

        assertThat(sent.join().get("accepted").intValue()).isEqualTo(1);
        identified.join();
        assertThat(timeline(ada)).containsExactly(id("1"));
        assertThat(kept()).isZero();
    }

    @Test
    void an_interaction_that_comes_while_the_identify_call_is_done_is_the_contacts() {
        var sent = new CompletableFuture<JsonNode>();
        var identified = new CompletableFuture<Answer>();
        app.jdbi().useTransaction(handle -> {
            handle.execute("lock table anonymous_link in exclusive mode");
            inBackground(identified, () -> identify(ada, device));
            Eventually.holds("the call is held", () -> waiting() == 1);
            inBackground(sent, () -> look("1"));
            Eventually.holds("the interaction waits for it", () -> waiting() == 2);
        });

        identified.join();
        assertThat(sent.join().get("accepted").intValue()).isEqualTo(1);
        assertThat(timeline(ada)).containsExactly(id("1"));
        assertThat(kept()).isZero();
    }

    @RepeatedTest(5)
    void nothing_falls_between_or_comes_twice_whatever_happens_at_once() throws Exception {
        var tasks = new ArrayList<Callable<Boolean>>();
        for (var thread = 0; thread < 4; thread++) {
            var from = thread * 20;
            tasks.add(() -> {
                for (var no = from; no < from + 20; no++) {
                    look(no % 2 == 0 ? "all-" + no : "all-" + (no - 1));
                }
                return true;
            });
        }
        tasks.add(() -> identify(ada, device) != null);
        tasks.add(() -> identify(bob, device) != null);
        tasks.add(() -> identify(ada, device) != null);

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var done : threads.invokeAll(tasks)) {
                assertThat(done.get()).isTrue();
            }
        }

        var all = new ArrayList<>(timeline(ada));
        all.addAll(timeline(bob));
        assertThat(all).doesNotHaveDuplicates().hasSize(40);
        assertThat(kept()).isZero();
        Eventually.holds(
                "the segment agrees",
                () -> isMember(ada) == !timeline(ada).isEmpty()
                        && isMember(bob) == !timeline(bob).isEmpty());
    }

    private static void put(String externalId) {
        app.request("PUT", "/v1/contacts/external:" + externalId, "{}").expect(201);
    }

    private JsonNode look(String id) {
        return app.request("POST", "/v1/interactions", """
                [{"id": "%s", "type": "Looked", "anonymousId": "%s", "occurredAt": "2026-11-01T10:00:00Z",
                  "properties": {"page": "home"}}]
                """.formatted(id(id), device))
                .expect(200)
                .json();
    }

    private static void refused(String interaction) {
        var problem =
                app.request("POST", "/v1/interactions", interaction).expect(422).json();
        assertThat(problem.at("/errors/0/code").textValue()).isEqualTo("id-reused");
    }

    private static Answer identify(String userId, String anonymousId) {
        return app.request("POST", "/v1/identify", Map.of("userId", userId, "anonymousId", anonymousId))
                .expect(200);
    }

    private String id(String id) {
        return id + "-" + device;
    }

    private int kept() {
        return Integer.parseInt(texts("""
                select count(*) from anonymous_interaction where anonymous_id like '%s%%'
                """.formatted(device)).getFirst());
    }

    private static List<String> timeline(String contact) {
        return app.request("GET", "/v1/contacts/external:" + contact + "/timeline")
                .expect(200)
                .json()
                .get("items")
                .findValuesAsText("id");
    }

    private static boolean isMember(String contact) {
        return !texts("""
                select 'x' from membership m join segment s on s.id = m.segment_id
                where s.key = 'lookers' and m.contact_id = %d
                """.formatted(key(contact))).isEmpty();
    }

    private static long key(String externalId) {
        return Long.parseLong(texts("select id::text from contact where external_id = '" + externalId + "'")
                .getFirst());
    }

    /** How many transactions wait for a lock, but for those that take word of changes. */
    private static int waiting() {
        return Integer.parseInt(texts("""
                select count(distinct pid) from pg_locks
                where not granted and not (locktype = 'advisory' and classid = 5301)
                """).getFirst());
    }

    private static List<String> texts(String sql) {
        return app.jdbi()
                .withHandle(handle -> handle.select(sql).mapTo(String.class).list());
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
}
