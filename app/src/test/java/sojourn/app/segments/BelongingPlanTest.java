package sojourn.app.segments;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.ZoneOffset;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.Database;

/** Scope and overrides leave the query's plan as it is where they can, and cost no more than a hash where they cannot. */
class BelongingPlanTest {

    private static final String LAPSED =
            "INTERACTION(Purchase) EXCEPT INTERACTION(Purchase).HAVING(COUNT() > 0, DAYS(60))";

    @RegisterExtension
    final Database database = new Database();

    @Test
    void only_what_is_there_is_asked() {
        var engine = new Engine(database.jdbi());
        engine.segment("lapsed", LAPSED);
        database.jdbi().useHandle(handle -> {
            fill(handle);
            assertThat(plan(engine, handle, new Scope.Everybody()))
                    .contains("Anti Join")
                    .doesNotContain("segment_override", "business_unit", "SubPlan");

            override(handle, engine, 0, OverrideKind.EXCLUDE);
            assertThat(plan(engine, handle, new Scope.Unit("north")))
                    .contains("Anti Join", "segment_override", "business_unit")
                    .doesNotContain("SubPlan");

            override(handle, engine, 1, OverrideKind.INCLUDE);
            var included = plan(engine, handle, new Scope.Everybody());
            assertThat(included).contains("hashed SubPlan");
            assertThat(included.lines()
                            .filter(line ->
                                    line.contains("SubPlan") && line.contains("Filter") && !line.contains("hashed")))
                    .isEmpty();
        });
    }

    private static void fill(Handle handle) {
        handle.execute("""
                insert into contact (created_at, updated_at) select now(), now() from generate_series(1, 20000)
                """);
        handle.execute("""
                insert into interaction (contact_id, occurred_at, received_at, type_id, content_hash, id)
                select i % 20000 + 1, timestamptz '2026-11-20Z' - i % 400 * interval '1 day', now(),
                       (select id from interaction_type where key = 'Purchase'), gen_random_uuid(), i::text
                from generate_series(1, 60000) i
                """);
        handle.execute("vacuum analyze contact, interaction");
    }

    private static void override(Handle handle, Engine engine, int rest, OverrideKind kind) {
        handle.execute("""
                insert into segment_override (segment_id, contact_id, kind, at, by_)
                select ?, id, ?, now(), 'test' from contact where id % 40 = ?
                """, engine.get("lapsed").id(), kind.word(), rest);
        handle.execute("analyze segment_override");
    }

    private static String plan(Engine engine, Handle handle, Scope scope) {
        var words = engine.vocabulary.read(handle);
        var query = Statement.compile(handle, words, words.parse(LAPSED), engine.now, ZoneOffset.UTC);
        var condition = Belonging.condition(handle, engine.get("lapsed").id(), scope, query);
        return String.join(
                "\n",
                Statement.of("explain select c.id from contact c where c.state <> 'erased' and ")
                        .add(condition)
                        .query(handle)
                        .mapTo(String.class)
                        .list());
    }
}
