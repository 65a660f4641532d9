package sojourn.app.messages;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a message says; never changes once it was live. {@code from}, {@code replyTo}, {@code subject}, {@code
 * preheader}, {@code html}, {@code text}, {@code title}, {@code body}, {@code link} and the values of {@code data} are
 * Liquid templates.
 *
 * @param purpose {@code commercial} or {@code transactional}: what consent it needs
 * @param preheader the line that mail programs show beside the subject
 * @param text of an email, or of a text
 * @param title of a push message, as are {@code body}, {@code link}, which a tap opens, and {@code data} for the app
 */
@JsonInclude(JsonInclude.Include.ALWAYS)
public record MessageContent(
        @Nullable String name,
        String purpose,
        @Nullable String from,
        @Nullable String replyTo,
        @Nullable String subject,
        @Nullable String preheader,
        @Nullable String html,
        @Nullable String text,
        @Nullable String topic,
        List<String> tags,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String title,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String body,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable String link,

        @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Map<String, String> data) {

    static final String COMMERCIAL = "commercial";
    static final String TRANSACTIONAL = "transactional";

    public MessageContent {
        tags = List.copyOf(tags);
        data = data == null ? null : new LinkedHashMap<>(data);
    }

    MessageContent reworded(
            @Nullable String otherSubject, @Nullable String otherPreheader, @Nullable String otherFrom) {
        return new MessageContent(
                name,
                purpose,
                otherFrom == null ? from : otherFrom,
                replyTo,
                otherSubject == null ? subject : otherSubject,
                otherPreheader == null ? preheader : otherPreheader,
                html,
                text,
                topic,
                tags,
                title,
                body,
                link,
                data);
    }

    /** What a push message tells the app, none when it says nothing. */
    Map<String, String> allData() {
        return data == null ? Map.of() : data;
    }
}
