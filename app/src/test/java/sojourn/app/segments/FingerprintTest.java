package sojourn.app.segments;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.Database;

/** The database and this process must take the same fingerprint of the same ids. */
class FingerprintTest {

    @RegisterExtension
    static final Database database = new Database();

    private static final long SEED = new Random().nextLong();

    @Test
    void both_see_the_same_in_the_same_ids() {
        assertThat(ofDatabase()).isEqualTo(ofProcess());
        for (var id : List.of(0L, 1L, 63L, 64L, 0x7fffffffL, 0x80000000L, 0xffffffffL, 1L << 32, Long.MAX_VALUE)) {
            assertThat(ofDatabase(id)).as("%d", id).isEqualTo(ofProcess(id));
        }
        var many = new Random(SEED).longs(1000, 0, 1L << 40).distinct().toArray();
        assertThat(ofDatabase(many)).as("seed %d", SEED).isEqualTo(ofProcess(many));
    }

    @Test
    void ids_come_back_as_they_went_and_one_that_is_another_is_seen() {
        var ids = LongStream.of(0, 5, 63, 64, 127, 128, 1_000_000, 1L << 33).toArray();

        var read = database.jdbi().withHandle(handle -> IdSet.read(handle, statement(ids)));

        assertThat(read.toArray()).containsExactly(LongStream.of(ids).boxed().toArray(Long[]::new));
        assertThat(read.fingerprint()).isEqualTo(ofProcess(ids));
        ids[3]++;
        assertThat(read.fingerprint()).isNotEqualTo(ofProcess(ids));
    }

    private static Fingerprint ofProcess(long... ids) {
        var sum = new Fingerprint.Sum();
        LongStream.of(ids).forEach(sum::accept);
        return sum.total();
    }

    private static Fingerprint ofDatabase(long... ids) {
        return database.jdbi().withHandle(handle -> Fingerprint.read(handle, statement(ids)));
    }

    private static Statement statement(long... ids) {
        return Statement.of(
                "select * from unnest(?)", (Object) LongStream.of(ids).boxed().toArray(Long[]::new));
    }
}
