package sojourn.app.journeys;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Declaration;

/** What is wrong with a condition of the segment language inside a journey's document; empty when nothing is. */
interface ConditionCheck {

    record Flaw(int line, int column, String code, String detail) {}

    /**
     * A condition over a contact.
     *
     * @param trigger type of the interaction that lets contacts in, for which it may ask too; null when none does
     */
    List<Flaw> overContact(String condition, @Nullable String trigger);

    /** The segments that a condition over a contact asks for; none of one that is not understood. */
    Set<String> segmentsIn(String condition, @Nullable String trigger);

    /** What can be asked of a contact, and what the trigger says, by name. */
    Map<String, Declaration> contactAttributes(@Nullable String trigger);

    /** A condition over the properties of an interaction type. */
    List<Flaw> overInteraction(String type, String condition);
}
