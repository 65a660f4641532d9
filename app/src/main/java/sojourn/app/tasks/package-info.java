/**
 * Tasks: what somebody on the sales side is to do about a contact, an appointment or a phone call among it.
 *
 * <p>{@link sojourn.app.tasks.Tasks} makes and ends them; journeys make them by tiles, and wait for the interaction {@code
 * TaskCompleted}.
 */
@NullMarked
package sojourn.app.tasks;

import org.jspecify.annotations.NullMarked;
