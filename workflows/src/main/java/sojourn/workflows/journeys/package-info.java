/**
 * What a journey's run does for days: {@link sojourn.workflows.journeys.JourneyRun} asks for one {@link
 * sojourn.workflows.journeys.Instruction} after another and carries each out.
 */
@NullMarked
package sojourn.workflows.journeys;

import org.jspecify.annotations.NullMarked;
