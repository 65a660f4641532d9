package sojourn.app.journeys;

/** Where a journey is in its life; names as in tables and the API. */
public enum JourneyState {
    draft,
    goingLive,
    live,
    paused,
    stopping,
    stopped,
    completing,
    completed,
    error
}
