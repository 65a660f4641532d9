/**
 * Contacts: the people, what is known about them, and word of every change.
 *
 * <p>Start with {@link sojourn.app.contacts.Contact} (one person), {@link sojourn.app.contacts.ProfileTypes} (what may be
 * known) and {@link sojourn.app.contacts.Changes} (how whoever reacts to a change learns of it).
 */
@NullMarked
package sojourn.app.contacts;

import org.jspecify.annotations.NullMarked;
