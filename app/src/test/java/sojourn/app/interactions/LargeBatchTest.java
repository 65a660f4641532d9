package sojourn.app.interactions;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.contacts.Changes;
import sojourn.app.interactions.OwnInteractions.Own;
import sojourn.testing.Database;

/** Batches so large that they are tried the quick way, whatever is in them. */
class LargeBatchTest {

    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");
    private static final int SIZE = 300;

    @RegisterExtension
    final Database database = new Database();

    private final OwnInteractions interactions = new OwnInteractions(new Changes(), InstantSource.fixed(NOW));

    @Test
    void new_ids_are_stored_with_all_they_carry() {
        store(facts(0, SIZE));

        assertThat(stored()).isEqualTo(SIZE);
        assertThat(text("""
                        select id || ' ' || contact_id || ' ' || occurred_at::text || ' ' || received_at::text || ' '
                               || journey || ' ' || (properties ->> 'pass') || ' ' || (folded ->> 'journey')
                               || ' ' || (tile is null) || ' ' || (content_hash = (select content_hash from interaction_seen s
                                                                                    where s.id = i.id))
                        from interaction i where id = 'n7'
                        """)).isEqualTo("n7 8 2026-11-23 10:00:00+00 2026-11-23 10:00:00+00 Ümlaut 7 ümlaut true true");
        assertThat(text("select sum(cardinality(contact_ids))::text from change where consumer = 'runs'"))
                .isEqualTo("300");
    }

    @Test
    void one_known_id_among_new_ones_is_left_alone() {
        store(facts(17, 18));

        store(facts(0, SIZE));

        assertThat(stored()).isEqualTo(SIZE);
        assertThat(text("select sum(cardinality(contact_ids))::text from change where consumer = 'runs'"))
                .isEqualTo("300");
    }

    @Test
    void an_id_that_was_forgotten_is_known_by_its_instant() {
        store(facts(0, SIZE));
        database.jdbi().useHandle(handle -> handle.execute("delete from interaction_seen"));

        store(facts(0, SIZE));

        assertThat(stored()).isEqualTo(SIZE);
    }

    @Test
    void a_replay_adds_nothing() {
        store(facts(0, SIZE));
        store(facts(0, SIZE));

        assertThat(stored()).isEqualTo(SIZE);
    }

    private void store(List<Own> facts) {
        database.jdbi().useTransaction(handle -> {
            handle.execute("set local time zone 'UTC'");
            interactions.record(handle, facts);
        });
    }

    private static List<Own> facts(int from, int to) {
        return IntStream.range(from, to)
                .mapToObj(n -> new Own("n" + n, n + 1, "TileEntered", NOW, Map.of("journey", "Ümlaut", "pass", n)))
                .toList();
    }

    private long stored() {
        return Long.parseLong(text("select count(*)::text from interaction"));
    }

    private String text(String sql) {
        return database.jdbi().withHandle(handle -> {
            handle.execute("set time zone 'UTC'");
            return handle.select(sql).mapTo(String.class).one();
        });
    }
}
