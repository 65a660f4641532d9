/** What tests of several features share. */
@NullMarked
package sojourn.testing;

import org.jspecify.annotations.NullMarked;
