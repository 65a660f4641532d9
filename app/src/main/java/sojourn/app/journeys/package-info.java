/**
 * Journeys: documents and their versions, who enters, and the runs of contacts through them.
 *
 * <p>Follow a run: {@link sojourn.app.journeys.Enrolment} makes its row, {@link sojourn.app.journeys.RunStarter} starts
 * its workflow, {@link sojourn.app.journeys.RunSteps} carries it forward in PostgreSQL each time the workflow asks,
 * {@link sojourn.app.journeys.ExitLook} says what ends it early, {@link sojourn.app.journeys.ChangeMatcher} and {@link
 * sojourn.app.journeys.MembershipIntake} wake it when something happened.
 */
@NullMarked
package sojourn.app.journeys;

import org.jspecify.annotations.NullMarked;
