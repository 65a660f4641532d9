package sojourn.app.interactions;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import sojourn.app.contacts.Declaration;

/**
 * A kind of interaction.
 *
 * @param properties everything that an interaction of it may carry: what was declared, and the built-in properties
 */
public record InteractionType(short id, String key, boolean builtIn, Map<String, Declaration> properties) {

    public InteractionType {
        properties = Collections.unmodifiableMap(new LinkedHashMap<>(properties));
    }
}
