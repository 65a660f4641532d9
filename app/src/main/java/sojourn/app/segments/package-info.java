/**
 * Segments: who belongs together, found by a query or picked by hand, and kept up to date.
 *
 * <p>A query has one meaning computed in two ways. {@link sojourn.app.segments.IncrementalEvaluation} asks about the
 * contacts that changed, in Java, a moment after they did; {@link sojourn.app.segments.ClockPass} names the contacts
 * that time alone may have moved; {@link sojourn.app.segments.FullEvaluation} asks about all contacts at once, in SQL,
 * to begin with and as an audit. What scope and overrides make of its answer is {@link sojourn.app.segments.Belonging}.
 * All three write through the locks of {@link sojourn.app.segments.Locks}. What people ask about queries, without
 * changing anything, begins in {@link sojourn.app.segments.Questions}. Other features come in by
 * {@link sojourn.app.segments.SegmentsFeature}.
 */
@NullMarked
package sojourn.app.segments;

import org.jspecify.annotations.NullMarked;
