package sojourn.app.segments;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Nearest;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemError;
import sojourn.app.platform.ProblemType;
import sojourn.app.security.Caller;
import sojourn.app.segments.language.ContactState;
import sojourn.app.segments.language.Needs;

/**
 * The attributes that somebody wants to see of contacts, as the segment language names them, in the order asked for.
 * Contact points are not among them for those who may not see any.
 */
record ChosenAttributes(List<String> names) {

    /** What viewers do not see. */
    static final Set<String> CONTACT_POINTS = Set.of("email", "phone");

    /** The same attribute may be written with it, where its name is a word of the language. */
    private static final String PREFIX = "attributes.";

    ChosenAttributes {
        names = List.copyOf(names);
    }

    /** From a list in a body; {@code pointer} leads to it. */
    static ChosenAttributes check(
            @Nullable List<String> asked, Vocabulary.Words words, Caller caller, List<ProblemError> problems) {
        var known = words.catalog().contactAttributes().keySet();
        var chosen = new LinkedHashSet<String>();
        for (var index = 0; asked != null && index < asked.size(); index++) {
            var name = plain(asked.get(index));
            if (!known.contains(name)) {
                problems.add(ProblemError.at(
                        "/attributes/" + index,
                        "unknown-attribute",
                        "no attribute `" + name + "` is declared" + Nearest.advice(name, known)));
            } else if (caller.mayReadContactPoints() || !CONTACT_POINTS.contains(name)) {
                chosen.add(name);
            }
        }
        return new ChosenAttributes(List.copyOf(chosen));
    }

    /** From a query parameter: names with commas between them. */
    static ChosenAttributes check(@Nullable String asked, Vocabulary.Words words, Caller caller) {
        var problems = new ArrayList<ProblemError>();
        var names = asked == null || asked.isBlank() ? List.<String>of() : List.of(asked.split(",", -1));
        var chosen = check(names.stream().map(String::strip).toList(), words, caller, problems);
        if (!problems.isEmpty()) {
            throw Problem.invalid(problems);
        }
        return chosen;
    }

    private static String plain(String name) {
        return name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
    }

    /** Refuses a query of a caller's own over what the caller may not see: its answers would tell it. */
    static void requireSeen(Set<String> names, Caller caller) {
        if (!caller.mayReadContactPoints() && names.stream().anyMatch(CONTACT_POINTS::contains)) {
            throw new Problem(ProblemType.FORBIDDEN, "This key's role does not see contact points");
        }
    }

    /** The values by contact and name; what a contact does not have is null. */
    Map<Long, Map<String, @Nullable Object>> read(Handle handle, ContactStates states, Collection<Long> contacts) {
        if (names.isEmpty() || contacts.isEmpty()) {
            return Map.of();
        }
        var needs = Needs.ofAttributes(names);
        var values = new LinkedHashMap<Long, Map<String, @Nullable Object>>();
        states.load(handle, contacts, needs).forEach((contact, state) -> values.put(contact, of(state)));
        return values;
    }

    private Map<String, @Nullable Object> of(ContactState state) {
        var values = new LinkedHashMap<String, @Nullable Object>();
        names.forEach(name -> values.put(name, state.attributes().get(name)));
        return Collections.unmodifiableMap(values);
    }
}
