/**
 * What every feature stands on: database, problems, JSON, paging, jobs, loops, the clock.
 *
 * <p>Start with {@link sojourn.app.platform.Problem} (every error the API answers), {@link
 * sojourn.app.platform.Page} (every list) and {@link sojourn.app.platform.Loop} (everything that reacts after a commit).
 */
@NullMarked
package sojourn.app.platform;

import org.jspecify.annotations.NullMarked;
