package sojourn.app.messages;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemError;

/** A message as a client writes it. */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record NewMessage(
        @Nullable String key,
        @Nullable String channel,
        @Nullable String name,
        @Nullable String purpose,
        @Nullable String from,
        @Nullable String replyTo,
        @Nullable String subject,
        @Nullable String preheader,
        @Nullable String html,
        @Nullable String text,
        @Nullable String topic,
        @Nullable List<@Nullable String> tags,
        @Nullable String title,
        @Nullable String body,
        @Nullable String link,
        @JsonSetter(contentNulls = Nulls.FAIL) @Nullable Map<String, String> data) {

    static final String EMAIL = "email";
    static final String TEXT = "text";
    static final String PUSH = "push";

    private static final List<String> CHANNELS = List.of(EMAIL, TEXT, PUSH);

    private static final Pattern KEY = Pattern.compile("[a-z0-9](?:-?[a-z0-9_])*-?");
    private static final Set<String> PURPOSES = Set.of(MessageContent.COMMERCIAL, MessageContent.TRANSACTIONAL);
    private static final int MAX_KEY = 100;
    private static final int MAX_TAGS = 50;

    /** What a message says, as it would be sent to make one like it. */
    static NewMessage like(String key, String channel, MessageContent content) {
        return new NewMessage(
                key,
                channel,
                content.name(),
                content.purpose(),
                content.from(),
                content.replyTo(),
                content.subject(),
                content.preheader(),
                content.html(),
                content.text(),
                content.topic(),
                content.tags().isEmpty() ? null : List.copyOf(content.tags()),
                content.title(),
                content.body(),
                content.link(),
                content.data());
    }

    /** The same under another key. */
    public NewMessage named(String other) {
        return new NewMessage(
                other, channel, name, purpose, from, replyTo, subject, preheader, html, text, topic, tags, title, body,
                link, data);
    }

    /** The key of a message to be made, or a problem that lists everything wrong with it. */
    String validKey() {
        if (key == null || key.length() > MAX_KEY || !KEY.matcher(key).matches()) {
            var problems = new ArrayList<ProblemError>();
            problems.add(ProblemError.at(
                    "/key",
                    key == null ? "missing" : "invalid-key",
                    "A key has lower-case letters, digits, - and _, begins with a letter or digit, has no -- and at most "
                            + MAX_KEY + " characters, e.g. we-miss-you"));
            problems.addAll(problems(channel));
            throw Problem.invalid(problems);
        }
        return key;
    }

    /** The channel of a message to be made. */
    String validChannel() {
        if (channel == null) {
            var problems = problems(null);
            problems.addFirst(ProblemError.at("/channel", "missing", "Say which channel: " + inWords()));
            throw Problem.invalid(problems);
        }
        return channel;
    }

    /**
     * The content, or a problem that lists everything wrong with it.
     *
     * @param ofChannel that the message has
     */
    MessageContent content(String ofChannel) {
        var problems = problems(ofChannel);
        if (!problems.isEmpty() || purpose == null) {
            throw Problem.invalid(problems);
        }
        return contentFor(purpose);
    }

    private static String inWords() {
        return String.join(", ", CHANNELS);
    }

    private List<ProblemError> problems(@Nullable String ofChannel) {
        var problems = new ArrayList<ProblemError>();
        if (channel != null && !CHANNELS.contains(channel)) {
            problems.add(ProblemError.at("/channel", "unknown-channel", "The channels are " + inWords()));
        }
        if (purpose == null || !PURPOSES.contains(purpose)) {
            problems.add(ProblemError.at(
                    "/purpose",
                    purpose == null ? "missing" : "unknown-purpose",
                    "The purpose is commercial or transactional"));
        }
        if (tags != null && (tags.size() > MAX_TAGS || tags.stream().anyMatch(tag -> tag == null || tag.isBlank()))) {
            problems.add(ProblemError.at("/tags", "invalid-tags", "Tags are at most " + MAX_TAGS + " texts"));
        }
        var content = contentFor(MessageContent.COMMERCIAL);
        problems.addAll(
                ofChannel != null && CHANNELS.contains(ofChannel)
                        ? MessageCheck.shape(ofChannel, content)
                        : EmailCheck.shape(content));
        return problems;
    }

    private MessageContent contentFor(String validPurpose) {
        var validTags = new ArrayList<String>();
        if (tags != null) {
            for (var tag : tags) {
                if (tag != null) {
                    validTags.add(tag);
                }
            }
        }
        return new MessageContent(
                name,
                validPurpose,
                from,
                replyTo,
                subject,
                preheader,
                html,
                text,
                topic,
                validTags,
                title,
                body,
                link,
                data);
    }
}
