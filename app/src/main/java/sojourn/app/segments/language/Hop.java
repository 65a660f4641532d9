package sojourn.app.segments.language;

/**
 * One relationship followed while going away from a contact.
 *
 * @param forward from the record that looks up to the one looked up
 * @param to the profile type that is reached
 */
public record Hop(String relationship, boolean forward, String to) {}
