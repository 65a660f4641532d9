/** Whole installations of real processes, with things going wrong. */
@NullMarked
package sojourn.faults;

import org.jspecify.annotations.NullMarked;
