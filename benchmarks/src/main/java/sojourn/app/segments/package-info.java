/** Lets the benchmarks time inner parts of the engine, which the product keeps to itself, one by one. */
@NullMarked
package sojourn.app.segments;

import org.jspecify.annotations.NullMarked;
