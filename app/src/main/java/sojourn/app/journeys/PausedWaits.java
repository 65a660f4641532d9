package sojourn.app.journeys;

/** What waits do while their journey is paused; names as in the API. */
public enum PausedWaits {
    /** Time goes on: what has passed by the end of the pause has passed. */
    run,
    /** Time stands still: a wait of five days is so much longer. Moments of the calendar stay what they are. */
    hold
}
