package sojourn.app.segments;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.platform.CsvTable;
import sojourn.app.platform.Json;
import sojourn.app.security.ApiKeys;
import sojourn.app.security.Role;
import sojourn.testing.App;

class SegmentMembersTest {

    @RegisterExtension
    static final App app = new App();

    private String key = "";

    @BeforeEach
    void newSegment() {
        key = "s" + UUID.randomUUID().toString().replace("-", "");
        app.request("POST", "/v1/segments", Map.of("key", key, "kind", "static", "timeZone", "Europe/Berlin"))
                .expect(201);
    }

    private void contact(String name, Map<String, Object> fields) {
        app.request("PUT", "/v1/contacts/external:" + key + name, fields).expect(201);
    }

    private void join(String... names) {
        var add = List.of(names).stream().map(name -> "external:" + key + name).toList();
        app.request("POST", "/v1/segments/" + key + "/members", Map.of("add", add))
                .expect(200);
    }

    private List<String> found(String query) {
        return app
                .request("GET", "/v1/segments/" + key + "/members?" + query)
                .expect(200)
                .json()
                .path("items")
                .findValuesAsText("externalId")
                .stream()
                .map(id -> id.substring(key.length()))
                .toList();
    }

    @Test
    void members_are_found_by_the_beginning_of_id_name_and_email_whatever_the_case() {
        contact("a", Map.of("firstName", "Ada", "lastName", "Byron", "email", "ada@example.com"));
        contact("b", Map.of("firstName", "Bob", "lastName", "ADAMS", "email", "bob@example.com"));
        contact("c", Map.of("firstName", "\u00c9lodie", "email", "ada2@example.com"));
        join("a", "b", "c");

        assertThat(found("q=ADA")).containsExactly("a", "b", "c");
        assertThat(found("q=ada%20by")).containsExactly("a");
        assertThat(found("q=%C3%A9lo")).containsExactly("c");
        assertThat(found("q=" + key.substring(0, 20).toUpperCase(Locale.ROOT))).containsExactly("a", "b", "c");
        assertThat(found("q=byron")).containsExactly("a");
        assertThat(found("q=yron")).isEmpty();
        assertThat(found("q=%25")).isEmpty();
        var viewer = app.as(Role.VIEWER).request("GET", "/v1/segments/" + key + "/members?q=ada");
        assertThat(viewer.json().path("items").size()).isEqualTo(2);
    }

    @Test
    void inactive_contacts_are_members_by_hand_and_by_query() {
        contact("a", Map.of("lastName", key));
        contact("b", Map.of("lastName", key, "state", "inactive"));
        join("a", "b");
        assertThat(found("")).containsExactly("a", "b");

        var counted = app.request(
                "POST", "/v1/segments/estimate", Map.of("query", "PROFILE(contact).FILTER(lastName == '" + key + "')"));
        assertThat(counted.expect(200).json().path("count").asInt()).isEqualTo(2);
        var active = "PROFILE(contact).FILTER(lastName == '" + key + "' && state == 'active')";
        assertThat(app.request("POST", "/v1/segments/estimate", Map.of("query", active))
                        .expect(200)
                        .json()
                        .path("count")
                        .asInt())
                .isEqualTo(1);
    }

    /** Stays of 30 contacts that join and leave at random, recounted here for each moment that is asked for. */
    @Test
    void members_as_of_any_past_moment_are_those_whose_stay_covers_it() {
        var random = new Random(7);
        var start = Instant.parse("2026-01-01T00:00:00Z");
        var stays = new ArrayList<Stay>();
        for (var number = 10; number < 40; number++) {
            contact(Integer.toString(number), Map.of());
            for (var hour = random.nextInt(5); hour < 60; ) {
                var until = hour + random.nextInt(20);
                stays.add(new Stay(
                        Integer.toString(number),
                        start.plusSeconds(3600L * hour),
                        until >= 60 ? null : start.plusSeconds(3600L * until)));
                hour = until + random.nextInt(3);
            }
        }
        stays.forEach(this::store);

        for (var hour = 0; hour < 70; hour += 3) {
            var asOf = start.plusSeconds(3600L * hour);
            var expected = new TreeSet<String>();
            stays.stream().filter(stay -> stay.covers(asOf)).forEach(stay -> expected.add(stay.name()));
            var paged = new ArrayList<String>();
            var cursor = "";
            do {
                var page = app.request(
                                "GET", "/v1/segments/" + key + "/members?limit=7&asOf=" + asOf + "&cursor=" + cursor)
                        .expect(200)
                        .json();
                page.path("items")
                        .forEach(member ->
                                paged.add(member.path("externalId").asText().substring(key.length())));
                cursor = page.path("next").asText("");
            } while (!cursor.isEmpty() && !cursor.equals("null"));
            assertThat(paged).as("as of %s", asOf).containsExactlyElementsOf(expected);
        }
        assertThat(found("asOf=2026-01-02")).isEqualTo(found("asOf=2026-01-01T23:00:00Z"));
        assertThat(found("")).isEqualTo(found("asOf=" + Instant.now()));
    }

    private record Stay(
            String name, Instant joined, @Nullable Instant left) {
        boolean covers(Instant instant) {
            return !joined.isAfter(instant) && (left == null || left.isAfter(instant));
        }
    }

    private void store(Stay stay) {
        var table = stay.left() == null ? "membership" : "past_membership";
        app.jdbi()
                .useHandle(handle -> handle.createUpdate("insert into " + table + " " + """
                                select (select id from segment where key = :segment),
                                       (select id from contact where external_id = :contact), :joined::timestamptz
                                """
                                + (stay.left() == null ? "" : ", :left::timestamptz"))
                        .bind("segment", key)
                        .bind("contact", key + stay.name())
                        .bind("joined", stay.joined())
                        .bind("left", stay.left())
                        .execute());
    }

    @Test
    void members_are_narrowed_by_when_they_joined() {
        for (var name : List.of("a", "b", "c")) {
            contact(name, Map.of());
        }
        store(new Stay("a", Instant.parse("2026-02-28T22:59:59Z"), null));
        store(new Stay("b", Instant.parse("2026-02-28T23:00:00Z"), null));
        store(new Stay("c", Instant.parse("2026-03-05T00:00:00Z"), null));

        assertThat(found("joinedFrom=2026-03-01")).containsExactly("b", "c");
        assertThat(found("joinedTo=2026-03-01")).containsExactly("a");
        assertThat(found("joinedFrom=2026-03-01&joinedTo=2026-03-05T00:00:00Z")).containsExactly("b");
    }

    @Test
    void what_cannot_be_asked_is_refused_all_at_once() {
        var refused = app.request(
                        "GET",
                        "/v1/segments/" + key + "/members?asOf=2999-01-01&joinedFrom=soon&joinedTo=2026-02-30&limit=10")
                .expect(422);

        assertThat(refused.json().path("errors").findValuesAsText("pointer"))
                .containsExactlyInAnyOrder("/asOf", "/joinedFrom", "/joinedTo");
        app.request("GET", "/v1/segments/" + key + "/members?joinedFrom=2026-03-02&joinedTo=2026-03-01")
                .expect(422);
        assertThat(app.request("GET", "/v1/segments/" + key + "/members/export?attributes=emial,nope")
                        .expect(422)
                        .json()
                        .path("errors")
                        .size())
                .isEqualTo(2);
        app.admin()
                .with("Accept", "application/xml")
                .request("GET", "/v1/segments/" + key + "/members/export")
                .expect(406);
    }

    @Test
    void an_export_has_every_member_with_what_was_asked_for_and_no_formulas() throws JsonProcessingException {
        app.request(
                        "PATCH",
                        "/v1/profile-types/contact",
                        Map.of(
                                "attributes",
                                Map.of(
                                        "debt",
                                        "number",
                                        "likes",
                                        Map.of("type", "options", "options", List.of("jazz", "rock")))))
                .expect(200);
        contact(
                "a",
                Map.of(
                        "firstName",
                        "=HYPERLINK(\"x\"), \"quoted\"",
                        "phone",
                        "+4930123456",
                        "attributes",
                        Map.of("debt", -5, "likes", List.of("jazz", "rock"))));
        contact("b", Map.of("firstName", "@sum", "lastName", "-b"));
        contact("c", Map.of());
        join("a", "b", "c");
        var path = "/v1/segments/" + key + "/members/export?attributes=firstName,lastName,debt,likes,phone";

        var csv = app.admin().with("Accept", "text/csv").request("GET", path).expect(200);
        var ndjson = app.admin()
                .with("Accept", "application/x-ndjson")
                .request("GET", path)
                .expect(200);

        assertThat(csv.header("Content-Type")).startsWith("text/csv");
        assertThat(csv.header("Content-Disposition")).contains(key + ".csv");
        var table = new CsvTable(
                new ByteArrayInputStream(csv.body().getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
        assertThat(table.header().getFields())
                .containsExactly(
                        "contactId", "externalId", "joinedAt", "firstName", "lastName", "debt", "likes", "phone");
        var first = row(table);
        assertThat(first.subList(3, 8))
                .containsExactly("'=HYPERLINK(\"x\"), \"quoted\"", "", "-5", "jazz;rock", "'+4930123456");
        assertThat(row(table).subList(3, 8)).containsExactly("'@sum", "'-b", "", "", "");
        assertThat(row(table).get(1)).isEqualTo(key + "c");
        assertThat(table.next()).isNull();
        var lines = ndjson.body().lines().toList();
        assertThat(lines).hasSize(3);
        var line = Json.mapper().readTree(lines.getFirst());
        assertThat(line.path("attributes").path("firstName").asText()).startsWith("=HYPERLINK");
        assertThat(line.path("attributes").path("debt").asInt()).isEqualTo(-5);
        assertThat(line.path("attributes").path("lastName").isNull()).isTrue();
        assertThat(line.path("joinedAt").asText()).isEqualTo(first.get(2));
        var viewer = app.as(Role.VIEWER)
                .with("Accept", "text/csv")
                .request("GET", path)
                .expect(200);
        assertThat(viewer.body().lines().findFirst().orElseThrow()).doesNotContain("phone");
        assertThat(viewer.body()).doesNotContain("4930123456");
    }

    private static List<String> row(CsvTable table) {
        var row = table.next();
        return row == null ? List.of() : row.getFields();
    }

    @Test
    void an_export_as_of_then_has_who_left_since() {
        contact("a", Map.of());
        contact("b", Map.of());
        store(new Stay("a", Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2026-02-01T00:00:00Z")));
        store(new Stay("b", Instant.parse("2026-01-20T00:00:00Z"), null));

        var csv = app.admin()
                .with("Accept", "text/csv")
                .request("GET", "/v1/segments/" + key + "/members/export?asOf=2026-01-25")
                .expect(200)
                .body()
                .lines()
                .toList();

        assertThat(csv.getFirst()).isEqualTo("contactId,externalId,joinedAt,leftAt");
        assertThat(csv.get(1)).endsWith(key + "a,2026-01-01T00:00:00Z,2026-02-01T00:00:00Z");
        assertThat(csv.get(2)).endsWith(key + "b,2026-01-20T00:00:00Z,");
        assertThat(csv).hasSize(3);
    }

    @Test
    void many_members_are_exported_and_a_reader_that_goes_away_ends_the_query() throws Exception {
        var number = 150_000;
        app.jdbi().useHandle(handle -> {
            handle.execute("""
                    with made as (
                        insert into contact (external_id, attributes, created_at, updated_at)
                        select ? || i, '{}', now(), now() from generate_series(1, ?) i returning id)
                    insert into membership select (select id from segment where key = ?), id, now() from made
                    """, key, number, key);
            handle.execute("analyze contact, membership");
        });
        var path = app.url() + "/v1/segments/" + key + "/members/export?attributes=firstName,createdAt";
        var request = HttpRequest.newBuilder(URI.create(path))
                .header(
                        "Authorization",
                        "Bearer "
                                + new ApiKeys(app.jdbi(), Instant::now)
                                        .create("x", Role.ADMIN, null, "test")
                                        .key())
                .header("Accept", "application/x-ndjson")
                .build();

        try (var client = HttpClient.newHttpClient()) {
            var response = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
            try (var body = response.body()) {
                assertThat(body.readNBytes(1000)).hasSize(1000);
            }
            client.shutdownNow();
        }

        for (var looks = 0; exports() > 0; looks++) {
            assertThat(looks).as("the query ends").isLessThan(200);
            Thread.sleep(50);
        }
        var ids = new TreeMap<String, Integer>();
        app.admin()
                .with("Accept", "application/x-ndjson")
                .request("GET", "/v1/segments/" + key + "/members/export")
                .expect(200)
                .body()
                .lines()
                .forEach(line -> ids.merge(read(line).path("contactId").asText(), 1, Integer::sum));
        assertThat(ids).hasSize(number);
    }

    private static JsonNode read(String line) {
        try {
            return Json.mapper().readTree(line);
        } catch (JsonProcessingException notJson) {
            throw new AssertionError(line, notJson);
        }
    }

    /** Connections that are in a transaction over memberships. */
    private static int exports() {
        return app.jdbi()
                .withHandle(
                        handle -> handle.createQuery("""
                        select count(*) from pg_stat_activity
                        where datname = current_database() and pid <> pg_backend_pid()
                          and state <> 'idle' and query like '%join contact c%'
                        """).mapTo(Integer.class).one());
    }

    @Test
    void what_a_contact_is_in_and_was_in_is_listed_the_latest_first() {
        contact("a", Map.of());
        var other = new HashMap<String, Object>(Map.of("key", key + "2", "kind", "static", "name", "Second"));
        app.request("POST", "/v1/segments", other).expect(201);
        store(new Stay("a", Instant.parse("2026-01-01T00:00:00Z"), Instant.parse("2026-02-01T00:00:00Z")));
        store(new Stay("a", Instant.parse("2026-02-02T00:00:00Z"), Instant.parse("2026-02-03T00:00:00Z")));
        store(new Stay("a", Instant.parse("2026-03-01T00:00:00Z"), null));
        app.request("POST", "/v1/segments/" + key + "2/members", Map.of("add", List.of("external:" + key + "a")))
                .expect(200);

        var all = stays("");
        var paged = new ArrayList<String>();
        var cursor = "";
        do {
            var page = app.request("GET", "/v1/contacts/external:" + key + "a/segments?limit=1&cursor=" + cursor)
                    .expect(200)
                    .json();
            page.path("items").forEach(stay -> paged.add(stay.toString()));
            cursor = page.path("next").asText("");
        } while (!cursor.isEmpty() && !cursor.equals("null"));

        assertThat(all.findValuesAsText("segment")).containsExactly(key + "2", key, key, key);
        assertThat(all.get(0).path("name").asText()).isEqualTo("Second");
        assertThat(all.get(1).path("leftAt").isNull()).isTrue();
        assertThat(all.get(1).path("state").asText()).isEqualTo("live");
        assertThat(all.get(2).path("joinedAt").asText()).isEqualTo("2026-02-02T00:00:00Z");
        assertThat(all.get(3).path("leftAt").asText()).isEqualTo("2026-02-01T00:00:00Z");
        assertThat(paged).hasSize(4);
        for (var index = 0; index < 4; index++) {
            assertThat(paged.get(index)).isEqualTo(all.get(index).toString());
        }
        assertThat(stays("?current=true").size()).isEqualTo(2);
        assertThat(stays("?current=false").size()).isEqualTo(2);
        app.request("GET", "/v1/contacts/external:nobody/segments").expect(404);
    }

    private JsonNode stays(String query) {
        return app.request("GET", "/v1/contacts/external:" + key + "a/segments" + query)
                .expect(200)
                .json()
                .path("items");
    }
}
