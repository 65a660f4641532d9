package sojourn.app.platform;

import java.security.SecureRandom;
import java.util.HexFormat;
import org.slf4j.MDC;

/** The id that ties an answer to the log lines written while it was made. */
final class TraceIds {

    static final String KEY = "traceId";

    private static final SecureRandom RANDOM = new SecureRandom();

    private TraceIds() {}

    static String next() {
        var bytes = new byte[8];
        RANDOM.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    /** The id of the request this thread is answering; a new one outside of any. */
    static String current() {
        var id = MDC.get(KEY);
        return id == null ? next() : id;
    }
}
