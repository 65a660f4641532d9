package sojourn.app.platform;

import org.jspecify.annotations.Nullable;

/** Optimistic concurrency: a record's version as its {@code ETag}, and {@code If-Match} against it. */
public final class Versions {

    private Versions() {}

    /** The ETag of a version, quotes included. */
    public static String etag(int version) {
        return "\"" + version + "\"";
    }

    /** For updates that need {@code If-Match}: 428 without it, 412 when the record has moved on. */
    public static void require(@Nullable String ifMatch, int version) {
        if (ifMatch == null) {
            throw new Problem(
                    ProblemType.PRECONDITION_REQUIRED,
                    "Send If-Match with the ETag of the record as you read it, now " + etag(version));
        }
        heed(ifMatch, version);
    }

    /** For updates where {@code If-Match} is optional: heeded when given. */
    public static void heed(@Nullable String ifMatch, int version) {
        if (ifMatch == null || ifMatch.strip().equals("*")) {
            return;
        }
        for (var tag : ifMatch.split(",")) {
            if (tag.strip().equals(etag(version))) {
                return;
            }
        }
        throw new Problem(ProblemType.STALE, "If-Match is " + ifMatch + " but the record is at " + etag(version));
    }
}
