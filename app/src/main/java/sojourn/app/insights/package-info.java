/**
 * Insights: how many contacts came how far, why the others did not, and who they are.
 *
 * <p>{@link sojourn.app.insights.Figure} defines each figure twice: over the rows that runs leave behind, and over the
 * interactions that they record. The first counts, the second makes it a segment; {@code SavedSegmentTest} holds them
 * together.
 */
@NullMarked
package sojourn.app.insights;

import org.jspecify.annotations.NullMarked;
