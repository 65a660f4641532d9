package sojourn.app.messages;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a message says; never changes once it was live. {@code from}, {@code replyTo}, {@code subject}, {@code
 * preheader}, {@code html} and {@code text} are Liquid templates.
 *
 * @param purpose {@code commercial} or {@code transactional}: what consent it needs
 * @param preheader the line that mail programs show beside the subject
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
        List<String> tags) {

    static final String COMMERCIAL = "commercial";
    static final String TRANSACTIONAL = "transactional";

    public MessageContent {
        tags = List.copyOf(tags);
    }
}
