package sojourn.app.sandbox.demo;

import java.time.Instant;
import java.util.List;
import java.util.Map;

/**
 * Someone who may enter the journey of a {@link Scene}.
 *
 * @param attributes that are known of them
 * @param past what they have done before the journey began
 * @param doings what they do as soon as it is live
 * @param entries how often all that lets them in
 */
record Guest(String id, Person person, Map<String, Object> attributes, List<Did> past, List<Did> doings, int entries) {

    Guest {
        attributes = Map.copyOf(attributes);
        past = List.copyOf(past);
        doings = List.copyOf(doings);
    }

    /**
     * An interaction of theirs.
     *
     * @param daysAgo when, 0 for now
     */
    record Did(String type, int daysAgo, Map<String, Object> properties) {

        Intake.Interaction interaction(String id, String contact, Instant now) {
            return new Intake.Interaction(
                    id, type, "external:" + contact, now.minusSeconds(daysAgo * 86_400L), properties);
        }
    }

    Intake.Contact contact() {
        return new Intake.Contact(
                id, person.email(), person.firstName(), person.lastName(), person.timeZone(), attributes);
    }
}
