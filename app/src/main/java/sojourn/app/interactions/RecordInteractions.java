package sojourn.app.interactions;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.RecordChange;
import sojourn.app.interactions.OwnInteractions.Own;

/**
 * Records what is made and changed of records, in the transaction that does it: {@code RecordCreated} once, {@code RecordUpdated}
 * for each attribute. Their ids are of the record's version, which no other transaction writes. With an erasure they are treated like what comes from outside, for values may be personal.
 */
public final class RecordInteractions implements RecordChange.Listener {

    public static final String CREATED = "RecordCreated";
    public static final String UPDATED = "RecordUpdated";

    /** Keys of the types of such interactions. */
    public static final Set<String> TYPES = Set.of(CREATED, UPDATED);

    /** What ids of such interactions begin with, and none from outside does. */
    static final String ID = "recorded/";

    private final OwnInteractions own;

    RecordInteractions(OwnInteractions own) {
        this.own = own;
    }

    @Override
    public void changed(Handle handle, List<RecordChange> changes, Instant at) {
        var facts = new ArrayList<Own>();
        for (var change : changes) {
            if (change.updates().isEmpty()) {
                facts.add(fact(facts.size(), CREATED, change, null, at));
            }
            for (var update : change.updates()) {
                facts.add(fact(facts.size(), UPDATED, change, update, at));
            }
        }
        own.record(handle, facts);
    }

    private static Own fact(
            int number, String type, RecordChange change, RecordChange.@Nullable Update update, Instant at) {
        var properties = new LinkedHashMap<String, Object>();
        properties.put("record", change.type());
        properties.put("recordId", change.record().toString());
        if (update != null) {
            properties.put("attribute", update.attribute());
            put(properties, "oldValue", update.oldValue());
            put(properties, "newValue", update.newValue());
        }
        return new Own(
                ID + change.record() + "/" + change.version() + "/" + number, change.contact(), type, at, properties);
    }

    private static void put(Map<String, Object> properties, String name, @Nullable String value) {
        if (value != null) {
            properties.put(name, value);
        }
    }
}
