package sojourn.app.messages;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import liqp.org.antlr.v4.runtime.ParserRuleContext;
import liqp.org.antlr.v4.runtime.tree.ParseTree;
import liquid.parser.v4.LiquidParser;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Nearest;

/** What the grammar found in a template: which fields and filters it uses, and where its values come out. */
final class LiquidTree {

    private static final Set<String> ESCAPING = Set.of("raw", "escape", "escape_once", "h");

    private final String source;
    private final ParseTree root;

    LiquidTree(String source, ParseTree root) {
        this.source = source;
        this.root = root;
    }

    /** The fields that come from outside: not what the template itself assigns. */
    List<LiquidReference> references() {
        var own = new HashSet<>(Set.of("forloop"));
        each(LiquidParser.AssignmentContext.class, assign -> own.add(assign.id().getText()));
        each(
                LiquidParser.Capture_tag_IdContext.class,
                capture -> own.add(capture.id().getText()));
        each(
                LiquidParser.Capture_tag_StrContext.class,
                capture -> own.add(unquoted(capture.Str().getText())));
        each(LiquidParser.For_arrayContext.class, loop -> own.add(loop.id().getText()));
        each(LiquidParser.For_rangeContext.class, loop -> own.add(loop.id().getText()));
        var references = new ArrayList<LiquidReference>();
        each(LiquidParser.Lookup_id_indexesContext.class, lookup -> {
            if (!own.contains(lookup.id().getText())) {
                references.add(reference(lookup));
            }
        });
        return references;
    }

    Optional<LiquidSyntaxException> unknownFilter(Set<String> known) {
        var wrong = new ArrayList<LiquidSyntaxException>();
        each(LiquidParser.FilterContext.class, filter -> {
            var name = filter.Id().getText();
            if (!known.contains(name)) {
                wrong.add(new LiquidSyntaxException(
                        TextPosition.of(source, filter.Id().getSymbol()),
                        "unknown-filter",
                        "There is no filter \"" + name + "\"" + Nearest.advice(name, known)));
            }
        });
        return wrong.stream().findFirst();
    }

    /** The same template with {@code | html} at the end of each output that does not escape by itself. */
    String escapingOutputs() {
        var text = new StringBuilder(source);
        var outputs = new ArrayList<LiquidParser.OutputContext>();
        each(LiquidParser.OutputContext.class, outputs::add);
        for (var output : outputs.reversed()) {
            var filters = output.filter();
            var last = filters.isEmpty() ? null : filters.getLast();
            if (last == null || !ESCAPING.contains(last.Id().getText())) {
                // Line breaks become markup only after what is around them has been made harmless.
                var before = last != null && last.Id().getText().equals("newline_to_br")
                        ? last.getStart()
                        : output.OutEnd().getSymbol();
                // The grammar counts code points.
                text.insert(source.offsetByCodePoints(0, before.getStartIndex()), " | html ");
            }
        }
        return text.toString();
    }

    private LiquidReference reference(LiquidParser.Lookup_id_indexesContext lookup) {
        var path = new ArrayList<String>();
        path.add(lookup.id().getText());
        for (var index : lookup.index()) {
            var name = name(index);
            if (name == null) {
                // Computed when rendered: what comes from here on cannot be known before.
                break;
            }
            path.add(name);
        }
        return new LiquidReference(path, TextPosition.of(source, lookup.getStart()));
    }

    private static @Nullable String name(LiquidParser.IndexContext index) {
        if (index.id2() != null) {
            return index.id2().getText();
        }
        var text = index.expr().getText();
        return text.startsWith("\"") || text.startsWith("'") ? unquoted(text) : null;
    }

    private static String unquoted(String text) {
        return text.substring(1, text.length() - 1);
    }

    private <T extends ParserRuleContext> void each(Class<T> kind, Consumer<T> action) {
        each(root, kind, action);
    }

    private static <T> void each(ParseTree tree, Class<T> kind, Consumer<T> action) {
        if (kind.isInstance(tree)) {
            action.accept(kind.cast(tree));
        }
        for (var i = 0; i < tree.getChildCount(); i++) {
            each(tree.getChild(i), kind, action);
        }
    }
}
