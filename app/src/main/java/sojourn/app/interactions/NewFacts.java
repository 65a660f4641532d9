package sojourn.app.interactions;

import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.transaction.TransactionException;
import sojourn.app.platform.CopyRows;

/**
 * The quick way for a batch of nothing but new ids, as nearly every batch is: it is copied in, and the unique indexes
 * say whether that was right. If it was not, nothing of it stays and the batch goes the way that looks at each id.
 */
final class NewFacts {

    private static final String SAVEPOINT = "new_facts";
    private static final String TAKEN = "23505";
    private static final int SAMPLE = 8;

    private NewFacts() {}

    /** Stores facts in the order of their ids, and remembers the ids; false when one of them is not new. */
    static boolean copied(Handle handle, List<Fact> facts, Instant receivedAt) {
        if (isReplay(handle, facts)) {
            return false;
        }
        handle.savepoint(SAVEPOINT);
        try {
            copyIds(handle, facts, receivedAt);
            copyRows(handle, facts, receivedAt);
            handle.releaseSavepoint(SAVEPOINT);
            return true;
        } catch (SQLException refused) {
            if (!TAKEN.equals(refused.getSQLState())) {
                throw new TransactionException("Rows cannot be copied", refused);
            }
            handle.rollbackToSavepoint(SAVEPOINT);
            return false;
        }
    }

    /** A batch that was sent before is not copied in vain: a few of its ids are looked up first. */
    private static boolean isReplay(Handle handle, List<Fact> facts) {
        var some = IntStream.range(0, SAMPLE)
                .mapToObj(number ->
                        facts.get((facts.size() - 1) * number / (SAMPLE - 1)).id())
                .toArray(String[]::new);
        return handle.createQuery("select exists(select from interaction_seen where id = any(:some))")
                .bind("some", some)
                .mapTo(Boolean.class)
                .one();
    }

    private static void copyIds(Handle handle, List<Fact> facts, Instant receivedAt) throws SQLException {
        try (var rows = new CopyRows(handle, "interaction_seen (id, content_hash, received_at)", 3)) {
            for (var fact : facts) {
                rows.row().text(fact.id()).uuid(fact.contentHash()).instant(receivedAt);
            }
            rows.end();
        }
    }

    private static void copyRows(Handle handle, List<Fact> facts, Instant receivedAt) throws SQLException {
        try (var rows = new CopyRows(handle, """
                interaction (contact_id, occurred_at, received_at, type_id, content_hash, id,
                             journey, tile, binding_key, properties, folded, lookups)""", 12)) {
            for (var fact : facts) {
                rows.row()
                        .bigint(fact.contactId())
                        .instant(fact.occurredAt())
                        .instant(receivedAt)
                        .smallint(fact.type().id())
                        .uuid(fact.contentHash())
                        .text(fact.id())
                        .text(fact.journey())
                        .text(fact.tile())
                        .text(fact.bindingKey())
                        .jsonb(fact.properties())
                        .jsonb(fact.folded())
                        .jsonb(fact.lookups());
            }
            rows.end();
        }
    }
}
