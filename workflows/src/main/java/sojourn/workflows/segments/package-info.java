/**
 * What keeps a live segment evaluated for as long as it lives: {@link sojourn.workflows.segments.SegmentEvaluation}
 * waits, and {@link sojourn.workflows.segments.SegmentActivities} does what is due.
 */
@NullMarked
package sojourn.workflows.segments;

import org.jspecify.annotations.NullMarked;
