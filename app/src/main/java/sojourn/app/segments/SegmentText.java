package sojourn.app.segments;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Nearest;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemError;
import sojourn.app.platform.ProblemType;

/**
 * Segments as text that people read and keep beside other text: what is said of each in comments at its head, then its
 * query. The line {@code -- key: ...} begins a segment.
 *
 * <pre>{@code
 * -- key: lapsed-60d
 * -- name: Lapsed buyers
 * -- timeZone: Europe/Berlin
 *
 * INTERACTION(Purchase) EXCEPT INTERACTION(Purchase).HAVING(COUNT() > 0, DAYS(60))
 * }</pre>
 */
final class SegmentText {

    private static final String KEY = "-- key:";
    private static final List<String> FIELDS = List.of(
            "key",
            "name",
            "description",
            "kind",
            "timeZone",
            "owner",
            "scope",
            "tags",
            "externalSource",
            "externalUrl",
            "evaluateEvery");
    private static final Pattern HEADER = Pattern.compile("-- ?([A-Za-z]+):(.*)");

    private SegmentText() {}

    /**
     * One segment of a text.
     *
     * @param line where it begins, from 1
     * @param fields what is said of it at its head
     * @param queryLine where its query begins
     * @param query empty when there is none
     */
    record Block(int line, Map<String, Field> fields, int queryLine, String query) {

        @Nullable
        String text(String field) {
            var found = fields.get(field);
            return found == null ? null : found.text();
        }

        NewSegment segment() {
            var source = text("externalSource");
            var tags = text("tags");
            return new NewSegment(
                    text("key"),
                    text("name"),
                    text("description"),
                    text("kind"),
                    text("timeZone"),
                    query.isEmpty() ? null : query,
                    text("owner"),
                    text("scope"),
                    tags == null ? null : tags(tags),
                    source == null ? null : new NewSegment.ExternalSource(source, text("externalUrl")),
                    text("evaluateEvery"),
                    null);
        }

        /** A problem of the segment alone as one of the whole text: by its line. */
        ProblemError placed(ProblemError problem) {
            var pointer = String.valueOf(problem.pointer());
            if (problem.line() != null) {
                return new ProblemError(
                        pointer, problem.code(), problem.detail(), queryLine + problem.line() - 1, problem.column());
            }
            var field = fields.get(pointer.startsWith("/external/source") ? "externalSource" : pointer.substring(1));
            return new ProblemError(
                    pointer, problem.code(), problem.detail(), field == null ? line : field.line(), null);
        }
    }

    record Field(int line, String text) {}

    static String write(Segment segment) {
        var fields = new LinkedHashMap<String, @Nullable String>();
        fields.put("key", segment.key());
        fields.put("name", escape(segment.name()));
        fields.put("description", segment.description() == null ? null : escape(segment.description()));
        fields.put("kind", segment.kind().word());
        fields.put("timeZone", segment.timeZone().getId());
        fields.put("owner", segment.owner() == null ? null : escape(segment.owner()));
        fields.put("scope", segment.scope());
        fields.put(
                "tags",
                segment.tags().isEmpty()
                        ? null
                        : segment.tags().stream()
                                .map(tag -> escape(tag).replace(",", "\\,"))
                                .collect(joining(", ")));
        var external = segment.external();
        fields.put("externalSource", external == null ? null : escape(external.source()));
        fields.put("externalUrl", external == null ? null : external.url());
        fields.put("evaluateEvery", segment.definition().evaluateEveryText());
        var head = fields.entrySet().stream()
                .filter(field -> field.getValue() != null)
                .map(field -> "-- " + field.getKey() + ": " + field.getValue() + "\n")
                .collect(joining());
        return segment.query() == null ? head : head + "\n" + query(segment.query()) + "\n";
    }

    /** A comment of the query's own that looks like the head of a segment gets a third dash. */
    private static String query(String query) {
        return TemplateText.of(query)
                .map(piece -> {
                    if (!("\n" + piece.text()).contains("\n" + KEY)) {
                        return piece;
                    }
                    if (piece.text().startsWith("--") || piece.text().startsWith("/*")) {
                        var text = ("\n" + piece.text()).replace("\n" + KEY, "\n-" + KEY);
                        return new TemplateText.Piece(piece.kind(), text.substring(1));
                    }
                    throw new Problem(
                            ProblemType.CONFLICT,
                            "A text of the query has a line that begins a segment: '" + KEY + "'");
                })
                .toString();
    }

    /** The segments of a text, as far as it can be read. */
    static List<Block> read(String text, List<ProblemError> problems) {
        var lines = text.lines().toList();
        var blocks = new ArrayList<Block>();
        var at = 0;
        while (at < lines.size() && !begins(lines.get(at))) {
            if (!lines.get(at).isBlank()) {
                problems.add(new ProblemError(
                        "", "no-segment", "A segment begins with a line like '-- key: lapsed-60d'", at + 1, 1));
                return blocks;
            }
            at++;
        }
        while (at < lines.size()) {
            var end = at + 1;
            while (end < lines.size() && !begins(lines.get(end))) {
                end++;
            }
            blocks.add(block(lines, at, end, problems));
            at = end;
        }
        if (blocks.isEmpty()) {
            problems.add(new ProblemError("", "empty", "There is no segment in the text", 1, 1));
        }
        return blocks;
    }

    private static boolean begins(String line) {
        return line.startsWith(KEY);
    }

    private static Block block(List<String> lines, int from, int end, List<ProblemError> problems) {
        var fields = new LinkedHashMap<String, Field>();
        var at = from;
        for (; at < end; at++) {
            var header = HEADER.matcher(lines.get(at));
            if (!header.matches()) {
                break;
            }
            var name = header.group(1);
            if (!FIELDS.contains(name)) {
                problems.add(new ProblemError(
                        "/" + name,
                        "unknown-field",
                        "A segment has no '" + name + "' at its head" + Nearest.advice(name, FIELDS)
                                + "; leave a line empty before comments of the query",
                        at + 1,
                        null));
            } else if (fields.containsKey(name)) {
                problems.add(new ProblemError("/" + name, "duplicate", "'" + name + "' is said twice", at + 1, null));
            }
            var value = header.group(2).strip();
            fields.put(name, new Field(at + 1, name.equals("tags") ? value : unescape(value)));
        }
        while (at < end && lines.get(at).isBlank()) {
            at++;
        }
        var query = String.join("\n", lines.subList(at, end)).stripTrailing();
        return new Block(from + 1, fields, at + 1, query);
    }

    private static String escape(String text) {
        return text.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r");
    }

    private static String unescape(String text) {
        var plain = new StringBuilder();
        for (var at = 0; at < text.length(); at++) {
            var c = text.charAt(at);
            if (c == '\\' && at + 1 < text.length()) {
                at++;
                plain.append(
                        switch (text.charAt(at)) {
                            case 'n' -> '\n';
                            case 'r' -> '\r';
                            default -> text.charAt(at);
                        });
            } else {
                plain.append(c);
            }
        }
        return plain.toString();
    }

    private static List<String> tags(String text) {
        var tags = new ArrayList<String>();
        var from = 0;
        for (var at = 0; at <= text.length(); at++) {
            if (at == text.length() || text.charAt(at) == ',') {
                tags.add(unescape(text.substring(from, at).strip()));
                from = at + 1;
            } else if (text.charAt(at) == '\\') {
                at++;
            }
        }
        return tags.stream().filter(tag -> !tag.isEmpty()).toList();
    }
}
