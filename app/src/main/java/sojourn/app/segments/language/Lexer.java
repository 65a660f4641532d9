package sojourn.app.segments.language;

import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import sojourn.app.segments.language.Token.Kind;

/** Cuts a text into tokens. What it cannot read it complains about and steps over. */
final class Lexer {

    private static final List<String> SYMBOLS =
            List.of("==", "!=", "<=", ">=", "&&", "||", "<", ">", "!", "(", ")", ",", ".", "+", "-", "*", "/");

    private final String text;
    private final Complaints complaints;
    private final List<Token> tokens = new ArrayList<>();
    private int at;
    private int line = 1;
    private int lineStart;

    private Lexer(String text, Complaints complaints) {
        this.text = text;
        this.complaints = complaints;
    }

    static List<Token> tokens(String text, Complaints complaints) {
        return new Lexer(text, complaints).run();
    }

    private List<Token> run() {
        for (skipBlanks(); at < text.length(); skipBlanks()) {
            next();
        }
        tokens.add(new Token(Kind.END, "", line, column(at), at, at));
        return tokens;
    }

    private void next() {
        var c = text.charAt(at);
        if (isLetter(c)) {
            add(Kind.NAME, endOf(Lexer::isNamePart));
            segmentKey();
        } else if (isDigit(c)) {
            number();
        } else if (c == '\'') {
            text();
        } else {
            symbol();
        }
    }

    private void add(Kind kind, int end) {
        tokens.add(new Token(kind, text.substring(at, end), line, column(at), at, end));
        at = end;
    }

    /** Keys hold hyphens and may begin with a digit, so they are read as they stand behind {@code SEGMENT(}. */
    private void segmentKey() {
        if (!tokens.getLast().isWord("SEGMENT")) {
            return;
        }
        skipBlanks();
        if (at < text.length() && text.charAt(at) == '(') {
            add(Kind.SYMBOL, at + 1);
            skipBlanks();
            var end = at;
            while (end < text.length() && isKeyPart(text.charAt(end)) && !text.startsWith("--", end)) {
                end++;
            }
            if (end > at) {
                add(Kind.KEY, end);
            }
        }
    }

    private void number() {
        var end = endOf(Lexer::isDigit);
        if (end + 1 < text.length() && text.charAt(end) == '.' && isDigit(text.charAt(end + 1))) {
            end = endOf(end + 1, Lexer::isDigit);
        }
        if (end < text.length() && (text.charAt(end) == 'e' || text.charAt(end) == 'E')) {
            var digits = end + 1;
            if (digits < text.length() && (text.charAt(digits) == '-' || text.charAt(digits) == '+')) {
                digits++;
            }
            end = endOf(digits, Lexer::isDigit);
        }
        var whole = endOf(end, Lexer::isNamePart);
        add(Kind.NUMBER, whole);
    }

    private void text() {
        var line = this.line;
        var column = column(at);
        var start = at++;
        var content = new StringBuilder();
        while (at < text.length()) {
            var c = text.charAt(at++);
            if (c == '\'' && (at == text.length() || text.charAt(at) != '\'')) {
                finishText(content.toString(), line, column, start);
                return;
            } else if (c == '\'') {
                at++;
            } else if (isLineEnd(c)) {
                newLine();
            }
            content.append(c);
        }
        complaints.add(
                line, column, "unterminated-text", "This text has no closing quote; a quote within is written twice");
    }

    private void finishText(String content, int line, int column, int start) {
        if (content.isEmpty()) {
            complaints.add(line, column, "empty-text", "An empty text is stored as null; ask ISNULL(...) instead");
        } else if (content.indexOf('\0') >= 0 || hasLoneSurrogate(content)) {
            complaints.add(line, column, "invalid-character", "This text has a character that cannot be stored");
        }
        tokens.add(new Token(Kind.TEXT, Normalizer.normalize(content, Normalizer.Form.NFC), line, column, start, at));
    }

    /** Symbols of other languages, and what they are here. */
    private static final Map<String, String> FOREIGN = Map.of("<>", "!=", "=>", ">=", "=<", "<=");

    private boolean foreignSymbol() {
        var two = text.substring(at, Math.min(at + 2, text.length()));
        var meant = FOREIGN.get(two);
        if (meant == null) {
            return false;
        }
        complaints.add(line, column(at), "invalid-character", "Found `" + two + "`; this is written `" + meant + "`");
        tokens.add(new Token(Kind.SYMBOL, meant, line, column(at), at, at + 2));
        at += 2;
        return true;
    }

    private void symbol() {
        if (foreignSymbol()) {
            return;
        }
        for (var symbol : SYMBOLS) {
            if (text.startsWith(symbol, at)) {
                add(Kind.SYMBOL, at + symbol.length());
                return;
            }
        }
        var c = text.codePointAt(at);
        complaints.add(line, column(at), "invalid-character", adviceOn(c));
        var end = at + Character.charCount(c);
        if (c == '=' || c == '&' || c == '|') {
            var meant = c == '=' ? "==" : c == '&' ? "&&" : "||";
            tokens.add(new Token(Kind.SYMBOL, meant, line, column(at), at, end));
        } else if (c == '"' || c == '\u201c' || c == '\u2018' || c == '\u2019') {
            end = closingQuote(end);
            tokens.add(new Token(Kind.TEXT, "?", line, column(at), at, end));
        }
        at = end;
    }

    /** Behind the quote that closes one of a foreign kind on the same line, else the end of that line. */
    private int closingQuote(int from) {
        var end = from;
        while (end < text.length() && !isLineEnd(text.charAt(end))) {
            if ("\"\u201d\u2019".indexOf(text.charAt(end++)) >= 0) {
                break;
            }
        }
        return end;
    }

    private static String adviceOn(int c) {
        return switch (c) {
            case '=' -> "Found `=`; equality is written `==`";
            case '&' -> "Found `&`; and is written `&&`";
            case '|' -> "Found `|`; or is written `||`";
            case '"', '\u201c', '\u2018', '\u2019' -> "Texts stand in straight single quotes: 'like this'";
            default ->
                Character.isISOControl(c) || Character.getType(c) == Character.SURROGATE
                        ? "Found a character (U+%04X) that has no place here".formatted(c)
                        : "Found `" + Character.toString(c) + "`, which has no place here";
        };
    }

    private void skipBlanks() {
        while (at < text.length()) {
            var c = text.charAt(at);
            if (text.startsWith("--", at)) {
                at = endOf(letter -> !isLineEnd(letter));
            } else if (text.startsWith("/*", at)) {
                comment();
            } else if (Character.isWhitespace(c) || c == '\u00a0' || c == '\ufeff') {
                at++;
                if (isLineEnd(c)) {
                    newLine();
                }
            } else {
                return;
            }
        }
    }

    private void comment() {
        var line = this.line;
        var column = column(at);
        var end = text.indexOf("*/", at + 2);
        if (end < 0) {
            complaints.add(line, column, "unterminated-comment", "This comment has no closing */");
        }
        var stop = end < 0 ? text.length() : end + 2;
        while (at < stop) {
            if (isLineEnd(text.charAt(at++))) {
                newLine();
            }
        }
    }

    /** The character before {@code at} ended a line; the two of a Windows line end are one. */
    private void newLine() {
        if (text.charAt(at - 1) != '\r' || at == text.length() || text.charAt(at) != '\n') {
            line++;
            lineStart = at;
        }
    }

    private int column(int position) {
        return text.codePointCount(lineStart, position) + 1;
    }

    private interface CharacterTest {
        boolean test(char c);
    }

    private int endOf(CharacterTest test) {
        return endOf(at, test);
    }

    private int endOf(int from, CharacterTest test) {
        var end = from;
        while (end < text.length() && test.test(text.charAt(end))) {
            end++;
        }
        return end;
    }

    private static boolean isLineEnd(char c) {
        return c == '\n' || c == '\r';
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    private static boolean isNamePart(char c) {
        return isLetter(c) || isDigit(c);
    }

    private static boolean isKeyPart(char c) {
        return isNamePart(c) || c == '-';
    }

    private static boolean hasLoneSurrogate(String text) {
        return text.codePoints().anyMatch(c -> Character.getType(c) == Character.SURROGATE);
    }
}
