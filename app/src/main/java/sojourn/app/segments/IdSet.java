package sojourn.app.segments;

import java.util.stream.LongStream;
import org.jdbi.v3.core.Handle;
import org.roaringbitmap.longlong.Roaring64Bitmap;

/** Contact ids as a compressed bitmap: a million of them take some 130 KB. Sets made from others leave those as they are. */
final class IdSet {

    static final IdSet NONE = new IdSet(new Roaring64Bitmap());

    private final Roaring64Bitmap ids;

    private IdSet(Roaring64Bitmap ids) {
        this.ids = ids;
    }

    /**
     * What a query finds, whose one column is called {@code id}. The database answers 64 neighbours at a time, as the bits of
     * a number: of a million ids it hands over 16,000 rows. They are asked for all at once, since it may go through a table
     * with several processes then, as it may not for rows that are fetched by and by.
     */
    static IdSet read(Handle handle, Statement statement) {
        var ids = new Roaring64Bitmap();
        Statement.of("select found.id >> 6, bit_or(1::bigint << (found.id & 63)::integer) from (")
                .add(statement)
                .add(Statement.of(") as found (id) group by 1"))
                .query(handle)
                .map((row, _) -> new Neighbours(row.getLong(1), row.getLong(2)))
                .forEach(neighbours -> neighbours.addTo(ids));
        return new IdSet(ids);
    }

    /** Those of 64 ids in a row that are in a set. */
    private record Neighbours(long block, long bits) {

        void addTo(Roaring64Bitmap ids) {
            for (var rest = bits; rest != 0; rest &= rest - 1) {
                ids.addLong((block << 6) + Long.numberOfTrailingZeros(rest));
            }
        }
    }

    /** Those for whom a condition on {@code contact c} holds; erased ones never. */
    static IdSet contacts(Handle handle, Statement condition) {
        return read(
                handle,
                Statement.of("select c.id from contact c where c.state <> 'erased' and ")
                        .add(condition));
    }

    IdSet or(IdSet other) {
        var both = ids.clone();
        both.or(other.ids);
        return new IdSet(both);
    }

    IdSet and(IdSet other) {
        var both = ids.clone();
        both.and(other.ids);
        return new IdSet(both);
    }

    IdSet without(IdSet other) {
        var rest = ids.clone();
        rest.andNot(other.ids);
        return new IdSet(rest);
    }

    /** Those that are in one of the two only. */
    IdSet differenceFrom(IdSet other) {
        var difference = ids.clone();
        difference.xor(other.ids);
        return new IdSet(difference);
    }

    Fingerprint fingerprint() {
        var sum = new Fingerprint.Sum();
        ids.forEach(sum);
        return sum.total();
    }

    long size() {
        return ids.getLongCardinality();
    }

    boolean isEmpty() {
        return ids.isEmpty();
    }

    Long[] toArray() {
        return LongStream.of(ids.toArray()).boxed().toArray(Long[]::new);
    }
}
