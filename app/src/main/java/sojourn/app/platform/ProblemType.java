package sojourn.app.platform;

import java.util.Locale;

/** Every problem the API answers with. The name makes the type URI, so it is part of the API and never changes. */
public enum ProblemType {
    MALFORMED_REQUEST(400, "The request cannot be read"),
    UNAUTHENTICATED(401, "A valid API key is needed"),
    FORBIDDEN(403, "The key's role does not allow this"),
    NOT_FOUND(404, "There is no such thing"),
    METHOD_NOT_ALLOWED(405, "The method is not allowed here"),
    NOT_ACCEPTABLE(406, "None of the accepted media types can be produced"),
    CONFLICT(409, "The request conflicts with what is there"),
    KEY_TAKEN(409, "The key is taken"),
    WRONG_STATE(409, "The record's state does not allow this"),
    IN_USE(409, "The record is in use"),
    STILL_RUNNING(409, "A request with this Idempotency-Key is still running"),
    ALREADY_ENTERED(409, "The contact has entered the journey already"),
    TOTAL_REACHED(409, "As many contacts as may have entered the journey"),
    EXCLUDED(409, "The contact is in an exclusion segment"),
    SUPPRESSED(409, "The contact is in the suppression segment"),
    INACTIVE(409, "The contact is not active"),
    NOT_LIVE(409, "The record is not live"),
    QUOTA_EXCEEDED(409, "The quota is used up"),
    EXPIRED(410, "It was kept for a while and is no more"),
    STALE(412, "The record has changed since it was read"),
    TOO_LARGE(413, "The request is too large"),
    UNSUPPORTED_MEDIA_TYPE(415, "The media type is not supported"),
    INVALID(422, "The request is not valid"),
    IDEMPOTENCY_KEY_REUSED(422, "The Idempotency-Key was used with another request"),
    PRECONDITION_REQUIRED(428, "If-Match is required"),
    TOO_MANY_REQUESTS(429, "Too many requests"),
    INTERNAL(500, "Something went wrong on our side"),
    UNAVAILABLE(503, "Not available just now");

    private final int status;
    private final String title;

    ProblemType(int status, String title) {
        this.status = status;
        this.title = title;
    }

    public int status() {
        return status;
    }

    public String title() {
        return title;
    }

    /** The slug, e.g. {@code not-found}; codes in the contract are these slugs. */
    public String slug() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    public String uri() {
        return "urn:sojourn:problem:" + slug();
    }
}
