/**
 * Segments: who belongs together, found by a query or picked by hand.
 *
 * <p>Other features come in by {@link sojourn.app.segments.SegmentsFeature}. Whoever writes memberships does so by {@link
 * sojourn.app.segments.MembershipWriter}, behind the locks of {@link sojourn.app.segments.Locks}.
 */
@NullMarked
package sojourn.app.segments;

import org.jspecify.annotations.NullMarked;
