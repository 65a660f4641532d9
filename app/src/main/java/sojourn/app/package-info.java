/**
 * The application: {@link sojourn.app.Sojourn} puts the features together, in the order they need one another. Each
 * feature is a package beside this one with a door called {@code ...Feature}.
 */
@NullMarked
package sojourn.app;

import org.jspecify.annotations.NullMarked;
