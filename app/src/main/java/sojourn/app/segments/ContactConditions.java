package sojourn.app.segments;

import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import org.jdbi.v3.core.Handle;
import sojourn.app.segments.language.Condition;
import sojourn.app.segments.language.ConditionMatcher;
import sojourn.app.segments.language.Needs;
import sojourn.app.segments.language.Query;
import sojourn.app.segments.language.QueryMatcher;

/** Asks whether a condition holds for one contact now. */
public final class ContactConditions {

    private final ContactStates states;
    private final InstantSource clock;

    ContactConditions(ContactStates states, InstantSource clock) {
        this.states = states;
        this.clock = clock;
    }

    /** Whether a query has the contact, over records related to it too. */
    public boolean has(Handle handle, long contact, Query query, ZoneId zone) {
        var state = states.load(handle, List.of(contact), Needs.of(query)).get(contact);
        return state != null && QueryMatcher.matches(query, state, clock.instant(), zone);
    }

    /** Nothing holds for a contact that was erased. */
    public boolean matches(Handle handle, long contact, Condition condition, ZoneId zone) {
        var state = states.load(handle, List.of(contact), Needs.of(condition)).get(contact);
        return state != null && ConditionMatcher.matches(condition, state, clock.instant(), zone);
    }
}
