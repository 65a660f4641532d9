package sojourn.app.journeys;

/** Why runs end early; stable names of the API. */
final class StopReason {

    static final String EXIT_INTERACTION = "exit-interaction";
    static final String SUPPRESSION_SEGMENT = "suppression-segment";
    static final String EXIT_SEGMENT = "exit-segment";
    static final String LEFT_AUDIENCE = "left-audience";
    static final String CONSENT_WITHDRAWN = "consent-withdrawn";
    static final String CONTACT_INACTIVE = "contact-inactive";
    static final String CONTACT_ERASED = "contact-erased";
    static final String CONTACT_MERGED = "contact-merged";
    static final String JOURNEY_ENDED = "journey-ended";
    static final String JOURNEY_STOPPED = "journey-stopped";
    static final String RESTARTED = "restarted";
    static final String REMOVED = "removed";

    private StopReason() {}
}
