package sojourn.app.segments.language;

import java.util.List;
import java.util.function.Predicate;
import java.util.function.Supplier;

/** The tokens of a query and how far they have been read. */
final class Tokens {

    /** How deep parentheses, NOT and signs may nest. */
    static final int DEEPEST = 100;

    private final List<Token> tokens;
    private final Complaints complaints;
    private int at;
    private int depth;

    Tokens(List<Token> tokens, Complaints complaints) {
        this.tokens = tokens;
        this.complaints = complaints;
    }

    Token peek() {
        return tokens.get(at);
    }

    Token peek(int ahead) {
        return tokens.get(Math.min(at + ahead, tokens.size() - 1));
    }

    Token next() {
        var token = peek();
        if (token.kind() != Token.Kind.END) {
            at++;
        }
        return token;
    }

    boolean take(String symbol) {
        return takeIf(token -> token.is(symbol));
    }

    boolean takeWord(String keyword) {
        return takeIf(token -> token.isWord(keyword));
    }

    private boolean takeIf(Predicate<Token> wanted) {
        if (wanted.test(peek())) {
            at++;
            return true;
        }
        return false;
    }

    /** A dot and this word behind it. */
    boolean takeLink(String word) {
        if (peek().is(".") && peek(1).isWord(word)) {
            at += 2;
            return true;
        }
        return false;
    }

    /** A name right before an opening parenthesis. */
    boolean isCall() {
        return peek().kind() == Token.Kind.NAME && peek(1).is("(");
    }

    void expect(String symbol, String purpose) {
        if (!take(symbol)) {
            throw unexpected("`" + symbol + "` " + purpose);
        }
    }

    Complaints.Unreadable unexpected(String wanted) {
        return complaints.unreadable(peek(), "unexpected", "Found " + peek().shown() + "; expected " + wanted);
    }

    /** Reads something that nests; too deep ends all reading, since each level costs room on the stack. */
    <T> T nested(Supplier<T> body) {
        if (depth == DEEPEST) {
            complaints.giveUp(peek(), "too-deep", "This nests deeper than " + DEEPEST + " levels");
            at = tokens.size() - 1;
            throw complaints.unreadable(peek(), "too-deep", "");
        }
        depth++;
        try {
            return body.get();
        } finally {
            depth--;
        }
    }

    /**
     * Reads what stands in parentheses. When that is unreadable, reading goes on behind the closing one, so that what
     * follows is looked at too.
     */
    <T> T parenthesized(String purpose, Supplier<T> body, T unreadable) {
        expect("(", purpose);
        T result;
        try {
            result = nested(body);
            if (!peek().is(")")) {
                throw unexpected("`)`");
            }
        } catch (Complaints.Unreadable known) {
            result = unreadable;
            skipTo(token -> false);
        }
        take(")");
        return result;
    }

    /** Steps over tokens up to a wanted one, a closing parenthesis or the end, passing over whole parentheses. */
    void skipTo(Predicate<Token> wanted) {
        var open = 0;
        while (peek().kind() != Token.Kind.END) {
            var token = peek();
            if (open == 0 && (token.is(")") || wanted.test(token))) {
                return;
            }
            open += token.is("(") ? 1 : token.is(")") ? -1 : 0;
            at++;
        }
    }
}
