package sojourn.app.interactions;

import static java.util.stream.Collectors.joining;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.platform.Transactions;
import sojourn.testing.Answer;
import sojourn.testing.App;

class InteractionsResourceTest {

    @RegisterExtension
    static final App app = new App();

    @BeforeEach
    void a_shop_and_its_contacts() {
        Transactions.use(app.jdbi(), handle -> {
            handle.execute("truncate interaction, interaction_seen, change, change_seen, contact restart identity");
            handle.execute("delete from interaction_type where not built_in");
            handle.execute("""
                    insert into contact (external_id, created_at, updated_at)
                    select no, now(), now() from generate_series(1, 100) no
                    """);
        });
        app.request("POST", "/v1/interaction-types", """
                {"key": "Purchase", "properties": {"amount": "number", "cds": "number", "shop": "text",
                 "size": {"type": "option", "options": ["S", "M"]}, "gift": "boolean", "day": "date"}}
                """).expect(201);
    }

    @Test
    void one_interaction_is_stored_with_word_of_it_and_its_repeat_is_harmless() {
        var order = """
                {"id": "order-981", "type": "Purchase", "contact": "external:42", "occurredAt": "2026-11-20T17:03:00Z",
                 "properties": {"amount": 29.33, "cds": 2, "shop": "Zürich", "size": "s"}}
                """;
        var again = """
                {"contact": "external:42", "properties": {"size": "s", "shop": "Zürich", "cds": 2.0, "amount": 29.330},
                 "occurredAt": "2026-11-20T18:03:00+01:00", "type": "Purchase", "id": "order-981"}
                """;

        assertThat(send(order).expect(200).body()).isEqualTo("""
                {"accepted":1,"duplicates":0,"rejected":[]}""");
        assertThat(send(again).expect(200).body()).isEqualTo("""
                {"accepted":0,"duplicates":1,"rejected":[]}""");

        assertThat(texts("""
                        select contact_id || ' ' || occurred_at || ' ' || properties || ' ' || folded
                        from interaction
                        """)).containsExactly("""
                42 2026-11-20 17:03:00+00 {"cds": 2, "shop": "Zürich", "size": "S", "amount": 29.33} \
                {"shop": "zürich", "size": "s"}""");
        assertThat(texts("select consumer || contact_ids::text || causes::text from change_seen"))
                .containsExactlyInAnyOrder("runs{42}{Purchase}", "segments{42}{Purchase}");
        assertThat(texts("select relname from pg_class where oid = (select tableoid from interaction)"))
                .containsExactly("interaction_2026_11");
    }

    @Test
    void the_same_id_with_other_content_is_refused_for_that_item_alone() {
        send(purchase("a", 1, "2026-11-20T17:03:00Z", 10)).expect(200);

        var answer = send("["
                        + purchase("b", 1, "2026-11-20T17:03:00Z", 10) + ","
                        + purchase("a", 1, "2026-11-20T17:03:00Z", 11) + ","
                        + purchase("a", 1, "2026-11-20T17:03:00Z", 10) + ","
                        + purchase("b", 2, "2026-11-20T17:03:00Z", 10) + "]")
                .expect(200)
                .json();

        assertThat(answer.get("accepted").intValue()).isEqualTo(1);
        assertThat(answer.get("duplicates").intValue()).isEqualTo(1);
        assertThat(rejections(answer)).containsExactly("1 a id-reused", "3 b id-reused");
        send(purchase("a", 1, "2026-11-20T17:03:00Z", 11)).expect(422);
    }

    @Test
    void an_id_that_was_forgotten_is_still_known_together_with_its_instant() {
        send(purchase("a", 1, "2026-06-20T17:03:00Z", 10)).expect(200);
        Transactions.use(app.jdbi(), handle -> handle.execute("truncate interaction_seen"));

        var answer = send("[" + purchase("a", 1, "2026-06-20T17:03:00Z", 11) + "]")
                .expect(200)
                .json();
        assertThat(rejections(answer)).containsExactly("0 a id-reused");

        answer = send(purchase("a", 1, "2026-06-20T17:03:00Z", 10)).expect(200).json();
        assertThat(answer.get("duplicates").intValue()).isEqualTo(1);
        assertThat(texts("select id from interaction")).containsExactly("a");
    }

    @Test
    void what_does_not_fit_is_refused_item_by_item_with_reasons() {
        var answer = send("""
                [{"id": "1", "type": "Purchas", "contact": "external:1"},
                 {"id": "2", "type": "Purchase", "contact": "external:999"},
                 {"id": "3", "type": "Purchase", "contact": "external:1", "properties": {"amont": 1}},
                 {"id": "4", "type": "Purchase", "contact": "external:1", "properties": {"amount": "1"}},
                 {"id": "5", "type": "Purchase", "contact": "external:1", "occurredAt": "2999-01-01T00:00:00Z"},
                 {"id": "6", "type": "Purchase", "contact": "external:1", "occurredAt": "yesterday"},
                 {"type": "Purchase", "contact": "external:1"},
                 {"id": "8", "type": "Purchase", "contact": "external:1", "when": 1},
                 {"id": "9", "type": "Purchase", "contact": "external:1", "properties": {"size": "XL"}},
                 {"id": "10\\u0000", "type": "Purchase", "contact": "external:1"},
                 {"id": "11", "type": "Purchase", "contact": "external:1", "properties": {"shop": "\\ud800"}},
                 {"id": "12", "type": "Purchase", "contact": "external:1", "properties": {"shop": {"a": [1, {"b": 2}]}}},
                 {"id": "13", "type": "Purchase", "contact": "external:1", "properties": {"amount": 1e999}},
                 {"id": "14", "type": "Purchase", "contact": "external:1", "occurredAt": "1899-01-01T00:00:00Z"},
                 7, null, [],
                 {"id": "good", "type": "Purchase", "contact": "external:1",
                  "properties": {"journey": "win-back", "gift": null, "shop": "", "day": "2026-02-28"}}]
                """).expect(200).json();

        assertThat(answer.get("accepted").intValue()).isEqualTo(1);
        assertThat(rejections(answer))
                .containsExactly(
                        "0 1 unknown-type",
                        "1 2 unknown-contact",
                        "2 3 unknown-property",
                        "3 4 wrong-type",
                        "4 5 in-the-future",
                        "5 6 wrong-type",
                        "6 null required",
                        "7 8 unknown-field",
                        "8 9 unknown-option",
                        "9 null invalid-text",
                        "10 11 invalid-text",
                        "11 12 wrong-type",
                        "12 13 out-of-range",
                        "13 14 out-of-range",
                        "14 null wrong-type",
                        "15 null wrong-type",
                        "16 null wrong-type");
        assertThat(answer.at("/rejected/2/detail").textValue()).contains("did you mean `amount`?");
        assertThat(texts("select properties || journey from interaction"))
                .containsExactly("{\"day\": \"2026-02-28\", \"journey\": \"win-back\"}win-back");
    }

    @Test
    void what_only_the_product_records_cannot_be_sent_and_facts_of_other_systems_can() {
        var run = "0193a7c2-5b7e-7cc0-9d52-0242ac120002";
        var answer = send("""
                [{"id": "1", "type": "JourneyEntered", "contact": "external:1", "properties": {"journey": "win-back"}},
                 {"id": "2", "type": "TileProcessed", "contact": "external:1"},
                 {"id": "3", "type": "EmailOpened", "contact": "external:1", "properties": {"journey": "win-back", "tile": "remind"}},
                 {"id": "4", "type": "TextClicked", "contact": "external:1", "properties": {"run": "%1$s"}},
                 {"id": "run/%1$s/begun", "type": "Purchase", "contact": "external:1"},
                 {"id": "delivery/%1$s/sent", "type": "Purchase", "contact": "external:1"},
                 {"id": "delivery/17/sent", "type": "EmailOpened", "contact": "external:1",
                  "properties": {"message": "newsletter", "journey": null}},
                 {"id": "8", "type": "EmailHardBounced", "contact": "external:1", "properties": {"reason": "unknown user"}},
                 {"id": "9", "type": "FormSubmitted", "contact": "external:1", "properties": {"form": "trial", "journey": "win-back"}},
                 {"id": "10", "type": "SubscriptionJoined", "contact": "external:1", "properties": {"topic": "news"}},
                 {"id": "11", "type": "EventCheckedIn", "contact": "external:1", "properties": {"event": "fair"}}]
                """.formatted(run)).expect(200).json();

        assertThat(rejections(answer))
                .containsExactly(
                        "0 1 reserved-type",
                        "1 2 reserved-type",
                        "2 3 reserved-property",
                        "3 4 reserved-property",
                        "4 run/" + run + "/begun reserved-id",
                        "5 delivery/" + run + "/sent reserved-id");
        assertThat(answer.at("/rejected/2/detail").textValue()).contains("/properties/journey", "/properties/tile");
        assertThat(answer.get("accepted").intValue()).isEqualTo(5);
    }

    @Test
    void a_lone_interaction_that_does_not_fit_is_a_problem_with_all_errors() {
        var problem = send("""
                {"id": "1", "type": "Purchase", "contact": "external:1", "colour": "red",
                 "properties": {"amont": 1, "cds": "2"}}
                """).expect(422).json();

        assertThat(problem.get("errors").findValuesAsText("pointer"))
                .containsExactly("/colour", "/properties/amont", "/properties/cds");
    }

    @Test
    void what_is_no_json_or_too_much_is_refused_as_a_whole() {
        send("").expect(400);
        send("{").expect(400);
        send("[{},").expect(400);
        send("{} {}").expect(400);
        send("[".repeat(5000)).expect(400);
        send("{\"id\": " + "1".repeat(5000) + "}").expect(400);
        send("[" + IntStream.rangeClosed(0, 1000).mapToObj(no -> "{}").collect(joining(",")) + "]")
                .expect(413);
        assertThat(send("[]").expect(200).json().get("accepted").intValue()).isZero();
    }

    @Test
    void a_stream_of_lines_is_stored_in_chunks() {
        var lines = new ArrayList<String>();
        lines.add("\uFEFF" + line("first", 1));
        lines.add("");
        lines.add("not json");
        lines.add(line("nobody", 999));
        IntStream.range(0, 4500).forEach(no -> lines.add(line("order-" + no, 1 + no % 100)));
        lines.add(line("order-17", 18) + "\r");
        lines.add("{\"id\": \"long\", \"type\": \"" + "x".repeat(3_000_000) + "\"}");
        lines.add(line("two", 1) + line("more", 1));
        lines.add(line("last", 1));

        var answer = stream(String.join("\n", lines)).expect(200).json();

        assertThat(answer.get("accepted").intValue()).isEqualTo(4502);
        assertThat(answer.get("duplicates").intValue()).isEqualTo(1);
        assertThat(answer.get("rejectedTotal").intValue()).isEqualTo(4);
        assertThat(rejections(answer))
                .containsExactly(
                        "1 null malformed-json",
                        "2 nobody unknown-contact",
                        "4504 null too-long",
                        "4505 null malformed-json");
        assertThat(texts("select count(*) from interaction")).containsExactly("4502");
    }

    @Test
    void a_table_says_the_same_as_json() {
        stream("""
                {"id": "a", "type": "Purchase", "contact": "external:1", "occurredAt": "2026-11-20T17:03:00Z", \
                "properties": {"amount": 29.33, "shop": "Zürich; Bahnhof", "size": "s", "gift": true, "day": "2026-11-24"}}
                {"id": "b", "type": "Purchase", "contact": "external:2", "occurredAt": "2026-11-20T17:03:00Z"}
                """).expect(200);

        var answer = table("""
                        \uFEFFid,type,contact,occurredAt,properties.amount,properties.shop,properties.size,properties.gift,properties.day
                        a,Purchase,external:1,2026-11-20T18:03:00+01:00,29.330,Zürich; Bahnhof,s,TRUE,2026-11-24
                        b,Purchase,external:2,2026-11-20T17:03:00Z,,,,,

                        c,Purchase,external:3,,1e2,"one
                        ""two""\",,,
                        """).expect(200).json();

        assertThat(answer.get("rejected")).isEmpty();
        assertThat(answer.get("duplicates").intValue()).isEqualTo(2);
        assertThat(answer.get("accepted").intValue()).isEqualTo(1);
        assertThat(texts("select contact_id || ' ' || properties from interaction where id = 'c'"))
                .containsExactly("3 {\"shop\": \"one\\n\\\"two\\\"\", \"amount\": 100}");
    }

    @Test
    void rows_of_a_table_that_do_not_fit_are_named_by_their_line() {
        var answer = table("""
                        id,type,contact,occurredAt,properties.amount,properties.gift,properties.colour
                        a,Purchase,external:1,2026-11-20T17:03:00Z,ten,perhaps,
                        b,Purchase,external:1,yesterday,"1
                        0",,
                        c,Purchase,external:1
                        ,Purchase,external:1,,,,
                        d,Purchases,external:1,,1,,
                        e,Purchase,external:999,,1,,
                        f,Purchase,external:1,,,,red
                        g,Purchase,external:1,,1,,
                        """).expect(200).json();

        assertThat(answer.get("accepted").intValue()).isEqualTo(1);
        assertThat(answer.get("rejectedTotal").intValue()).isEqualTo(7);
        var told = new ArrayList<String>();
        answer.get("rejected")
                .forEach(item -> told.add(item.get("index") + " " + item.get("line") + " "
                        + item.get("code").textValue()));
        assertThat(told)
                .containsExactly(
                        "0 2 wrong-type",
                        "1 3 wrong-type",
                        "2 5 wrong-cell-count",
                        "3 6 required",
                        "4 7 unknown-type",
                        "5 8 unknown-contact",
                        "6 9 unknown-property");
        assertThat(answer.at("/rejected/0/detail").textValue())
                .contains("/properties/amount: a number would fit", "/properties/gift: true or false would fit");
    }

    @Test
    void a_table_that_cannot_be_understood_is_refused_with_a_reason() {
        assertThat(table("").expect(422).body()).contains("required");
        assertThat(table("id,type\na,Purchase\n").expect(422).body()).contains("the column contact is needed");
        assertThat(table("id,type,contact,amount\n").expect(422).body()).contains("properties.amount");
        assertThat(table("id,type,contact,id\n").expect(422).body()).contains("duplicate");
        assertThat(table("id,type,contact\na,\"Purchase,external:1\n")
                        .expect(400)
                        .body())
                .contains("a quote is not closed");
        assertThat(texts("select id from interaction")).isEmpty();
    }

    @Test
    void a_stream_lists_a_thousand_rejections_and_counts_all() {
        var answer = stream("x\n".repeat(2500)).expect(200).json();

        assertThat(answer.get("rejected")).hasSize(1000);
        assertThat(answer.get("rejectedTotal").intValue()).isEqualTo(2500);
    }

    @Test
    void the_same_batch_replayed_ten_times_at_once_is_stored_once() throws Exception {
        var batch = IntStream.range(0, 3000)
                .mapToObj(no -> line("order-" + (no * 7919 % 3000), 1 + no % 100))
                .collect(joining("\n"));
        var senders = new ArrayList<Callable<JsonNode>>();
        for (var time = 0; time < 10; time++) {
            senders.add(() -> stream(batch).expect(200).json());
        }

        long accepted = 0;
        long duplicates = 0;
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var answer : threads.invokeAll(senders)) {
                accepted += answer.get().get("accepted").longValue();
                duplicates += answer.get().get("duplicates").longValue();
            }
        }

        assertThat(accepted).isEqualTo(3000);
        assertThat(duplicates).isEqualTo(27_000);
        assertThat(texts("select count(*) from interaction")).containsExactly("3000");
        assertThat(texts("""
                        select consumer || count(distinct contact)
                        from change_seen, unnest(contact_ids) contact group by consumer order by 1
                        """)).containsExactly("runs100", "segments100");
    }

    @Test
    void of_two_lines_of_a_stream_with_one_id_the_first_counts_however_far_apart_they_are() {
        var lines = new StringBuilder();
        for (var number = 0; number < 15_000; number++) {
            var id = number == 9_000 ? "far-3" : "far-" + number;
            lines.append(number == 9_000 ? line(id, 2) : line(id, 1)).append('\n');
        }

        var answer = stream(lines.toString()).expect(200).json();

        assertThat(answer.get("accepted").asInt()).isEqualTo(14_999);
        assertThat(rejections(answer)).containsExactly("9000 far-3 id-reused");
    }

    @Test
    void the_timeline_shows_the_newest_first_page_by_page() {
        send("[" + purchase("a", 1, "2026-11-20T17:03:00Z", 1) + "," + purchase("b", 1, "2026-11-21T17:03:00Z", 2) + ","
                        + purchase("c", 1, "2025-01-21T17:03:00.1234567Z", 3) + ","
                        + purchase("d", 2, "2026-11-21T17:03:00Z", 4) + "]")
                .expect(200);

        var first = app.request("GET", "/v1/contacts/external:1/timeline?limit=2")
                .expect(200)
                .json();
        var second = app.request(
                        "GET",
                        "/v1/contacts/external:1/timeline?limit=2&cursor="
                                + first.get("next").textValue())
                .expect(200)
                .json();

        assertThat(first.get("items").findValuesAsText("id")).containsExactly("b", "a");
        assertThat(second.get("items").findValuesAsText("id")).containsExactly("c");
        assertThat(second.get("next").isNull()).isTrue();
        assertThat(second.at("/items/0/occurredAt").textValue()).isEqualTo("2025-01-21T17:03:00.123456Z");
        app.request("GET", "/v1/contacts/external:none/timeline").expect(404);
        app.request("GET", "/v1/contacts/external:1/timeline?cursor=x").expect(422);
    }

    private static Answer send(String body) {
        return app.request("POST", "/v1/interactions", body);
    }

    private static Answer stream(String body) {
        return app.admin().with("Content-Type", "application/x-ndjson").request("POST", "/v1/interactions", body);
    }

    private static Answer table(String body) {
        return app.admin().with("Content-Type", "text/csv").request("POST", "/v1/interactions", body);
    }

    private static String line(String id, int contact) {
        return purchase(id, contact, "2026-11-20T17:03:00Z", 1).replace("\n", "");
    }

    private static String purchase(String id, int contact, String at, int amount) {
        return """
                {"id": "%s", "type": "Purchase", "contact": "external:%d", "occurredAt": "%s", "properties": {"amount": %d}}
                """.formatted(id, contact, at, amount);
    }

    private static List<String> rejections(JsonNode answer) {
        var rejections = new ArrayList<String>();
        answer.get("rejected")
                .forEach(item -> rejections.add(item.get("index").asText() + " "
                        + item.get("id").asText() + " " + item.get("code").asText()));
        return rejections;
    }

    private static List<String> texts(String sql) {
        return app.jdbi()
                .withHandle(handle -> handle.select(sql).mapTo(String.class).list());
    }
}
