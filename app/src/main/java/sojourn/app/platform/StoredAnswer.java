package sojourn.app.platform;

import java.util.Map;
import org.jdbi.v3.json.Json;
import org.jspecify.annotations.Nullable;

/** What an earlier request with the same Idempotency-Key was answered. */
@SuppressWarnings("ArrayRecordComponent") // read once and never compared as a whole
public record StoredAnswer(byte[] hash, int status, @Json Map<String, String> headers, byte @Nullable [] body) {}
