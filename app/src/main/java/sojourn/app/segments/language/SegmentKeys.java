package sojourn.app.segments.language;

/** Reads the key between the parentheses of {@code SEGMENT(...)}. */
final class SegmentKeys {

    private SegmentKeys() {}

    static String read(Tokens tokens, Complaints complaints, Catalog catalog) {
        var key = tokens.peek();
        if (key.kind() != Token.Kind.KEY) {
            throw tokens.unexpected("the key of a segment, as it stands, without quotes");
        }
        tokens.next();
        if (!catalog.segmentKeys().contains(key.text())) {
            complaints.add(
                    key,
                    "unknown-segment",
                    "Unknown segment " + key.shown() + Names.suggest(key.text(), catalog.segmentKeys()));
        }
        return key.text();
    }
}
