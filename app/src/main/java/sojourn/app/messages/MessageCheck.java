package sojourn.app.messages;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.ProblemError;

/** What is wrong with a message: its shape when it is written, its meaning when it is to go live. Of emails {@link EmailCheck} says it. */
final class MessageCheck {

    /** What a network joins to one text. */
    private static final int MOST_SEGMENTS = 10;

    /** What a device shows and a provider takes, with room for values: 4 KiB all in all. */
    private static final int MOST_PUSH = 3_000;

    private MessageCheck() {}

    /** Whether the templates can be read, and nothing is there that the channel has no place for. */
    static List<ProblemError> shape(String channel, MessageContent content) {
        var problems = new ArrayList<ProblemError>();
        foreign(channel, content).forEach((pointer, value) -> {
            if (value != null) {
                problems.add(ProblemError.at(
                        pointer, "does-not-fit", "Messages of the channel " + channel + " have no such part"));
            }
        });
        if (channel.equals(NewMessage.EMAIL)) {
            problems.addAll(EmailCheck.shape(content));
        } else {
            templates(content)
                    .forEach((pointer, source) -> TemplateCheck.compile(pointer, source, Liquid.Output.TEXT, problems));
        }
        return problems;
    }

    /** Whether it can be sent: everything that is needed is there, and every field it uses exists. */
    static List<ProblemError> meaning(String channel, MessageContent content, Set<String> contactAttributes) {
        if (channel.equals(NewMessage.EMAIL)) {
            return EmailCheck.meaning(content, contactAttributes);
        }
        var problems = new ArrayList<>(shape(channel, content));
        if (!problems.isEmpty()) {
            return problems;
        }
        if (channel.equals(NewMessage.TEXT)) {
            checkText(content, problems);
        } else {
            checkPush(content, problems);
        }
        templates(content)
                .forEach((pointer, source) -> TemplateCheck.checkFields(
                        pointer, source, contactAttributes, TemplateCheck.OF_MESSAGES, TriggerFields.ANY, problems));
        return problems;
    }

    /** What a message that can be read says of the interaction that let its contact in: the names behind {@code trigger.}. */
    static Set<String> ofTrigger(MessageContent content) {
        var all = new LinkedHashMap<>(EmailCheck.headers(content));
        all.putAll(templates(content));
        if (content.html() != null) {
            all.put("/html", content.html());
        }
        return all.entrySet().stream()
                .flatMap(each -> TemplateCheck.compile(
                        each.getKey(),
                        each.getValue(),
                        each.getKey().equals("/html") ? Liquid.Output.HTML : Liquid.Output.TEXT,
                        new ArrayList<>())
                        .stream())
                .filter(field -> field.root().equals(TriggerFields.ROOT))
                .map(LiquidReference::rest)
                .collect(Collectors.toCollection(TreeSet::new));
    }

    /** Of what is the same for everyone: values of the contact come on top. */
    static TextLength leastLength(String template) {
        return TextLength.of(
                template.replaceAll("(?s)\\{\\{.*?}}|\\{%.*?%}", "").strip());
    }

    private static void checkText(MessageContent content, List<ProblemError> problems) {
        if (content.text() == null || content.text().isBlank()) {
            problems.add(ProblemError.at("/text", "missing-text", "A text says something"));
            return;
        }
        var length = leastLength(content.text());
        if (length.segments() > MOST_SEGMENTS) {
            problems.add(ProblemError.at(
                    "/text",
                    "too-long",
                    "This makes " + length.segments() + " segments of " + length.encoding() + "; at most "
                            + MOST_SEGMENTS + " are sent as one text"));
        }
    }

    private static void checkPush(MessageContent content, List<ProblemError> problems) {
        if (content.title() == null || content.title().isBlank()) {
            problems.add(ProblemError.at("/title", "missing-title", "A push message needs a title"));
        }
        if (content.body() == null || content.body().isBlank()) {
            problems.add(ProblemError.at("/body", "missing-body", "A push message needs a body"));
        }
        var size = templates(content).values().stream().mapToInt(String::length).sum();
        if (size > MOST_PUSH) {
            problems.add(ProblemError.at(
                    "", "too-long", "This has " + size + " characters in all; at most " + MOST_PUSH + " fit"));
        }
        if (content.link() != null && !content.link().contains("{") && !isUri(content.link())) {
            problems.add(ProblemError.at(
                    "/link",
                    "invalid-link",
                    "This leads nowhere; https://shop.example.com/new or app://cart would fit"));
        }
    }

    private static boolean isUri(String link) {
        try {
            return new URI(link).getScheme() != null;
        } catch (URISyntaxException malformed) {
            return false;
        }
    }

    private static Map<String, @Nullable Object> foreign(String channel, MessageContent content) {
        var parts = new LinkedHashMap<String, @Nullable Object>();
        if (!channel.equals(NewMessage.EMAIL)) {
            parts.put("/from", content.from());
            parts.put("/replyTo", content.replyTo());
            parts.put("/subject", content.subject());
            parts.put("/preheader", content.preheader());
            parts.put("/html", content.html());
        }
        if (channel.equals(NewMessage.PUSH)) {
            parts.put("/text", content.text());
        } else {
            parts.put("/title", content.title());
            parts.put("/body", content.body());
            parts.put("/link", content.link());
            parts.put("/data", content.data());
        }
        return parts;
    }

    private static Map<String, String> templates(MessageContent content) {
        var templates = new LinkedHashMap<String, String>();
        BiConsumer<String, @Nullable String> put = (pointer, text) -> {
            if (text != null) {
                templates.put(pointer, text);
            }
        };
        put.accept("/text", content.text());
        put.accept("/title", content.title());
        put.accept("/body", content.body());
        put.accept("/link", content.link());
        content.allData()
                .forEach((name, text) ->
                        put.accept("/data/" + name.replace("~", "~0").replace("/", "~1"), text));
        return templates;
    }
}
