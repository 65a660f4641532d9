package sojourn.app.contacts;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;

/**
 * Word of what changed about contacts and other records, for segments and runs: written in the transaction of the change, so that neither
 * can be lost without the other, and acted upon after its commit.
 */
public final class Changes {

    /** The cause to give when a contact's own fields changed; other causes are interaction type keys, or as below. */
    public static final String PROFILE = "profile";

    /** The cause to give when a contact's consent changed. */
    public static final String CONSENT = "consent";

    /**
     * Begins the cause to give when a contact's links changed; the relationship's key follows. It cannot be an
     * interaction type's key, which has no slash.
     */
    public static final String RELATIONSHIP = "relationship/";

    private static final int IDS_PER_ROW = 1000;
    private static final String[] CONSUMERS = {"runs", "segments"};

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private final List<RecordNames.Keeper> keepers = new CopyOnWriteArrayList<>();
    private final List<RecordChange.Listener> recorders = new CopyOnWriteArrayList<>();

    /** Leaves word that these contacts changed for these causes: a row per consumer and at most 1,000 contacts. */
    public void record(Handle handle, Collection<Long> contacts, Collection<String> causes, Instant at) {
        var rows = rows(contacts);
        if (rows.isEmpty()) {
            return;
        }
        try (var batch = handle.prepareBatch("""
                insert into change (consumer, contact_ids, causes, at)
                values (:consumer, :contacts, :causes, :at)
                """)) {
            var sortedCauses = causes.stream().distinct().sorted().toArray(String[]::new);
            for (var some : rows) {
                for (var consumer : CONSUMERS) {
                    batch.bind("consumer", consumer)
                            .bind("contacts", some)
                            .bind("causes", sortedCauses)
                            .bind("at", at)
                            .add();
                }
            }
            batch.execute();
        }
    }

    /** Leaves word that these records of a type other than contact changed, or their links by a relationship. */
    public void recordProfiles(Handle handle, short type, Collection<Long> ids, String cause, Instant at) {
        var rows = rows(ids);
        if (rows.isEmpty()) {
            return;
        }
        try (var batch = handle.prepareBatch("""
                insert into record_change (type_id, record_ids, cause, at) values (:type, :records, :cause, :at)
                """)) {
            for (var some : rows) {
                batch.bind("type", type)
                        .bind("records", some)
                        .bind("cause", cause)
                        .bind("at", at)
                        .add();
            }
            batch.execute();
        }
    }

    /** Leaves word of records that are no more, by their external ids. */
    public void recordGone(Handle handle, short type, Collection<String> names, Instant at) {
        if (!names.isEmpty()) {
            handle.createUpdate("""
                            insert into record_change (type_id, record_ids, names, cause, at)
                            values (:type, '{}', :names, :cause, :at)
                            """)
                    .bind("type", type)
                    .bind("names", names.toArray(String[]::new))
                    .bind("cause", PROFILE)
                    .bind("at", at)
                    .execute();
        }
    }

    private static List<Long[]> rows(Collection<Long> ids) {
        var sorted = ids.stream().distinct().sorted().toList();
        var rows = new ArrayList<Long[]>();
        for (var from = 0; from < sorted.size(); from += IDS_PER_ROW) {
            rows.add(sorted.subList(from, Math.min(from + IDS_PER_ROW, sorted.size()))
                    .toArray(Long[]::new));
        }
        return rows;
    }

    /** Asks to be told in time of records that are called otherwise. */
    public void onRename(RecordNames.Keeper keeper) {
        keepers.add(keeper);
    }

    void renamed(Handle handle, String type, String old, @Nullable String name, Instant now) {
        keepers.forEach(keeper -> keeper.renamed(handle, type, old, name, now));
    }

    /** Asks to be told, in its transaction, of what is made and changed of records whose type has that recorded. */
    public void onRecordChange(RecordChange.Listener recorder) {
        recorders.add(recorder);
    }

    void changed(Handle handle, List<RecordChange> records, Instant at) {
        if (!records.isEmpty()) {
            recorders.forEach(recorder -> recorder.changed(handle, records, at));
        }
    }

    /** Wakes whoever reacts to changes; call it after the commit. Only a matter of speed: they also look by themselves. */
    public void kick() {
        listeners.forEach(Runnable::run);
    }

    /** Asks to be woken. The listener must be quick. */
    public void onKick(Runnable listener) {
        listeners.add(listener);
    }
}
