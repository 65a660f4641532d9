package sojourn.app.journeys;

import java.util.List;

/** What is wrong with a condition of the segment language inside a journey's document; empty when nothing is. */
interface ConditionCheck {

    record Flaw(int line, int column, String code, String detail) {}

    /** A condition over a contact. */
    List<Flaw> overContact(String condition);

    /** A condition over the properties of an interaction type. */
    List<Flaw> overInteraction(String type, String condition);
}
