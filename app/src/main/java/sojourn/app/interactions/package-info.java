/**
 * Interactions: immutable facts about one contact at one instant, sent from outside or recorded by the product itself.
 *
 * <p>What is sent goes through {@link sojourn.app.interactions.InteractionReader} (its shape), {@link
 * sojourn.app.interactions.Ingestion} (does it fit types and contacts) and {@link
 * sojourn.app.interactions.InteractionStore} (each once, with word of it). Other features start with {@link
 * sojourn.app.interactions.InteractionTypes} and {@link sojourn.app.interactions.OwnInteractions}.
 */
@NullMarked
package sojourn.app.interactions;

import org.jspecify.annotations.NullMarked;
