package sojourn.app.segments;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Declaration;
import sojourn.app.platform.Nearest;
import sojourn.app.platform.ProblemError;
import sojourn.app.segments.language.Catalog;

/**
 * Values for the parameters of a template, checked, and as the language writes them. Whatever was sent becomes a literal,
 * or a name that there is: never text of the query.
 */
final class TemplateValues {

    private static final int LONGEST_TEXT = 1000;
    private static final int MOST_DIGITS = 30;

    /** A value that does not fit: what was found and what would fit. */
    private static final class Unfitting extends Exception {

        private static final long serialVersionUID = 1;

        private final String code;

        private Unfitting(String code, String detail) {
            super(detail);
            this.code = code;
        }
    }

    private final Catalog catalog;
    private final List<TemplateParameter> parameters;
    private final Map<String, Object> given;

    TemplateValues(Catalog catalog, List<TemplateParameter> parameters, Map<String, Object> given) {
        this.catalog = catalog;
        this.parameters = parameters;
        this.given = given;
    }

    /** What to write for each parameter; everything that is wrong goes to the problems. */
    Map<String, String> literals(List<ProblemError> problems) {
        var names = parameters.stream().map(TemplateParameter::name).toList();
        for (var name : given.keySet()) {
            if (!names.contains(name)) {
                problems.add(ProblemError.at(
                        pointer(name),
                        "unknown-parameter",
                        "The template has no such parameter" + Nearest.advice(name, names)));
            }
        }
        var literals = new HashMap<String, String>();
        for (var parameter : parameters) {
            var value = value(parameter);
            try {
                literals.put(parameter.name(), literal(parameter, value));
            } catch (Unfitting unfitting) {
                problems.add(ProblemError.at(
                        pointer(parameter.name()), unfitting.code, String.valueOf(unfitting.getMessage())));
            }
        }
        return literals;
    }

    /** What the values name that there is not, each once. */
    List<String> missing() {
        return parameters.stream()
                .filter(parameter -> value(parameter) instanceof String)
                .flatMap(parameter -> {
                    var name = String.valueOf(value(parameter));
                    return switch (parameter.type()) {
                        case INTERACTION_TYPE -> missing("interaction type ", name, types());
                        case PROPERTY ->
                            types().contains(typeOf(parameter))
                                    ? missing("property " + typeOf(parameter) + ".", name, properties(parameter))
                                    : Stream.<String>empty();
                        case ATTRIBUTE -> missing("attribute ", name, attributes(parameter));
                        case SEGMENT -> missing("segment ", name, catalog.segmentKeys());
                        case NUMBER, TEXT, OPTION, DATE -> Stream.<String>empty();
                    };
                })
                .distinct()
                .toList();
    }

    private static Stream<String> missing(String kind, String name, Collection<String> known) {
        return known.contains(name) ? Stream.empty() : Stream.of(kind + name);
    }

    private @Nullable Object value(TemplateParameter parameter) {
        var value = given.get(parameter.name());
        return value == null ? parameter.standard() : value;
    }

    private String literal(TemplateParameter parameter, @Nullable Object value) throws Unfitting {
        if (value == null) {
            throw new Unfitting("missing", "A value is needed: " + wanted(parameter));
        }
        return switch (parameter.type()) {
            case NUMBER -> number(parameter, value);
            case TEXT -> quoted(text(parameter, value));
            case OPTION -> quoted(known(parameter, value, "unknown-option", options(parameter)));
            case DATE -> quoted(date(parameter, value));
            case INTERACTION_TYPE -> known(parameter, value, "unknown-interaction-type", types());
            case PROPERTY -> known(parameter, value, "unknown-property", properties(parameter));
            case ATTRIBUTE -> known(parameter, value, "unknown-attribute", attributes(parameter));
            case SEGMENT -> known(parameter, value, "unknown-segment", catalog.segmentKeys());
        };
    }

    private static String number(TemplateParameter parameter, Object value) throws Unfitting {
        var number = switch (value) {
            case Integer whole -> BigDecimal.valueOf(whole);
            case Long whole -> BigDecimal.valueOf(whole);
            case BigInteger whole -> new BigDecimal(whole);
            case Double inexact -> BigDecimal.valueOf(inexact);
            case BigDecimal exact -> exact;
            default -> throw new Unfitting("wrong-type", "This is no number; " + wanted(parameter));
        };
        var min = parameter.min();
        var max = parameter.max();
        if (number.precision() > MOST_DIGITS
                || Math.abs(number.scale()) > MOST_DIGITS
                || (min != null && number.compareTo(min) < 0)
                || (max != null && number.compareTo(max) > 0)
                || (Boolean.TRUE.equals(parameter.whole())
                        && number.stripTrailingZeros().scale() > 0)) {
            throw new Unfitting("out-of-range", "This is no number that would fit; " + wanted(parameter));
        }
        // Never a minus right behind another, which would begin a comment.
        return number.signum() < 0 ? " " + number.toPlainString() : number.toPlainString();
    }

    private static String text(TemplateParameter parameter, Object value) throws Unfitting {
        if (value instanceof String text && !text.isEmpty() && text.length() <= LONGEST_TEXT) {
            return text;
        }
        throw new Unfitting("wrong-type", wanted(parameter));
    }

    private static String date(TemplateParameter parameter, Object value) throws Unfitting {
        try {
            var date = LocalDate.parse(text(parameter, value));
            if (date.getYear() >= 1 && date.getYear() <= 9999) {
                return date.toString();
            }
        } catch (DateTimeException noDate) {
            // falls through to the refusal below
        }
        throw new Unfitting("wrong-type", wanted(parameter));
    }

    private String known(TemplateParameter parameter, Object value, String code, Collection<String> known)
            throws Unfitting {
        if (value instanceof String name && known.contains(name)) {
            return name;
        }
        var found = value instanceof String name && name.length() <= 100
                ? "There is no '" + name + "' here" + Nearest.advice(name, known) + "; "
                : "";
        throw new Unfitting(value instanceof String ? code : "wrong-type", found + wanted(parameter));
    }

    /** What would fit, for a person. */
    private static String wanted(TemplateParameter parameter) {
        return switch (parameter.type()) {
            case NUMBER ->
                (Boolean.TRUE.equals(parameter.whole()) ? "a whole number" : "a number")
                        + (parameter.min() == null
                                ? ""
                                : " from " + parameter.min().toPlainString())
                        + (parameter.max() == null
                                ? ""
                                : " to " + parameter.max().toPlainString())
                        + " would fit";
            case TEXT -> "a text of 1 to " + LONGEST_TEXT + " characters would fit";
            case OPTION -> "one of " + String.join(", ", options(parameter)) + " would fit";
            case DATE -> "a date would fit, 2026-11-01";
            case INTERACTION_TYPE -> "the key of an interaction type would fit, declared by POST /v1/interaction-types";
            case PROPERTY ->
                "a property of the interaction type would fit"
                        + (parameter.holds() == null
                                ? ""
                                : " that is a " + parameter.holds().word());
            case ATTRIBUTE ->
                "an attribute of contacts would fit"
                        + (parameter.holds() == null
                                ? ""
                                : " that is a " + parameter.holds().word());
            case SEGMENT -> "the key of a segment would fit";
        };
    }

    private static List<String> options(TemplateParameter parameter) {
        return parameter.options() == null ? List.of() : parameter.options();
    }

    private Set<String> types() {
        return catalog.interactionTypes().keySet();
    }

    /** The interaction type that a property belongs to, as another parameter or the template itself says. */
    private String typeOf(TemplateParameter property) {
        return parameters.stream()
                .filter(parameter -> parameter.name().equals(property.of()))
                .map(parameter -> String.valueOf(value(parameter)))
                .findFirst()
                .orElse(String.valueOf(property.of()));
    }

    private List<String> properties(TemplateParameter property) {
        return holding(property, catalog.interactionTypes().getOrDefault(typeOf(property), Map.of()));
    }

    private List<String> attributes(TemplateParameter attribute) {
        return holding(attribute, catalog.contactAttributes());
    }

    private static List<String> holding(TemplateParameter parameter, Map<String, Declaration> declared) {
        return declared.entrySet().stream()
                .filter(entry -> parameter.holds() == null || entry.getValue().type() == parameter.holds())
                .map(Map.Entry::getKey)
                .toList();
    }

    private static String quoted(String text) {
        return "'" + text.replace("'", "''") + "'";
    }

    private static String pointer(String name) {
        return "/parameters/" + name.replace("~", "~0").replace("/", "~1");
    }
}
