/**
 * Messages: what is written once and sent to many, personalized with Liquid.
 *
 * <p>{@link sojourn.app.messages.Messages} gives the live version that a delivery uses, {@link
 * sojourn.app.messages.MessageRenderer} makes of it what one contact gets. {@link sojourn.app.messages.Liquid} is the
 * only place where templates written by people are parsed.
 */
@NullMarked
package sojourn.app.messages;

import org.jspecify.annotations.NullMarked;
