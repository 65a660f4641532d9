package sojourn.workflows.journeys;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A tile that sends one message; the figures of messages are of such tiles. */
public sealed interface SendingTile extends Tile {

    /** Key of the message; null while drafting, and for tiles that carry what they send themselves. */
    @Nullable
    String message();

    /** Given up when it could not be handed over within this time of the visit's beginning; never when null. */
    @Nullable
    Span expiry();

    /** {@code normal} when null. */
    @Nullable
    Priority priority();

    /** When it may be sent; always when null. */
    @Nullable
    SendWindow sendWindow();

    /** Name of a custom channel; the one called as the type when null. */
    @Nullable
    String channel();

    @Nullable
    String next();

    default String channelOrDefault() {
        var own = channel();
        return own == null ? type() : own;
    }

    @Override
    default SendingTile sending() {
        return this;
    }

    @Override
    default Stream<String> messages() {
        return Stream.ofNullable(message());
    }

    @Override
    default Map<String, @Nullable String> exits() {
        return Exits.of("/next", next());
    }

    /** Which of the messages that wait for a channel goes first. */
    enum Priority {
        high,
        normal,
        low
    }

    /** A {@link SendingTile} whose message is written once and kept beside journeys. */
    sealed interface OfMessage extends SendingTile {

        /** What contacts get by chance in place of the message, each for good; null when all get the same. */
        @Nullable
        List<AbTest.Variant> variants();

        /** The same with one message for all. */
        OfMessage with(@Nullable String other);

        @Override
        default Stream<String> messages() {
            return AbTest.of(this).map(AbTest::messages).orElseGet(() -> Stream.ofNullable(message()));
        }
    }

    /** Sends an email. */
    record Email(
            @Nullable String message,
            @Nullable Span expiry,
            @Nullable Priority priority,
            @Nullable SendWindow sendWindow,
            @Nullable String channel,
            @JsonSetter(contentNulls = Nulls.FAIL) @Nullable List<AbTest.Variant> variants,
            @JsonInclude @Nullable String next)
            implements OfMessage {

        public Email {
            variants = variants == null ? null : List.copyOf(variants);
        }

        public Email(@Nullable String message, @Nullable Span expiry, @Nullable String next) {
            this(message, expiry, null, null, null, null, next);
        }

        @Override
        public Email with(@Nullable String other) {
            return new Email(other, expiry, priority, sendWindow, channel, null, next);
        }

        @Override
        public String type() {
            return "email";
        }
    }

    /** Sends a text to the phone number of the contact. */
    record Text(
            @Nullable String message,
            @Nullable Span expiry,
            @Nullable Priority priority,
            @Nullable SendWindow sendWindow,
            @Nullable String channel,
            @JsonSetter(contentNulls = Nulls.FAIL) @Nullable List<AbTest.Variant> variants,
            @JsonInclude @Nullable String next)
            implements OfMessage {

        public Text {
            variants = variants == null ? null : List.copyOf(variants);
        }

        @Override
        public Text with(@Nullable String other) {
            return new Text(other, expiry, priority, sendWindow, channel, null, next);
        }

        @Override
        public String type() {
            return "text";
        }
    }

    /** Sends a push message to the device of the contact. */
    record Push(
            @Nullable String message,
            @Nullable Span expiry,
            @Nullable Priority priority,
            @Nullable SendWindow sendWindow,
            @Nullable String channel,
            @JsonSetter(contentNulls = Nulls.FAIL) @Nullable List<AbTest.Variant> variants,
            @JsonInclude @Nullable String next)
            implements OfMessage {

        public Push {
            variants = variants == null ? null : List.copyOf(variants);
        }

        @Override
        public Push with(@Nullable String other) {
            return new Push(other, expiry, priority, sendWindow, channel, null, next);
        }

        @Override
        public String type() {
            return "push";
        }
    }

    /**
     * Calls an address on behalf of the contact. {@code url}, the values of {@code headers} and the texts in {@code body}
     * are Liquid templates.
     *
     * @param method {@code POST} when null
     * @param body a text, or JSON of any shape; null for one that names the delivery, the run and the contact
     */
    record Webhook(
            @Nullable String url,
            @Nullable Method method,
            @JsonSetter(contentNulls = Nulls.FAIL) @Nullable Map<String, String> headers,
            @Nullable Object body,
            @Nullable Span expiry,
            @Nullable Priority priority,
            @Nullable SendWindow sendWindow,
            @JsonInclude @Nullable String next)
            implements SendingTile {

        public Webhook {
            headers = headers == null ? null : new LinkedHashMap<>(headers);
        }

        public Map<String, String> allHeaders() {
            return headers == null ? Map.of() : headers;
        }

        public Method methodOrDefault() {
            return method == null ? Method.POST : method;
        }

        @Override
        public String type() {
            return "webhook";
        }

        @Override
        public @Nullable String message() {
            return null;
        }

        @Override
        public @Nullable String channel() {
            return null;
        }
    }

    /** How a webhook is called. */
    enum Method {
        GET,
        POST,
        PUT,
        PATCH,
        DELETE;

        public boolean hasBody() {
            return this != GET && this != DELETE;
        }
    }
}
