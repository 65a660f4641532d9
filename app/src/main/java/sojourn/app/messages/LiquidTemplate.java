package sojourn.app.messages;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import liqp.Template;

/** A template that was read, and the fields it reads. */
final class LiquidTemplate {

    private final Template template;
    private final List<LiquidReference> references;

    LiquidTemplate(Template template, List<LiquidReference> references) {
        this.template = template;
        this.references = List.copyOf(references);
    }

    List<LiquidReference> references() {
        return references;
    }

    /** The text for these values; fails when they make the template run away or do what cannot be done. */
    String render(Map<String, Object> values) throws RenderingException {
        try {
            // A Template remembers the errors of its last rendering and so must not be used by two threads.
            synchronized (template) {
                return LiquidLimits.within(() -> template.renderUnguarded(new HashMap<>(values)));
            }
        } catch (RuntimeException | StackOverflowError failure) {
            throw new RenderingException(String.valueOf(failure.getMessage()), failure);
        }
    }
}
