package sojourn.app.segments;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Set;
import java.util.stream.LongStream;
import org.jdbi.v3.core.statement.SqlLogger;
import org.jdbi.v3.core.statement.StatementContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.contacts.Changes;
import sojourn.testing.Database;

/** A burst in the change queue neither holds up what happens beside it nor grows without bound. */
class ChangeQueueTest {

    @RegisterExtension
    static final Database database = new Database();

    private Engine engine;

    @BeforeEach
    void live() {
        engine = new Engine(database.jdbi());
        engine.live("adults", "PROFILE(contact).FILTER(age >= 18)");
    }

    @Test
    void a_change_beside_a_burst_is_seen_by_the_next_batch() {
        contacts(3_000);
        burst(3_000);
        var late = engine.contact(30);

        engine.incremental.run();

        assertThat(engine.members("adults")).contains(late);
        assertThat(rows()).as("the burst is not over").isPositive();
    }

    @Test
    void beside_a_burst_no_small_change_is_waited_for_and_none_is_lost() {
        contacts(2_000);
        changed(LongStream.rangeClosed(1, 250)
                .mapToObj(n -> 100_000 + Locks.LANES * n)
                .toArray(Long[]::new));
        for (var contact = 101_501L; contact <= 101_510; contact++) {
            changed(contact, contact + 1);
        }

        try (var other = database.jdbi().open()) {
            other.begin();
            Locks.contacts(other, List.of(101_502L));
            engine.incremental.run();

            assertThat(engine.members("adults")).hasSize(260).doesNotContain(101_502L);
            assertThat(rows()).as("both rows that name the contact").isEqualTo(2);
            other.rollback();
        }
        engine.settle();

        assertThat(engine.members("adults")).hasSize(261).contains(101_502L);
        assertThat(rows()).isZero();
    }

    @Test
    void a_batch_that_dies_before_its_commit_leaves_the_queue_as_it_was() {
        contacts(2_000);
        changed(LongStream.rangeClosed(1, 250)
                .mapToObj(n -> 100_000 + Locks.LANES * n)
                .toArray(Long[]::new));
        changed(101_501L, 101_502L);

        try (var other = database.jdbi().open()) {
            other.begin();
            Locks.contacts(other, List.of(101_502L));
            var before = queue();
            database.jdbi().setSqlLogger(dyingAt("insert into membership_change"));
            assertThatThrownBy(engine.incremental::run).hasMessage("died");
            database.jdbi().setSqlLogger(SqlLogger.NOP_SQL_LOGGER);

            assertThat(queue()).as("the part that was to be left, too").isEqualTo(before);
            assertThat(engine.members("adults")).isEmpty();
            engine.incremental.run();
            assertThat(engine.members("adults")).hasSize(251).doesNotContain(101_502L);
            other.rollback();
        }
        engine.settle();
        assertThat(engine.members("adults")).hasSize(252);
        assertThat(rows()).isZero();
    }

    private static SqlLogger dyingAt(String statement) {
        return new SqlLogger() {
            @Override
            public void logBeforeExecution(StatementContext context) {
                if (String.valueOf(context.getRenderedSql()).contains(statement)) {
                    throw new IllegalStateException("died");
                }
            }
        };
    }

    private List<String> queue() {
        return database.jdbi()
                .withHandle(handle -> handle.select(
                                "select seq || contact_ids::text from change where consumer = 'segments' order by seq")
                        .mapTo(String.class)
                        .list());
    }

    @Test
    void a_long_queue_of_the_same_contacts_becomes_short_and_says_the_same() {
        contacts(2_000);
        for (var n = 0; n < 40; n++) {
            burst(2_000);
        }
        var before = rows();
        var lag = ChangeBatch.lagSeconds(database.jdbi());

        new ChangeCompaction(database.jdbi()).run();

        assertThat(before).isEqualTo(80);
        assertThat(rows()).isEqualTo(4);
        assertThat(lanes()).containsExactly(1L, 1L, 1L, 1L);
        assertThat(ChangeBatch.lagSeconds(database.jdbi())).isGreaterThanOrEqualTo(lag);
        engine.settle();
        assertThat(engine.members("adults")).hasSize(2_000);
        assertThat(engine.outbox("adults")).hasSize(2);
    }

    @Test
    void a_queue_that_has_been_joined_is_left_alone_until_it_is_long_again() {
        contacts(2_000);
        for (var n = 0; n < 40; n++) {
            burst(2_000);
        }
        var compaction = new ChangeCompaction(database.jdbi());
        compaction.run();
        burst(2_000);

        compaction.run();

        assertThat(rows()).isEqualTo(6);
    }

    /** Grown-ups of whom nobody has been told yet. */
    private void contacts(int count) {
        database.jdbi().useHandle(handle -> handle.execute("""
                insert into contact (id, attributes, created_at, updated_at) overriding system value
                select 100000 + n, '{"age": 30}', now(), now() from generate_series(1, ?) n
                """, count));
    }

    private void burst(int count) {
        changed(LongStream.rangeClosed(100_001, 100_000 + count).boxed().toArray(Long[]::new));
    }

    private void changed(Long... contacts) {
        database.jdbi()
                .useTransaction(handle ->
                        engine.changes.record(handle, List.of(contacts), Set.of(Changes.PROFILE), engine.now));
    }

    /** How many lanes the contacts of each row are of. */
    private List<Long> lanes() {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("""
                                select (select count(distinct id % :lanes) from unnest(contact_ids) as id)
                                from change where consumer = 'segments' order by seq
                                """)
                        .bind("lanes", Locks.LANES)
                        .mapTo(Long.class)
                        .list());
    }

    private long rows() {
        return database.jdbi()
                .withHandle(handle -> handle.createQuery("select count(*) from change where consumer = 'segments'")
                        .mapTo(Long.class)
                        .one());
    }
}
