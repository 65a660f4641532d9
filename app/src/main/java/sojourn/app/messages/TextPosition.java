package sojourn.app.messages;

import liqp.org.antlr.v4.runtime.Token;

/** A place in a template, from line 1, column 1. */
record TextPosition(int line, int column) {

    static TextPosition of(String source, int index) {
        var before = source.substring(0, index);
        var line = (int) before.chars().filter(character -> character == '\n').count() + 1;
        return new TextPosition(line, index - before.lastIndexOf('\n'));
    }

    /** By the token's index, which counts code points: its own column is wrong inside tags. */
    static TextPosition of(String source, Token token) {
        var points = source.codePointCount(0, source.length());
        return of(source, source.offsetByCodePoints(0, Math.clamp(token.getStartIndex(), 0, points)));
    }
}
