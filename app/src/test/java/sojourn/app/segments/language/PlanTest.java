package sojourn.app.segments.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.Database;

/** The shapes that the SQL of a query has for the sake of its plan do their work. */
class PlanTest {

    private static final Map<String, Short> TYPES =
            Map.of("Purchase", (short) 1, "EmailOpened", (short) 2, "EmailClicked", (short) 3);

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

    private static void fill(Handle handle) {
        handle.execute("""
                insert into contact (created_at, updated_at, folded)
                select now(), now(), jsonb_build_object('address.city', 'city' || i % 1000) from generate_series(1, 30000) i
                """);
        handle.execute("""
                insert into interaction (contact_id, occurred_at, received_at, type_id, content_hash, id, journey)
                select i % 30000, timestamptz '2026-11-01Z' - i % 400 * interval '1 day', now(), 1 + i % 3,
                    gen_random_uuid(), i::text, case when i % 50 = 0 then 'j' || i % 7 end
                from generate_series(1, 150000) i
                """);
        handle.execute("vacuum analyze contact, interaction");
    }

    private static String plan(Handle handle, String query) {
        var now = Instant.parse("2026-11-01T00:00:00Z");
        var sql = QueryToSql.compile(
                SegmentLanguage.parse(query, Shop.CATALOG),
                new SqlContext(now, ZoneOffset.UTC, TYPES, Map.of(), Map.of("vip", 1)));
        var explain = handle.createQuery("explain select c.id from contact c where " + sql.text());
        for (var i = 0; i < sql.values().size(); i++) {
            explain.bind(i, sql.values().get(i));
        }
        return String.join("\n", explain.mapTo(String.class).list());
    }
}
