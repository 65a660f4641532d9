/**
 * Delivery: one message to one contact point of one contact, exactly once; consent, tracking, unsubscribing.
 *
 * <p>{@link sojourn.app.delivery.Passages} is what delivery asks of the run it sends for; journeys implement it.
 */
@NullMarked
package sojourn.app.delivery;

import org.jspecify.annotations.NullMarked;
