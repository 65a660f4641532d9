package sojourn.app.segments;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The text of a template: a query in which {@code {name}} stands for a parameter. Within quotes and comments braces are
 * just braces; elsewhere no query has any.
 */
record TemplateText(List<Piece> pieces) {

    /** A part of the text as it stands; all parts one after the other are the text. */
    record Piece(Kind kind, String text) {}

    enum Kind {
        PARAMETER,
        /** With its quotes. */
        QUOTED,
        NUMBER,
        WORD,
        SEGMENT_KEY,
        /** Blanks, comments, symbols. */
        OTHER
    }

    TemplateText {
        pieces = List.copyOf(pieces);
    }

    static TemplateText of(String text) {
        return new Scanner(text).run();
    }

    static Piece parameter(String name) {
        return new Piece(Kind.PARAMETER, "{" + name + "}");
    }

    Set<String> parameters() {
        return pieces.stream()
                .filter(piece -> piece.kind() == Kind.PARAMETER)
                .map(TemplateText::name)
                .collect(Collectors.toCollection(LinkedHashSet::new));
    }

    TemplateText map(Function<Piece, Piece> change) {
        return new TemplateText(pieces.stream().map(change).toList());
    }

    /** The query with each parameter replaced by what it stands for. */
    String filled(Function<String, String> literal) {
        return pieces.stream()
                .map(piece -> piece.kind() == Kind.PARAMETER ? literal.apply(name(piece)) : piece.text())
                .collect(Collectors.joining());
    }

    @Override
    public String toString() {
        return pieces.stream().map(Piece::text).collect(Collectors.joining());
    }

    private static String name(Piece parameter) {
        return parameter.text().substring(1, parameter.text().length() - 1);
    }

    private static final class Scanner {

        private final String text;
        private final List<Piece> pieces = new ArrayList<>();
        private final StringBuilder before = new StringBuilder();
        private int at;

        private Scanner(String text) {
            this.text = text;
        }

        private TemplateText run() {
            while (at < text.length()) {
                next();
            }
            add(Kind.OTHER, at);
            return new TemplateText(
                    pieces.stream().filter(piece -> !piece.text().isEmpty()).toList());
        }

        private void next() {
            var c = text.charAt(at);
            if (text.startsWith("--", at)) {
                add(Kind.OTHER, lineEnd());
            } else if (text.startsWith("/*", at)) {
                var end = text.indexOf("*/", at + 2);
                add(Kind.OTHER, end < 0 ? text.length() : end + 2);
            } else if (c == '\'') {
                add(Kind.QUOTED, quoteEnd());
            } else if (c == '{' && text.indexOf('}', at) > 0) {
                add(Kind.PARAMETER, text.indexOf('}', at) + 1);
            } else if (before.toString().equalsIgnoreCase("SEGMENT(") && isKeyPart(c)) {
                add(Kind.SEGMENT_KEY, keyEnd());
            } else if (Character.isDigit(c)) {
                add(Kind.NUMBER, numberEnd());
            } else if (isWordPart(c)) {
                add(Kind.WORD, wordEnd(at));
            } else {
                add(Kind.OTHER, at + 1);
            }
        }

        /** Keeps in mind which two words came last, blanks and comments aside: a segment's key follows two of them. */
        private void add(Kind kind, int end) {
            var piece = text.substring(at, end);
            if (kind == Kind.WORD) {
                before.setLength(0);
                before.append(piece);
            } else if (piece.equals("(")) {
                before.append(piece);
            } else if (kind != Kind.OTHER || (!piece.isBlank() && !piece.startsWith("--") && !piece.startsWith("/*"))) {
                before.setLength(0);
            }
            pieces.add(new Piece(kind, piece));
            at = end;
        }

        private int lineEnd() {
            var end = at;
            while (end < text.length() && text.charAt(end) != '\n' && text.charAt(end) != '\r') {
                end++;
            }
            return end;
        }

        private int quoteEnd() {
            for (var end = at + 1; end < text.length(); end++) {
                if (text.charAt(end) == '\'') {
                    if (end + 1 == text.length() || text.charAt(end + 1) != '\'') {
                        return end + 1;
                    }
                    end++;
                }
            }
            return text.length();
        }

        private int keyEnd() {
            var end = at;
            while (end < text.length() && isKeyPart(text.charAt(end)) && !text.startsWith("--", end)) {
                end++;
            }
            return Math.max(end, at + 1);
        }

        private int numberEnd() {
            var end = wordEnd(at);
            return end + 1 < text.length() && text.charAt(end) == '.' && Character.isDigit(text.charAt(end + 1))
                    ? wordEnd(end + 1)
                    : end;
        }

        private int wordEnd(int from) {
            var end = from;
            while (end < text.length() && isWordPart(text.charAt(end))) {
                end++;
            }
            return end;
        }

        private static boolean isWordPart(char c) {
            return c == '_' || (c < 0x80 && Character.isLetterOrDigit(c));
        }

        private static boolean isKeyPart(char c) {
            return c == '-' || isWordPart(c);
        }
    }
}
