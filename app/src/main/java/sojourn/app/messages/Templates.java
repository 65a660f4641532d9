package sojourn.app.messages;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Renders templates that are no part of a message, such as those of a webhook. */
public final class Templates {

    private static final int MAX_KEPT = 500;

    private final Map<String, LiquidTemplate> kept = new ConcurrentHashMap<>();

    Templates() {}

    /** The text for these values, which are by root: {@code contact}, {@code journey}. */
    public String render(String source, Map<String, Object> values) throws RenderingException {
        if (kept.size() > MAX_KEPT) {
            kept.clear();
        }
        var template = kept.get(source);
        if (template == null) {
            template = compile(source);
            kept.put(source, template);
        }
        return template.render(values);
    }

    private static LiquidTemplate compile(String source) throws RenderingException {
        try {
            return Liquid.compile(source, Liquid.Output.TEXT);
        } catch (LiquidSyntaxException checkedBefore) {
            throw new RenderingException(checkedBefore.detail(), checkedBefore);
        }
    }
}
