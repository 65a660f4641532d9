package sojourn.app.segments.language;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * A record that a contact is related to, and what is related to it in turn, as far as that was loaded. Records may be
 * related in circles, so that two of them are never compared.
 */
public final class RelatedRecord {

    private final Map<String, Object> attributes;
    private final Map<Hop, List<RelatedRecord>> related = new HashMap<>();

    public RelatedRecord(Map<String, Object> attributes) {
        this.attributes = Map.copyOf(attributes);
    }

    Map<String, Object> attributes() {
        return attributes;
    }

    /** By hop; what no query asks for may be missing. */
    public Map<Hop, List<RelatedRecord>> related() {
        return related;
    }

    /** Says which records one hop leads to. */
    public void relate(Hop hop, List<RelatedRecord> records) {
        related.put(hop, List.copyOf(records));
    }
}
