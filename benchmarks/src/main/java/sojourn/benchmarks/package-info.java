/**
 * Measures the product beside the bare thing, in one run and by turns, so that only the machine's noise differs. {@link
 * sojourn.benchmarks.Benchmarks} runs them all and prints a table.
 */
@NullMarked
package sojourn.benchmarks;

import org.jspecify.annotations.NullMarked;
