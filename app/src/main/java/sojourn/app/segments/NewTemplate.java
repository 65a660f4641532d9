package sojourn.app.segments;

import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemError;
import sojourn.app.segments.TemplateText.Kind;
import sojourn.app.segments.TemplateText.Piece;

/** A template as sent, to be made of a segment's query. */
record NewTemplate(
        @Nullable String key,
        @Nullable String name,
        @Nullable String description,
        @Nullable String category,
        @Nullable List<@NotNull @Valid TemplateParameter> parameters) {

    private static final Pattern NAME = Pattern.compile("[a-z][A-Za-z0-9]{0,49}");
    private static final String DEFAULT_CATEGORY = "own";
    private static final int LONGEST_TEXT = 10_000;
    private static final int LONGEST_CATEGORY = 100;
    private static final int MOST_PARAMETERS = 50;

    /** The template; its parameters stand wherever the query has their standard values. */
    SegmentTemplate check(String query) {
        var problems = new ArrayList<ProblemError>();
        var checkedKey = NewSegment.key(key, problems);
        size("/name", name, LONGEST_TEXT, problems);
        size("/description", description, LONGEST_TEXT, problems);
        size("/category", category, LONGEST_CATEGORY, problems);
        var text = TemplateText.of(query);
        var wanted = parameters == null ? List.<TemplateParameter>of() : parameters;
        if (wanted.size() > MOST_PARAMETERS) {
            problems.add(
                    ProblemError.at("/parameters", "too-many", "At most " + MOST_PARAMETERS + " parameters would fit"));
            wanted = List.of();
        }
        var seen = new HashSet<String>();
        for (var index = 0; index < wanted.size(); index++) {
            text = place(wanted.get(index), "/parameters/" + index, text, seen, problems);
        }
        if (!problems.isEmpty()) {
            throw Problem.invalid(problems);
        }
        return new SegmentTemplate(
                checkedKey,
                name == null ? checkedKey : name,
                description,
                category == null ? DEFAULT_CATEGORY : category,
                text.toString(),
                wanted,
                false,
                List.of(),
                null,
                null);
    }

    private static void size(String pointer, @Nullable String text, int longest, List<ProblemError> problems) {
        if (text != null && (text.isBlank() || text.length() > longest)) {
            problems.add(ProblemError.at(pointer, "wrong-size", "1 to " + longest + " characters would fit"));
        }
    }

    private static TemplateText place(
            TemplateParameter parameter,
            String pointer,
            TemplateText text,
            Set<String> seen,
            List<ProblemError> problems) {
        if (!NAME.matcher(parameter.name()).matches() || !seen.add(parameter.name())) {
            problems.add(ProblemError.at(
                    pointer + "/name",
                    "invalid-name",
                    "A name of its own would fit, letters and digits, beginning with a small letter"));
            return text;
        }
        var standard = parameter.standard();
        if (standard == null) {
            problems.add(ProblemError.at(
                    pointer + "/default", "missing", "The value that stands in the query now would fit"));
            return text;
        }
        var placed = text.map(
                piece -> isValue(piece, parameter, standard) ? TemplateText.parameter(parameter.name()) : piece);
        if (placed.equals(text)) {
            problems.add(ProblemError.at(
                    pointer + "/default",
                    "not-in-query",
                    "The query has no such " + parameter.type().word()
                            + "; a parameter stands where the query has its default, as it is written there"));
        }
        return placed;
    }

    private static boolean isValue(Piece piece, TemplateParameter parameter, Object standard) {
        return switch (parameter.type()) {
            case NUMBER -> piece.kind() == Kind.NUMBER && isNumber(piece.text(), standard);
            case TEXT, OPTION, DATE ->
                piece.kind() == Kind.QUOTED
                        && piece.text().equals("'" + String.valueOf(standard).replace("'", "''") + "'");
            case INTERACTION_TYPE, PROPERTY, ATTRIBUTE ->
                piece.kind() == Kind.WORD && piece.text().equals(standard);
            case SEGMENT -> piece.kind() == Kind.SEGMENT_KEY && piece.text().equals(standard);
        };
    }

    private static boolean isNumber(String text, Object standard) {
        try {
            return standard instanceof Number
                    && new BigDecimal(text).compareTo(new BigDecimal(standard.toString())) == 0;
        } catch (NumberFormatException word) {
            return false;
        }
    }
}
