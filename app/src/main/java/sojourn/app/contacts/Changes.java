package sojourn.app.contacts;

import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jdbi.v3.core.Handle;

/**
 * Word of what changed about contacts, for segments and runs: written in the transaction of the change, so that neither
 * can be lost without the other, and acted upon after its commit.
 */
public final class Changes {

    /** The cause to give when a contact's own fields changed; other causes are interaction type keys. */
    public static final String PROFILE = "profile";

    /** The cause to give when a contact's consent changed. */
    public static final String CONSENT = "consent";

    private static final int CONTACTS_PER_ROW = 1000;
    private static final String[] CONSUMERS = {"runs", "segments"};

    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    /** Leaves word that these contacts changed for these causes: a row per consumer and at most 1,000 contacts. */
    public void record(Handle handle, Collection<Long> contacts, Collection<String> causes, Instant at) {
        var ids = contacts.stream().distinct().sorted().toList();
        if (ids.isEmpty()) {
            return;
        }
        try (var batch = handle.prepareBatch("""
                insert into change (consumer, contact_ids, causes, at)
                values (:consumer, :contacts, :causes, :at)
                """)) {
            var sortedCauses = causes.stream().distinct().sorted().toArray(String[]::new);
            for (var from = 0; from < ids.size(); from += CONTACTS_PER_ROW) {
                var some = ids.subList(from, Math.min(from + CONTACTS_PER_ROW, ids.size()))
                        .toArray(Long[]::new);
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

    /** Wakes whoever reacts to changes; call it after the commit. Only a matter of speed: they also look by themselves. */
    public void kick() {
        listeners.forEach(Runnable::run);
    }

    /** Asks to be woken. The listener must be quick. */
    public void onKick(Runnable listener) {
        listeners.add(listener);
    }
}
