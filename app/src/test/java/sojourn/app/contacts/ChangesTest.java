package sojourn.app.contacts;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.Database;

class ChangesTest {

    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

    @RegisterExtension
    final Database database = new Database();

    private final Changes changes = new Changes();

    @Test
    void each_consumer_gets_rows_of_at_most_a_thousand_contacts() {
        var contacts = LongStream.rangeClosed(1, 2500).boxed().toList();

        database.jdbi().useHandle(handle -> changes.record(handle, contacts, List.of("Purchase", "profile"), NOW));

        var rows = database.jdbi()
                .withHandle(handle -> handle.select("""
                        select consumer || ' ' || cardinality(contact_ids) || ' ' || causes::text
                        from change order by consumer, seq
                        """).mapTo(String.class).list());
        assertThat(rows)
                .containsExactly(
                        "runs 1000 {Purchase,profile}",
                        "runs 1000 {Purchase,profile}",
                        "runs 500 {Purchase,profile}",
                        "segments 1000 {Purchase,profile}",
                        "segments 1000 {Purchase,profile}",
                        "segments 500 {Purchase,profile}");
    }

    @Test
    void nothing_changed_leaves_no_word() {
        database.jdbi().useHandle(handle -> changes.record(handle, List.of(), List.of("profile"), NOW));

        var rows = database.jdbi()
                .withHandle(handle -> handle.select("select seq from change")
                        .mapTo(Long.class)
                        .list());
        assertThat(rows).isEmpty();
    }

    @Test
    void a_kick_reaches_every_listener() {
        var kicks = new AtomicInteger();
        changes.onKick(kicks::incrementAndGet);
        changes.onKick(kicks::incrementAndGet);

        changes.kick();

        assertThat(kicks).hasValue(2);
    }
}
