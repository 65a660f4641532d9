package sojourn.app.segments;

import java.util.stream.LongStream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import org.roaringbitmap.longlong.Roaring64Bitmap;

/** Contact ids as a compressed bitmap: a million of them take some 130 KB. Sets made from others leave those as they are. */
final class IdSet {

    static final IdSet NONE = new IdSet(new Roaring64Bitmap());

    private final Roaring64Bitmap ids;

    private IdSet(Roaring64Bitmap ids) {
        this.ids = ids;
    }

    /**
     * What a query finds, whose one column is called {@code id}. As one array, for which the database may go through a table
     * with several processes, as it may not for rows that are fetched by and by; a million ids are some eight megabytes
     * until they are read.
     */
    static IdSet read(Handle handle, Statement statement) {
        return new IdSet(Statement.of("select array_agg(found.id)::text from (")
                .add(statement)
                .add(Statement.of(") as found (id)"))
                .query(handle)
                .map((row, _) -> parse(row.getBytes(1)))
                .one());
    }

    /** Those for whom a condition on {@code contact c} holds; erased ones never. */
    static IdSet contacts(Handle handle, Statement condition) {
        return read(
                handle,
                Statement.of("select c.id from contact c where c.state <> 'erased' and ")
                        .add(condition));
    }

    /** @param array as PostgreSQL writes it, <code>{1,2,3}</code>; null when it has no elements */
    private static Roaring64Bitmap parse(byte @Nullable [] array) {
        var ids = new Roaring64Bitmap();
        if (array == null) {
            return ids;
        }
        var id = 0L;
        for (var at = 1; at < array.length; at++) {
            if (array[at] == ',' || array[at] == '}') {
                ids.addLong(id);
                id = 0;
            } else {
                id = 10 * id + array[at] - '0';
            }
        }
        return ids;
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
