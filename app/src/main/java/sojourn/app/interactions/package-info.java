/**
 * Interactions: immutable facts about one contact at one instant, sent from outside or recorded by the product itself.
 *
 * <p>Start with {@link sojourn.app.interactions.InteractionTypes} (what can happen) and {@link
 * sojourn.app.interactions.OwnInteractions} (how the product records what it does).
 */
@NullMarked
package sojourn.app.interactions;

import org.jspecify.annotations.NullMarked;
