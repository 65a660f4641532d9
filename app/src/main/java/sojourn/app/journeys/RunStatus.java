package sojourn.app.journeys;

/** How far a run is; names as in tables and the API. */
public enum RunStatus {
    pending,
    active,
    completed,
    stopped,
    failed
}
