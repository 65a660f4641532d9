package sojourn.app.messages;

import java.util.Set;
import java.util.regex.Pattern;

/**
 * A first look at a template before the grammar sees it: size, nesting, and that it has none but the known tags. Keeps
 * hostile input from the parser, whose effort is not bounded, and out of the file system (no {@code include}).
 */
final class LiquidScan {

    private static final Set<String> OPENING = Set.of("if", "unless", "case", "for", "capture");
    private static final Set<String> CLOSING = Set.of("endif", "endunless", "endcase", "endfor", "endcapture");
    private static final Set<String> OTHERS =
            Set.of("elsif", "else", "when", "break", "continue", "assign", "comment", "endcomment", "raw", "endraw");
    private static final Pattern START = Pattern.compile("\\{\\{|\\{%-?\\s*(\\w*)");
    private static final Pattern END_RAW = Pattern.compile("\\{%-?\\s*endraw\\s*-?%}");
    private static final int MAX_DEPTH = 30;
    private static final int MAX_MARKUP = 2000;
    private static final int MAX_MARKS = 5000;

    private LiquidScan() {}

    static void check(String source) throws LiquidSyntaxException {
        if (source.length() > Liquid.MAX_TEMPLATE) {
            throw new LiquidSyntaxException(
                    new TextPosition(1, 1),
                    "too-long",
                    "The template is longer than " + Liquid.MAX_TEMPLATE + " characters");
        }
        var start = START.matcher(source);
        var depth = 0;
        var marks = 0;
        for (var from = 0; start.find(from); ) {
            var at = start.start();
            var tag = start.group(1);
            var close = source.indexOf(tag == null ? "}}" : "%}", start.end());
            from = close < 0 ? source.length() : close + 2;
            if (from - at > MAX_MARKUP) {
                throw at(source, at, "too-long", "This is not closed within " + MAX_MARKUP + " characters");
            }
            if (++marks > MAX_MARKS) {
                throw at(source, at, "too-long", "There are more than " + MAX_MARKS + " tags and values");
            }
            if (tag == null) {
                continue;
            }
            checkKnown(source, at, tag);
            depth += OPENING.contains(tag) ? 1 : CLOSING.contains(tag) ? -1 : 0;
            if (depth > MAX_DEPTH) {
                throw at(source, at, "too-deep", "Tags are nested more than " + MAX_DEPTH + " deep");
            }
            if (tag.equals("raw")) {
                var end = END_RAW.matcher(source);
                from = end.find(from) ? end.end() : source.length();
            }
        }
    }

    private static void checkKnown(String source, int at, String tag) throws LiquidSyntaxException {
        if (!OPENING.contains(tag) && !CLOSING.contains(tag) && !OTHERS.contains(tag)) {
            throw at(
                    source,
                    at,
                    "unknown-tag",
                    "There is no tag \"" + tag
                            + "\" here; there are if, unless, case, for, assign, capture, comment, raw");
        }
    }

    private static LiquidSyntaxException at(String source, int index, String code, String detail) {
        return new LiquidSyntaxException(TextPosition.of(source, index), code, detail);
    }
}
