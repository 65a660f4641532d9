package sojourn.app.segments;

import org.jdbi.v3.core.Handle;
import org.roaringbitmap.longlong.LongConsumer;

/**
 * What two sets of ids have in common only when they are the same, but for one chance in 2<sup>64</sup>: how many there are,
 * and the exclusive or of a hash of each. The database makes one while it counts, where it would take several times as long to
 * hand the ids over.
 *
 * <p>The hash is PostgreSQL's {@code hashint8extended} with seed 0 (Bob Jenkins's lookup3, as in its {@code hashfn.c}), on
 * which its hash partitions rely, so that it stays what it is. Were it ever another, sets that are the same would only be
 * compared id by id.
 */
record Fingerprint(long count, long hash) {

    /** Of the ids that a statement finds, each once. */
    static Fingerprint read(Handle handle, Statement statement) {
        return Statement.of("select count(*), coalesce(bit_xor(hashint8extended(found.id, 0)), 0) from (")
                .add(statement)
                .add(Statement.of(") as found (id)"))
                .query(handle)
                .map((row, _) -> new Fingerprint(row.getLong(1), row.getLong(2)))
                .one();
    }

    /** Takes in one id after another. */
    static final class Sum implements LongConsumer {

        private long count;
        private long hash;

        @Override
        public void accept(long id) {
            count++;
            hash ^= hash(id);
        }

        Fingerprint total() {
            return new Fingerprint(count, hash);
        }
    }

    private static long hash(long id) {
        var high = (int) (id >> 32);
        var key = (int) id ^ (id >= 0 ? high : ~high);
        var start = 0x9e3779b9 + 4 + 3923095;
        var a = start + key;
        var b = start;
        var c = start;
        c = (c ^ b) - Integer.rotateLeft(b, 14);
        a = (a ^ c) - Integer.rotateLeft(c, 11);
        b = (b ^ a) - Integer.rotateLeft(a, 25);
        c = (c ^ b) - Integer.rotateLeft(b, 16);
        a = (a ^ c) - Integer.rotateLeft(c, 4);
        b = (b ^ a) - Integer.rotateLeft(a, 14);
        c = (c ^ b) - Integer.rotateLeft(b, 24);
        return ((long) b << 32) | (c & 0xffffffffL);
    }
}
