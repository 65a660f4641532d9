package sojourn.app.journeys;

import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import sojourn.app.contacts.ContactFields;
import sojourn.app.contacts.LeadMaker;
import sojourn.app.interactions.InteractionType;
import sojourn.app.interactions.InteractionTypes;

/**
 * What the names stand for that tiles which do something use, just now.
 *
 * @param sentSegments keys of segments whose members another system sends
 * @param recordedTypes keys of profile types whose changes are recorded as interactions
 */
record ActingNames(
        ContactFields.Known contact,
        Set<String> sentSegments,
        Map<String, InteractionType> interactionTypes,
        Map<String, String> journeyStates,
        LeadMaker.Known lead,
        Set<String> recordedTypes) {

    /** Where nothing has been declared. */
    static final ActingNames BUILT_IN = new ActingNames(
            ContactFields.Known.of(Map.of()), Set.of(), Map.of(), Map.of(), LeadMaker.Known.of(Map.of()), Set.of());

    static ActingNames read(Handle handle) {
        return new ActingNames(
                ContactFields.Known.read(handle),
                handle.select("select key from segment where external_source is not null")
                        .mapTo(String.class)
                        .set(),
                InteractionTypes.all(handle),
                handle.select("select key, state from journey")
                        .map((row, _) -> Map.entry(row.getString(1), row.getString(2)))
                        .collectToMap(Map.Entry::getKey, Map.Entry::getValue),
                LeadMaker.Known.read(handle),
                handle.select("select key from profile_type where record_changes")
                        .mapTo(String.class)
                        .set());
    }
}
