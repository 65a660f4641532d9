package sojourn.app.interactions;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.ProblemError;

/**
 * An interaction as somebody sent it, before it is held against contacts and types.
 *
 * @param index its place in what was sent, from 0
 * @param line where it begins in a stream, from 1
 * @param errors what is wrong with its shape; when there are any, other fields may be null
 * @param names what fields are called in the format that it came in, where they have other names there
 */
record Sent(
        long index,
        @Nullable Long line,
        @Nullable String id,
        @Nullable String type,
        @Nullable String contact,
        @Nullable String anonymousId,
        @Nullable Instant occurredAt,
        @Nullable String bindingKey,
        @Nullable Map<String, @Nullable Object> properties,
        List<ProblemError> errors,
        Map<String, String> names) {

    /** In the words of our own format. */
    Sent(
            long index,
            @Nullable Long line,
            @Nullable String id,
            @Nullable String type,
            @Nullable String contact,
            @Nullable String anonymousId,
            @Nullable Instant occurredAt,
            @Nullable String bindingKey,
            @Nullable Map<String, @Nullable Object> properties,
            List<ProblemError> errors) {
        this(index, line, id, type, contact, anonymousId, occurredAt, bindingKey, properties, errors, Map.of());
    }

    static Sent unreadable(long index, long line, String code, String detail) {
        return new Sent(
                index, line, null, null, null, null, null, null, null, List.of(ProblemError.at("", code, detail)));
    }
}
