package sojourn.app.segments;

import java.time.InstantSource;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.segments.language.Condition;
import sojourn.app.segments.language.ConditionMatcher;
import sojourn.app.segments.language.Needs;
import sojourn.app.segments.language.Query;
import sojourn.app.segments.language.QueryMatcher;

/** Asks what is true of one contact now. */
public final class ContactConditions {

    private final ContactStates states;
    private final InstantSource clock;

    public ContactConditions(Jdbi jdbi, InstantSource clock) {
        this.states = new ContactStates(new Vocabulary(jdbi));
        this.clock = clock;
    }

    /** Whether a query has the contact, over records related to it too. */
    public boolean has(Handle handle, long contact, Query query, ZoneId zone) {
        var state = states.load(handle, List.of(contact), Needs.of(query)).get(contact);
        return state != null && QueryMatcher.matches(query, state, clock.instant(), zone);
    }

    /**
     * Whether a condition holds. Nothing holds for a contact that was erased.
     *
     * @param more values that the condition may ask for as if they were attributes of the contact
     */
    public boolean matches(Handle handle, long contact, Condition condition, ZoneId zone, Map<String, Object> more) {
        var state = states.load(handle, List.of(contact), Needs.of(condition)).get(contact);
        return state != null && ConditionMatcher.matches(condition, state.with(more), clock.instant(), zone);
    }

    /** The value of an attribute, as queries see it; empty when the contact has none. */
    public Optional<Object> value(Handle handle, long contact, String attribute) {
        return Optional.ofNullable(states.attributes(handle, contact).get(attribute));
    }

    /** The values of these attributes, as queries see them; those that the contact has. */
    public Map<String, Object> values(Handle handle, long contact, Set<String> attributes) {
        var values = new HashMap<>(states.attributes(handle, contact));
        values.keySet().retainAll(attributes);
        return values;
    }
}
