package sojourn.app.messages;

import liqp.TemplateParser;
import liqp.exceptions.LiquidException;
import liqp.org.antlr.v4.runtime.RecognitionException;

/**
 * Reads Liquid templates that people wrote, without trust: only tags and filters that can neither read files nor run
 * away, bounded size and nesting, and in HTML every value escaped unless the author says {@code | raw}.
 */
final class Liquid {

    /** What a template makes. */
    enum Output {
        TEXT,
        HTML
    }

    static final int MAX_TEMPLATE = 256 * 1024;

    /** Characters of any text that a template makes, in between too. */
    static final int MAX_TEXT = 1024 * 1024;

    private static final int MAX_ITERATIONS = 10_000;
    private static final TemplateParser PARSER = parser();

    private Liquid() {}

    /** A template ready to be rendered any number of times. */
    static LiquidTemplate compile(String source, Output output) throws LiquidSyntaxException {
        LiquidScan.check(source);
        try {
            var plain = PARSER.parse(source);
            var tree = new LiquidTree(source, plain.getParseTree());
            var wrong = tree.unknownFilter(LiquidFilters.NAMES);
            if (wrong.isPresent()) {
                throw wrong.get();
            }
            return new LiquidTemplate(
                    output == Output.HTML ? PARSER.parse(tree.escapingOutputs()) : plain, tree.references());
        } catch (LiquidException wrong) {
            throw new LiquidSyntaxException(position(source, wrong), "syntax", reason(wrong));
        } catch (StackOverflowError tooDeep) {
            throw new LiquidSyntaxException(new TextPosition(1, 1), "too-deep", "The template is nested too deeply");
        }
    }

    private static TemplateParser parser() {
        var builder = new TemplateParser.Builder()
                .withErrorMode(TemplateParser.ErrorMode.STRICT)
                .withRenderTransformer(new LiquidLimits())
                .withMaxIterations(MAX_ITERATIONS);
        LiquidFilters.all().forEach(builder::withFilter);
        return builder.build();
    }

    private static TextPosition position(String source, LiquidException wrong) {
        return wrong.getCause() instanceof RecognitionException recognition && recognition.getOffendingToken() != null
                ? TextPosition.of(source, recognition.getOffendingToken())
                : new TextPosition(Math.max(1, wrong.line), wrong.charPositionInLine + 1);
    }

    /** {@code parser error "mismatched input" on line 1, index 2} without its wrapping. */
    private static String reason(LiquidException wrong) {
        var message = String.valueOf(wrong.getMessage());
        var from = message.indexOf('"');
        var to = message.lastIndexOf('"');
        var reason = from >= 0 && to > from ? message.substring(from + 1, to) : message;
        return "This is not Liquid: " + (reason.length() > 200 ? reason.substring(0, 200) + "…" : reason);
    }
}
