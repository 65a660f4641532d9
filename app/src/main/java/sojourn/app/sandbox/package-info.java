/**
 * Everything needed to try Sojourn on one machine: PostgreSQL, Temporal and a mail catcher that keep what they hold in
 * one directory and come back with it, however they were ended.
 *
 * <p>Start with {@link sojourn.app.sandbox.DevCommand}, which runs the application on a {@link
 * sojourn.app.sandbox.Sandbox}.
 */
@NullMarked
package sojourn.app.sandbox;

import org.jspecify.annotations.NullMarked;
