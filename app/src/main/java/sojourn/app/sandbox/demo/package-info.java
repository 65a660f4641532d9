/**
 * The show: a shop that keeps its customers and their purchases in Sojourn and wins back those who stay away, as an outside
 * system would: over HTTP only.
 *
 * <p>Start with {@link sojourn.app.sandbox.demo.Show}, which tells the story; {@link sojourn.app.sandbox.demo.DemoCommand}
 * is what is typed.
 */
@NullMarked
package sojourn.app.sandbox.demo;

import org.jspecify.annotations.NullMarked;
