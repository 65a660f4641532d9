package sojourn.app.segments;

import sojourn.app.segments.language.ContactState;

/** Which contacts a segment may have at all, as its scope says just now. */
sealed interface Scope {

    record Everybody() implements Scope {}

    /** The contacts of one business unit. */
    record Unit(String key) implements Scope {}

    /** The owner who says whose contacts is in no business unit. */
    record Nobody() implements Scope {}

    default boolean isEverybody() {
        return this instanceof Everybody;
    }

    default boolean has(ContactState contact) {
        return switch (this) {
            case Everybody() -> true;
            case Unit(var key) -> key.equals(contact.attributes().get(ContactStates.BUSINESS_UNIT));
            case Nobody() -> false;
        };
    }

    /** The same as a condition on {@code contact c}, never null. */
    default Statement condition() {
        return switch (this) {
            case Everybody() -> Statement.of("true");
            case Unit(var key) -> Statement.of("(c.business_unit is not distinct from ?)", key);
            case Nobody() -> Statement.of("false");
        };
    }
}
