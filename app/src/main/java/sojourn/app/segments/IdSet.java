package sojourn.app.segments;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.stream.LongStream;
import org.jdbi.v3.core.Handle;
import org.roaringbitmap.longlong.Roaring64Bitmap;

/** Contact ids as a compressed bitmap: a million of them take some 130 KB. Sets made from others leave those as they are. */
final class IdSet {

    static final IdSet NONE = new IdSet(new Roaring64Bitmap());

    /** Rows that the driver holds at once. */
    private static final int ROWS_FETCHED = 20_000;

    private final Roaring64Bitmap ids;

    private IdSet(Roaring64Bitmap ids) {
        this.ids = ids;
    }

    /** What a query with one column of ids finds, in constant memory beside the set itself; within a transaction. */
    static IdSet read(Handle handle, Statement statement) {
        var ids = new Roaring64Bitmap();
        statement.query(handle).setFetchSize(ROWS_FETCHED).scanResultSet((rows, _) -> addAll(ids, rows.get()));
        return new IdSet(ids);
    }

    /** Those for whom a condition on {@code contact c} holds; erased ones never. */
    static IdSet contacts(Handle handle, Statement condition) {
        return read(
                handle,
                Statement.of("select c.id from contact c where c.state <> 'erased' and ")
                        .add(condition));
    }

    private static boolean addAll(Roaring64Bitmap ids, ResultSet rows) throws SQLException {
        try (rows) {
            while (rows.next()) {
                ids.addLong(rows.getLong(1));
            }
        }
        return true;
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
