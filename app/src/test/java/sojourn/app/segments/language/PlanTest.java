package sojourn.app.segments.language;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import sojourn.app.platform.Json;
import sojourn.testing.Database;

/** The shapes that the SQL of a query has for the sake of its plan do their work. */
class PlanTest {

    private static final Map<String, Short> TYPES =
            Map.of("Purchase", (short) 1, "EmailOpened", (short) 2, "EmailClicked", (short) 3);

    private static final Map<String, Short> PROFILE_TYPES = Map.of("product", (short) 98);

    private static final Map<String, Short> RELATIONSHIPS = Map.of(
            "contact_account", (short) 1, "event_registration_contact", (short) 2, "event_registration_event", (short)
                    3);

    @RegisterExtension
    static final Database database = new Database();

    @Test
    void blocks_become_joins_and_index_probes() {
        database.jdbi().useHandle(handle -> {
            fill(handle);

            assertThat(plan(handle, "PROFILE(contact).FILTER(address.city == 'City7')"))
                    .contains("contact_folded");
            assertThat(plan(handle, "INTERACTION(EmailClicked).FILTER(journey == 'j3').HAVING(COUNT() > 0, DAYS(45))"))
                    .contains("(journey = 'j3'::text)", "Index Only Scan");
            assertThat(plan(handle, "PROFILE(contact) EXCEPT INTERACTION(Purchase).HAVING(COUNT() > 0, DAYS(60))"))
                    .contains("Anti Join");
            assertThat(plan(handle, "INTERACTION(Purchase).HAVING(COUNT() < 3, DAYS(90))"))
                    .contains("Anti Join");
            assertThat(plan(
                            handle,
                            "INTERACTION(EmailClicked).FILTER(journey.name == 'Third').HAVING(COUNT() > 0, DAYS(45))"))
                    .contains("named_record", "Index Only Scan using interaction_default_type_id_journey")
                    .doesNotContain("Seq Scan on interaction");
            assertThat(plan(handle, "INTERACTION(Purchase).FILTER(item.category == 'Category7')"))
                    .contains("profile_folded", "Hash Join");
            assertThat(plan(handle, "INTERACTION(Purchase).HAVING(COUNT() >= 3, DAYS(90))"))
                    .contains("Hash Join", "HashAggregate");
        });
    }

    @Test
    void a_count_under_or_probes_an_index_when_memory_is_short() {
        var query = "SEGMENT(vip) UNION INTERACTION(Purchase, EmailOpened).HAVING(COUNT() >= 3, DAYS(350))";
        database.jdbi().useHandle(handle -> {
            fill(handle);
            assertThat(plan(handle, query)).contains("hashed SubPlan");

            handle.execute("set work_mem = '64kB'");

            assertThat(plan(handle, query)).contains("(contact_id = c.id)");
        });
    }

    /** The ten segments by which shapes were chosen, and paths over related records, alone and under OR and NOT. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "PROFILE(contact).FILTER(address.city == 'City7')",
                "PROFILE(contact).FILTER(tier == 'gold' && score >= 9)",
                "PROFILE(contact) EXCEPT INTERACTION(Purchase).HAVING(COUNT() > 0, DAYS(90))",
                "INTERACTION(EmailClicked).FILTER(journey == 'j3').HAVING(COUNT() > 0, DAYS(45))",
                "INTERACTION(EmailOpened).HAVING(COUNT() >= 3, DAYS(14)) INTERSECT PROFILE(contact).FILTER(address.city == 'City7')",
                "INTERACTION(Purchase).HAVING(COUNT() == 2, DAYS(30))",
                "SEGMENT(vip) EXCEPT SEGMENT(loyal)",
                "PROFILE(account).FILTER(industry == 'Industry3').TRAVERSE(contact_account)"
                        + " UNION PROFILE(event_registration).TRAVERSE(event_registration_contact)",
                "((PROFILE(contact).FILTER(address.city == 'City7') INTERSECT INTERACTION(EmailOpened).HAVING(COUNT() > 0, DAYS(30)))"
                        + " UNION PROFILE(account).FILTER(industry == 'Industry3').TRAVERSE(contact_account))"
                        + " EXCEPT INTERACTION(Purchase).HAVING(COUNT() > 0, DAYS(90))",
                "INTERACTION(Purchase).FILTER(amount > 100).HAVING(COUNT() >= 2, DAYS(60))",
                "PROFILE(contact) EXCEPT PROFILE(account).FILTER(employees > 5).TRAVERSE(contact_account)",
                "PROFILE(contact) EXCEPT INTERACTION(Purchase).FILTER(item.category == 'Category7' || message.topic == 'x')",
                "SEGMENT(vip) UNION INTERACTION(EmailOpened).FILTER(message.topic == 'x' && journey.name != 'y').HAVING(COUNT() < 3, DAYS(90))",
                "SEGMENT(vip) UNION INTERACTION(Purchase).HAVING(SUM(item.price) > 3, DAYS(350))",
                "PROFILE(contact).FILTER(tier == 'gold').TRAVERSE(contact_account).TRAVERSE(contact_account)",
                "SEGMENT(vip) UNION PROFILE(event).FILTER(name == 'x').TRAVERSE(event_registration_event).TRAVERSE(event_registration_contact)",
            })
    void nothing_is_scanned_for_each_contact(String query) {
        database.jdbi().useHandle(handle -> {
            if (handle.select("select count(*) from contact").mapTo(Long.class).one() == 0) {
                fill(handle);
            }
            for (var memory : List.of("128MB", "4MB", "64kB")) {
                handle.execute("set work_mem = '" + memory + "'");

                assertThat(scannedAgainAndAgain(explain(handle, "explain (format json) ", query)))
                        .as(memory)
                        .isEmpty();
            }
            handle.execute("reset work_mem");
        });
    }

    @Test
    void a_scan_for_each_contact_would_be_seen() {
        database.jdbi().useHandle(handle -> {
            fill(handle);
            var explained = handle.createQuery("""
                            explain (format json) select c.id from contact c
                            where c.id = 1 or (select count(*) from link l where l.from_id + 0 = c.id) > 3
                            """).mapTo(String.class).list();

            assertThat(scannedAgainAndAgain(String.join("\n", explained))).isNotEmpty();
        });
    }

    /** The sequential scans below sub-plans that are not hashed, and so run once for each row. */
    private static List<String> scannedAgainAndAgain(String explained) {
        var hashed = Pattern.compile("hashed SubPlan (\\d+)")
                .matcher(explained)
                .results()
                .map(found -> "SubPlan " + found.group(1))
                .collect(Collectors.toSet());
        var found = new ArrayList<String>();
        try {
            gather(Json.mapper().readTree(explained).path(0).path("Plan"), hashed, false, found);
        } catch (JsonProcessingException unreadable) {
            throw new AssertionError(unreadable);
        }
        return found;
    }

    private static void gather(JsonNode node, Set<String> hashed, boolean repeated, List<String> found) {
        var name = node.path("Subplan Name").asText("");
        var again = repeated || (name.startsWith("SubPlan") && !hashed.contains(name));
        if (again
                && node.path("Node Type").asText().equals("Seq Scan")
                && node.path("Plan Rows").asInt() > 100) {
            found.add(name + " " + node.path("Relation Name").asText());
        }
        node.path("Plans").forEach(child -> gather(child, hashed, again, found));
    }

    private static void fill(Handle handle) {
        handle.execute("""
                insert into contact (created_at, updated_at, folded)
                select now(), now(), jsonb_build_object('address.city', 'city' || i % 1000) from generate_series(1, 30000) i
                """);
        handle.execute("""
                insert into interaction (contact_id, occurred_at, received_at, type_id, content_hash, id, journey, properties)
                select i % 30000, timestamptz '2026-11-01Z' - i % 400 * interval '1 day', now(), 1 + i % 3,
                    gen_random_uuid(), i::text, case when i % 50 = 0 then 'j' || i % 7 end,
                    jsonb_build_object('item', 'p' || i % 20000, 'message', 'm' || i % 7)
                from generate_series(1, 150000) i
                """);
        handle.execute("""
                insert into profile (type_id, attributes, folded, created_at, updated_at)
                select 99, jsonb_build_object('employees', i % 10),
                       jsonb_build_object('industry', 'industry' || i % 20), now(), now() from generate_series(1, 20000) i
                """);
        handle.execute("""
                insert into profile (type_id, external_id, attributes, folded, created_at, updated_at)
                select 98, 'p' || i, jsonb_build_object('price', i), jsonb_build_object('category', 'category' || i % 2000), now(), now()
                from generate_series(1, 20000) i
                """);
        handle.execute("""
                insert into named_record (kind, key, attributes, folded)
                select kind, left(kind, 1) || i, jsonb_build_object('name', 'Third'), jsonb_build_object('name', case i when 3 then 'third' else 'x' end)
                from generate_series(0, 99) i, unnest(array['message', 'journey']) as kind
                """);
        handle.execute("""
                insert into link (relationship_id, from_id, to_id, since)
                select 1, c.id, p.id, now() from contact c
                join profile p on p.id = (select min(id) from profile) + c.id % 20000
                """);
        handle.execute("""
                insert into link (relationship_id, from_id, to_id, since)
                select 2, p.id, (select min(id) from contact) + p.id % 30000, now() from profile p
                """);
        handle.execute("""
                insert into link (relationship_id, from_id, to_id, since)
                select 3, p.id, (select min(id) from profile) + p.id % 7, now() from profile p
                """);
        handle.execute("insert into membership select 1 + id % 2, id, now() from contact where id % 3 > 0");
        handle.execute("vacuum analyze contact, interaction, profile, link, membership, named_record");
    }

    private static String plan(Handle handle, String query) {
        return explain(handle, "explain ", query);
    }

    private static String explain(Handle handle, String explain, String query) {
        var now = Instant.parse("2026-11-01T00:00:00Z");
        var sql = QueryToSql.compile(
                SegmentLanguage.parse(query, Shop.CATALOG),
                new SqlContext(now, ZoneOffset.UTC, TYPES, PROFILE_TYPES, RELATIONSHIPS, Map.of("vip", 1, "loyal", 2)));
        var statement = handle.createQuery(explain + "select c.id from contact c where " + sql.text());
        for (var i = 0; i < sql.values().size(); i++) {
            statement.bind(i, sql.values().get(i));
        }
        return String.join("\n", statement.mapTo(String.class).list());
    }
}
