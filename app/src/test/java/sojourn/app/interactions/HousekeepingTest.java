package sojourn.app.interactions;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.Database;

class HousekeepingTest {

    private static final Instant NOW = Instant.parse("2026-11-23T10:00:00Z");

    @RegisterExtension
    final Database database = new Database();

    private final InstantSource clock = InstantSource.fixed(NOW);

    @Test
    void what_came_before_its_month_was_made_moves_into_it() {
        database.jdbi().useHandle(handle -> handle.execute("""
                insert into interaction (contact_id, occurred_at, received_at, type_id, content_hash, id)
                select 1, at::timestamptz, now(), 1, gen_random_uuid(), at
                from unnest(array['2026-10-31T23:59:59.999999Z', '2026-11-01T00:00:00Z', '1950-01-01T00:00:00Z']) at
                """));
        var months = new Months(database.jdbi(), clock);

        months.makeAhead();

        assertThat(texts("select tableoid::regclass || ' ' || id from interaction order by 1"))
                .containsExactly(
                        "interaction_2026_10 2026-10-31T23:59:59.999999Z",
                        "interaction_2026_11 2026-11-01T00:00:00Z",
                        "interaction_default 1950-01-01T00:00:00Z");
        assertThat(texts("select relid::regclass::text from pg_partition_tree('interaction') where isleaf"))
                .hasSize(19)
                .contains("interaction_2025_09", "interaction_2027_02");
    }

    @Test
    void an_older_month_is_made_when_it_is_met_and_by_one_only() throws Exception {
        var met = List.of(Instant.parse("2019-02-28T12:00:00Z"), Instant.parse("1969-02-28T12:00:00Z"));
        Callable<Boolean> meet = () -> {
            new Months(database.jdbi(), clock).makeFor(met);
            return true;
        };

        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (var done :
                    threads.invokeAll(Stream.generate(() -> meet).limit(8).toList())) {
                done.get();
            }
        }

        assertThat(texts("select relid::regclass::text from pg_partition_tree('interaction') where isleaf"))
                .containsExactlyInAnyOrder("interaction_default", "interaction_2019_02");
    }

    @Test
    void ids_are_forgotten_after_35_days() {
        database.jdbi()
                .useHandle(handle -> handle.execute(
                        "insert into interaction_seen values ('old', gen_random_uuid(), ?), ('new', gen_random_uuid(), ?)",
                        NOW.minus(Duration.ofDays(36)),
                        NOW.minus(Duration.ofDays(34))));

        var more =
                new Housekeeping(database.jdbi(), new Months(database.jdbi(), clock), clock, Duration.ofDays(90)).run();

        assertThat(more).isFalse();
        assertThat(texts("select id from interaction_seen")).containsExactly("new");
    }

    @Test
    void what_nobody_turned_out_to_have_done_is_dropped_after_a_time_and_its_id_known_until_then() {
        database.jdbi().useHandle(handle -> {
            for (var days : List.of(91, 89)) {
                var at = NOW.minus(Duration.ofDays(days));
                var id = String.valueOf(days);
                handle.execute("insert into interaction_seen values (?, gen_random_uuid(), ?)", id, at);
                handle.execute("""
                        insert into anonymous_interaction (anonymous_id, id, occurred_at, received_at, type_id, content_hash)
                        values ('device', ?, ?, ?, 1, gen_random_uuid())
                        """, id, at, at);
            }
        });

        new Housekeeping(database.jdbi(), new Months(database.jdbi(), clock), clock, Duration.ofDays(90)).run();

        assertThat(texts("select id from anonymous_interaction")).containsExactly("89");
        assertThat(texts("select id from interaction_seen")).containsExactly("89");
    }

    private List<String> texts(String sql) {
        return database.jdbi()
                .withHandle(handle -> handle.select(sql).mapTo(String.class).list());
    }
}
