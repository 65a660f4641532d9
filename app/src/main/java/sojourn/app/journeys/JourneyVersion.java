package sojourn.app.journeys;

import java.time.Instant;

/**
 * A published version of a journey; its document never changes.
 *
 * @param liveAt when it went live
 * @param current whether it is the journey's live version, on which contacts enter
 */
public record JourneyVersion(int version, Instant liveAt, String liveBy, boolean current) {}
