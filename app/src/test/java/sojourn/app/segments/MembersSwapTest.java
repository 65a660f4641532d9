package sojourn.app.segments;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.Answer;
import sojourn.testing.App;
import sojourn.testing.Eventually;

/** What is done to contacts while the members of a segment are replaced, after it was decided who joins. */
class MembersSwapTest {

    private static final int SWAP = 4711;

    @RegisterExtension
    static final App app = new App();

    private String key = "";

    @BeforeAll
    static void letLargeSwapsBeHeld() {
        app.jdbi().useHandle(handle -> {
            handle.execute("""
                    create function hold() returns trigger language plpgsql as
                    $$begin perform pg_advisory_xact_lock_shared(%d); return new; end$$
                    """.formatted(SWAP));
            handle.execute("""
                    create trigger hold before insert on membership_change for each row
                    when (cardinality(new.joined) > 2) execute function hold()
                    """);
        });
    }

    @BeforeEach
    void newSegment() {
        key = "s" + UUID.randomUUID().toString().replace("-", "");
        for (var number = 0; number < 9; number++) {
            app.request("PUT", contact(number), "{}").expect(201);
        }
        app.request("POST", "/v1/segments", Map.of("key", key, "kind", "static", "external", Map.of("source", "crm")))
                .expect(201);
    }

    @Test
    void an_erasure_waits_for_nobody_and_the_erased_is_no_member_afterwards() throws Exception {
        var byHand = new CompletableFuture<Answer>();
        var job = replaceWhile(1, 5, () -> {
            // Whoever waits for the segment holds nobody off either.
            byHand.completeAsync(() -> app.request(
                    "POST", "/v1/segments/" + key + "/members", Map.of("add", List.of("external:" + key + 1))));
            Eventually.holds(() -> number("select count(*) from pg_locks where not granted") > 1);

            var erased = app.request("DELETE", contact(1)).expect(204);
            var written = app.request("PUT", contact(6), "{\"firstName\": \"Ada\"}");

            assertThat(erased.took()).isLessThan(Answer.SOON);
            assertThat(written.expect(200).took()).isLessThan(Answer.SOON);
            Eventually.holds(() -> number("select count(*) from change") == 0);
        });

        assertThat(app.request("GET", job).json().at("/result/joined").asInt()).isEqualTo(5);
        byHand.join().expect(409);
        Eventually.holds(() -> members().equals(named(2, 3, 4, 5)));
    }

    @Test
    void of_two_who_are_merged_meanwhile_the_winner_is_a_member() throws Exception {
        replaceWhile(1, 5, () -> {
            assertThat(merge(7, 1).took()).isLessThan(Answer.SOON);
            Eventually.holds(() -> number("select count(*) from change") == 0);
        });

        Eventually.holds(() -> members().equals(named(2, 3, 4, 5, 7)));
        assertThat(losers()).isZero();
    }

    @Test
    void of_two_who_are_merged_meanwhile_the_winner_takes_the_place_that_the_loser_had() throws Exception {
        replaceWhile(1, 2, () -> {});
        replaceWhile(1, 5, () -> {
            assertThat(merge(7, 1).took()).isLessThan(Answer.SOON);
        });

        Eventually.holds(() -> members().equals(named(2, 3, 4, 5, 7)));
        Eventually.holds(() -> losers() == 0);
    }

    @Test
    void an_export_that_begins_meanwhile_has_the_members_of_before_to_its_end() throws Exception {
        replaceWhile(1, 2, () -> {});
        replaceWhile(3, 7, () -> assertThat(exported()).isEqualTo(named(1, 2)));

        assertThat(exported()).isEqualTo(named(3, 4, 5, 6, 7));
    }

    private List<String> exported() {
        return app.admin()
                .with("Accept", "text/csv")
                .request("GET", "/v1/segments/" + key + "/members/export")
                .expect(200)
                .body()
                .lines()
                .skip(1)
                .map(line -> line.split(",", -1)[1])
                .toList();
    }

    @FunctionalInterface
    private interface Meanwhile {
        void happens() throws Exception;
    }

    /** Replaces the members; holds the swap, when it is large enough, until something has happened. */
    private String replaceWhile(int from, int to, Meanwhile meanwhile) throws Exception {
        var table = IntStream.rangeClosed(from, to).mapToObj(no -> key + no).collect(joining("\n", "externalId\n", ""));
        try (Handle holder = app.jdbi().open()) {
            holder.begin();
            holder.execute("select pg_advisory_xact_lock(?)", SWAP);
            var job = "/v1/jobs/"
                    + app.admin()
                            .with("Content-Type", "text/csv")
                            .request("PUT", "/v1/segments/" + key + "/members/external", table)
                            .expect(202)
                            .json()
                            .path("id")
                            .asText();
            if (to - from > 1) {
                Eventually.holds(() -> number("""
                        select count(*) from pg_locks where not granted and locktype = 'advisory' and objid = %d
                        """.formatted(SWAP)) == 1);
            }
            meanwhile.happens();
            holder.rollback();
            Eventually.holds(
                    () -> app.request("GET", job).json().path("state").asText().equals("succeeded"));
            return job;
        }
    }

    private Answer merge(int winner, int loser) {
        return app.request("POST", contact(winner) + "/merge", Map.of("loser", "external:" + key + loser))
                .expect(200);
    }

    private String contact(int number) {
        return "/v1/contacts/external:" + key + number;
    }

    private List<String> named(int... numbers) {
        return IntStream.of(numbers).mapToObj(number -> key + number).toList();
    }

    private List<String> members() {
        return app.request("GET", "/v1/segments/" + key + "/members")
                .json()
                .path("items")
                .findValuesAsText("externalId");
    }

    private static int losers() {
        return number(
                "select count(*) from membership m join contact c on c.id = m.contact_id where c.state = 'erased'");
    }

    private static int number(String sql) {
        return app.jdbi()
                .withHandle(
                        handle -> handle.createQuery(sql).mapTo(Integer.class).one());
    }
}
