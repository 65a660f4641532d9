package sojourn.app.messages;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Makes of a message's templates what one contact gets. */
public final class MessageRenderer {

    private static final int MAX_KEPT = 500;

    /** Templates of live versions, which never change. */
    private final Map<LiveMessage, Templates> kept = new ConcurrentHashMap<>();

    private record Templates(
            @Nullable LiquidTemplate from,
            @Nullable LiquidTemplate replyTo,
            @Nullable LiquidTemplate subject,
            @Nullable LiquidTemplate preheader,
            @Nullable LiquidTemplate html,
            @Nullable LiquidTemplate text,
            @Nullable LiquidTemplate title,
            @Nullable LiquidTemplate body,
            @Nullable LiquidTemplate link,
            Map<String, LiquidTemplate> data) {}

    /**
     * What a contact gets of an email; {@code values} are by root: {@code contact}, {@code unsubscribeUrl}, {@code
     * journey}.
     */
    public RenderedMessage render(LiveMessage message, Map<String, Object> values) throws RenderingException {
        return render(templates(message), values);
    }

    /** What a contact gets of a text. */
    public RenderedText renderText(LiveMessage message, Map<String, Object> values) throws RenderingException {
        return renderText(templates(message), values);
    }

    /** What a contact gets of a push message. */
    public RenderedPush renderPush(LiveMessage message, Map<String, Object> values) throws RenderingException {
        return renderPush(templates(message), values);
    }

    private Templates templates(LiveMessage message) throws RenderingException {
        if (kept.size() > MAX_KEPT) {
            kept.clear();
        }
        var templates = kept.get(message);
        if (templates == null) {
            templates = compile(message.content());
            kept.put(message, templates);
        }
        return templates;
    }

    /** Renders what is not live, for a look at it. */
    Rendered preview(String channel, MessageContent content, Map<String, Object> values) throws RenderingException {
        var templates = compile(content);
        return switch (channel) {
            case NewMessage.TEXT -> renderText(templates, values);
            case NewMessage.PUSH -> renderPush(templates, values);
            default -> render(templates, values);
        };
    }

    private static RenderedText renderText(Templates templates, Map<String, Object> values) throws RenderingException {
        var text = text(templates.text(), values);
        return new RenderedText(text, TextLength.of(text));
    }

    private static RenderedPush renderPush(Templates templates, Map<String, Object> values) throws RenderingException {
        var data = new LinkedHashMap<String, String>();
        for (var each : templates.data().entrySet()) {
            data.put(each.getKey(), each.getValue().render(values));
        }
        var link = line(templates.link(), values);
        return new RenderedPush(
                line(templates.title(), values), text(templates.body(), values), link.isEmpty() ? null : link, data);
    }

    private static String text(@Nullable LiquidTemplate template, Map<String, Object> values)
            throws RenderingException {
        return template == null ? "" : template.render(values).strip();
    }

    private static RenderedMessage render(Templates templates, Map<String, Object> values) throws RenderingException {
        var html = templates.html() == null ? "" : templates.html().render(values);
        var text = templates.text() == null ? "" : templates.text().render(values);
        var preheader = line(templates.preheader(), values);
        return new RenderedMessage(
                line(templates.from(), values),
                templates.replyTo() == null ? null : line(templates.replyTo(), values),
                line(templates.subject(), values),
                html.isBlank() ? null : preheader.isEmpty() ? html : HtmlBody.withPreheader(html, preheader),
                text.isBlank() && !html.isBlank() ? HtmlBody.toText(html) : text);
    }

    /** A value of a contact may have line breaks, a header never does. */
    private static String line(@Nullable LiquidTemplate template, Map<String, Object> values)
            throws RenderingException {
        return template == null
                ? ""
                : template.render(values)
                        .replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ")
                        .strip();
    }

    private static Templates compile(MessageContent content) throws RenderingException {
        try {
            return new Templates(
                    compile(content.from(), Liquid.Output.TEXT),
                    compile(content.replyTo(), Liquid.Output.TEXT),
                    compile(content.subject(), Liquid.Output.TEXT),
                    compile(content.preheader(), Liquid.Output.TEXT),
                    compile(
                            content.html() == null ? null : HtmlBody.withNamedLinks(content.html()),
                            Liquid.Output.HTML),
                    compile(content.text(), Liquid.Output.TEXT),
                    compile(content.title(), Liquid.Output.TEXT),
                    compile(content.body(), Liquid.Output.TEXT),
                    compile(content.link(), Liquid.Output.TEXT),
                    compile(content.allData()));
        } catch (LiquidSyntaxException checkedBefore) {
            throw new RenderingException(checkedBefore.detail(), checkedBefore);
        }
    }

    private static Map<String, LiquidTemplate> compile(Map<String, String> sources) throws LiquidSyntaxException {
        var templates = new LinkedHashMap<String, LiquidTemplate>();
        for (var source : sources.entrySet()) {
            templates.put(source.getKey(), Liquid.compile(source.getValue(), Liquid.Output.TEXT));
        }
        return templates;
    }

    private static @Nullable LiquidTemplate compile(@Nullable String source, Liquid.Output output)
            throws LiquidSyntaxException {
        return source == null ? null : Liquid.compile(source, output);
    }
}
