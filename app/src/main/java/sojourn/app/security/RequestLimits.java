package sojourn.app.security;

import io.github.bucket4j.Bucket;
import io.github.bucket4j.TimeMeter;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import jakarta.ws.rs.core.HttpHeaders;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemType;

/**
 * How many requests each key may send to this process: a bucket for each, as large as what may come at once, into which
 * a second's worth flows each second. Answers say what is left in the fields of draft-ietf-httpapi-ratelimit-headers.
 */
final class RequestLimits implements ContainerResponseFilter {

    private static final String PROPERTY = "sojourn.requests-left";
    private static final String POLICY = "\"requests\"";

    /**
     * What a key has left after a request.
     *
     * @param untilFull how long until it has all of it again
     * @param untilNext how long until the next request; zero when there may be one now
     */
    record Left(boolean allowed, long requests, Duration untilFull, Duration untilNext) {}

    private final long perSecond;
    private final long atOnce;
    private final TimeMeter time;
    private final Map<UUID, Bucket> buckets = new ConcurrentHashMap<>();

    /**
     * Limits nothing when {@code perSecond} is 0.
     *
     * @param atOnce requests after a pause; at least 1
     */
    RequestLimits(long perSecond, long atOnce, InstantSource clock) {
        this.perSecond = perSecond;
        this.atOnce = atOnce;
        this.time = new Nanos(clock);
    }

    boolean limit() {
        return perSecond > 0;
    }

    /** Counts a request, and throws the problem that answers one too many. */
    void count(ContainerRequestContext request, UUID key) {
        if (!limit()) {
            return;
        }
        var left = take(key);
        request.setProperty(PROPERTY, left);
        if (!left.allowed()) {
            throw new Problem(
                    ProblemType.TOO_MANY_REQUESTS,
                    "The key may send " + perSecond + " requests a second, after a pause " + atOnce
                            + " at once; go on after Retry-After");
        }
    }

    Left take(UUID key) {
        var taken = buckets.computeIfAbsent(key, _ -> bucket()).tryConsumeAndReturnRemaining(1);
        return new Left(
                taken.isConsumed(),
                taken.getRemainingTokens(),
                Duration.ofNanos(taken.getNanosToWaitForReset()),
                Duration.ofNanos(taken.getNanosToWaitForRefill()));
    }

    private Bucket bucket() {
        return Bucket.builder()
                .withCustomTimePrecision(time)
                .addLimit(limit -> limit.capacity(atOnce).refillGreedy(perSecond, Duration.ofSeconds(1)))
                .build();
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (!(request.getProperty(PROPERTY) instanceof Left left)) {
            return;
        }
        var headers = response.getHeaders();
        headers.putSingle("RateLimit-Policy", POLICY + ";q=" + atOnce + ";w=" + Math.ceilDiv(atOnce, perSecond));
        headers.putSingle("RateLimit", POLICY + ";r=" + left.requests() + ";t=" + seconds(left.untilFull()));
        if (!left.allowed()) {
            headers.putSingle(HttpHeaders.RETRY_AFTER, seconds(left.untilNext()));
        }
    }

    /** Whole seconds, rounded up. */
    private static long seconds(Duration duration) {
        return duration.plusNanos(999_999_999).toSeconds();
    }

    private record Nanos(InstantSource clock) implements TimeMeter {

        @Override
        public long currentTimeNanos() {
            var now = clock.instant();
            return now.getEpochSecond() * 1_000_000_000 + now.getNano();
        }

        @Override
        public boolean isWallClockBased() {
            return true;
        }
    }
}
