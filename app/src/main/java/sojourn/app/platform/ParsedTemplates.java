package sojourn.app.platform;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jdbi.v3.core.statement.DefinedAttributeTemplateEngine;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.statement.TemplateEngine;

/**
 * Jdbi's usual templates, each parsed once. Jdbi parses a template again for every statement, which took a tenth of the
 * processor time of a run's step.
 */
final class ParsedTemplates implements TemplateEngine {

    /** More statements than the code has; those made of queries come and go. */
    private static final int MOST_PARSED = 5_000;

    private final TemplateEngine.Parsing engine = new DefinedAttributeTemplateEngine();
    private final Map<String, Function<StatementContext, String>> parsed = new ConcurrentHashMap<>();

    @Override
    public String render(String template, StatementContext context) {
        if (parsed.size() > MOST_PARSED) {
            parsed.clear();
        }
        return parsed.computeIfAbsent(
                        template,
                        text -> engine.parse(text, context.getConfig()).orElseThrow())
                .apply(context);
    }
}
