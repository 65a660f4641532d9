package sojourn.app.messages;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import sojourn.app.contacts.Contact;
import sojourn.app.platform.ProblemError;

/** Short texts with values of a contact in them, and of what let it in, in the Liquid of messages: {@code Call {{ contact.firstName }}}. */
public final class Personalization {

    private static final int MAX_KEPT = 500;

    private final Map<String, LiquidTemplate> kept = new ConcurrentHashMap<>();

    /** Whether there is anything in a text that is not for everybody the same. */
    public static boolean isIn(String text) {
        return text.contains("{{") || text.contains("{%");
    }

    /** What is wrong with a text: what cannot be read, and fields that do not exist. */
    public static List<ProblemError> check(
            String pointer, String text, Set<String> contactAttributes, TriggerFields trigger) {
        var problems = new ArrayList<ProblemError>();
        TemplateCheck.checkFields(pointer, text, contactAttributes, TemplateCheck.OF_TILES, trigger, problems);
        return problems;
    }

    /**
     * The text for a contact.
     *
     * @param trigger what the interaction says that let it in; empty when none did
     */
    public String render(String text, Contact contact, String journey, Map<String, Object> trigger)
            throws RenderingException {
        if (!isIn(text)) {
            return text;
        }
        if (kept.size() > MAX_KEPT) {
            kept.clear();
        }
        var template = kept.get(text);
        if (template == null) {
            template = compile(text);
            kept.put(text, template);
        }
        return template.render(
                Map.of("contact", ContactValues.of(contact), "journey", Map.of("key", journey), "trigger", trigger));
    }

    private static LiquidTemplate compile(String text) throws RenderingException {
        try {
            return Liquid.compile(text, Liquid.Output.TEXT);
        } catch (LiquidSyntaxException checkedBefore) {
            throw new RenderingException(checkedBefore.detail(), checkedBefore);
        }
    }
}
