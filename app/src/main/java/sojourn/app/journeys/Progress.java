package sojourn.app.journeys;

/**
 * How far work on the runs of a journey is.
 *
 * @param done how many runs it has gone through
 * @param total how many there were when it began; some may end before it comes to them
 */
public record Progress(long done, long total) {}
