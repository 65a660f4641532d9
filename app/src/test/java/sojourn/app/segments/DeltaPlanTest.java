package sojourn.app.segments;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.Database;

class DeltaPlanTest {

    @RegisterExtension
    static final Database database = new Database();

    /** What the statistics say is what they say of a segment in the minute after its first evaluation. */
    @Test
    void leavers_are_looked_up_by_the_index_though_the_statistics_know_no_member() {
        database.jdbi().useHandle(handle -> {
            handle.execute("alter table membership set (autovacuum_enabled = off)");
            handle.execute("""
                    insert into contact (created_at, updated_at) select now(), now() from generate_series(1, 20000)
                    """);
            handle.execute("analyze contact, membership");
            handle.execute(
                    "insert into membership (segment_id, contact_id, joined_at) select 5, id, now() from contact");

            var delta = Delta.statement(5, Statement.of("(c.id % 10 > 0)"), Engine.START);
            var plan = String.join(
                    "\n",
                    Statement.of("explain ")
                            .add(delta)
                            .query(handle)
                            .mapTo(String.class)
                            .list());

            assertThat(plan)
                    .contains("Full Join")
                    .doesNotContain("Nested Loop")
                    .containsPattern("Index Cond: .*contact_id = ANY");
        });
    }
}
