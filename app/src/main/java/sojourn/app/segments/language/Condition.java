package sojourn.app.segments.language;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.math.BigDecimal;
import java.text.Normalizer;
import java.util.List;

/**
 * Is true or false for one contact, or for one interaction. Never unknown: whatever is asked of a null is false, but
 * for {@link IsNull}.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Condition.All.class, name = "all"),
    @JsonSubTypes.Type(value = Condition.Any.class, name = "any"),
    @JsonSubTypes.Type(value = Condition.Not.class, name = "not"),
    @JsonSubTypes.Type(value = Condition.Compare.class, name = "compare"),
    @JsonSubTypes.Type(value = Condition.In.class, name = "in"),
    @JsonSubTypes.Type(value = Condition.HasText.class, name = "hasText"),
    @JsonSubTypes.Type(value = Condition.HasOptions.class, name = "hasOptions"),
    @JsonSubTypes.Type(value = Condition.IsNull.class, name = "isNull"),
    @JsonSubTypes.Type(value = Condition.IsTrue.class, name = "isTrue"),
    @JsonSubTypes.Type(value = Condition.IsFalse.class, name = "isFalse"),
    @JsonSubTypes.Type(value = Condition.Within.class, name = "within"),
    @JsonSubTypes.Type(value = Condition.Near.class, name = "near"),
    @JsonSubTypes.Type(value = Condition.Member.class, name = "member")
})
public sealed interface Condition {

    record All(List<Condition> of) implements Condition {
        public All {
            of = severalOf(of);
        }
    }

    record Any(List<Condition> of) implements Condition {
        public Any {
            of = severalOf(of);
        }
    }

    record Not(Condition of) implements Condition {}

    record Compare(Value left, Comparison operator, Value right) implements Condition {}

    /** Equal to at least one of them. */
    record In(Value value, List<Value> list) implements Condition {
        public In {
            list = List.copyOf(list);
            if (list.isEmpty()) {
                throw new IllegalArgumentException("IN needs at least one value");
            }
        }
    }

    /** A text has another one within it, at its start or at its end. */
    record HasText(Value text, Place place, Value part) implements Condition {}

    /** A contact's options hold all, or any, of those named. */
    record HasOptions(Value.Field field, Quantifier quantifier, List<String> options) implements Condition {
        public HasOptions {
            options = options.stream()
                    .map(option -> Normalizer.normalize(option, Normalizer.Form.NFC))
                    .toList();
            if (options.isEmpty()) {
                throw new IllegalArgumentException("Name at least one option");
            }
        }
    }

    record IsNull(Value value) implements Condition {}

    record IsTrue(Value value) implements Condition {}

    record IsFalse(Value value) implements Condition {}

    /**
     * The day of a date or instant lies in the last or next days of the calendar; with {@code anniversary}, the day as it
     * comes round each year.
     */
    record Within(Value value, boolean anniversary, Direction direction, int count, CalendarUnit unit)
            implements Condition {
        public Within {
            if (!unit.isOfDates() || count < 1 || count > unit.most()) {
                throw new IllegalArgumentException("1 to " + unit.most() + " days or longer units");
            }
        }
    }

    /** The contact's coordinates are at most so many kilometres from a point, over a sphere of the Earth's mean radius. */
    record Near(BigDecimal latitude, BigDecimal longitude, BigDecimal kilometres) implements Condition {
        public Near {
            latitude = latitude.stripTrailingZeros();
            longitude = longitude.stripTrailingZeros();
            kilometres = kilometres.stripTrailingZeros();
        }
    }

    /** The contact is a member of a segment. */
    record Member(String segment) implements Condition {}

    /** Where {@link HasText} looks; the names are the language's. */
    enum Place {
        CONTAINS,
        STARTSWITH,
        ENDSWITH
    }

    /** How many {@link HasOptions} asks for; the names are the language's. */
    enum Quantifier {
        CONTAINSALL,
        CONTAINSANY
    }

    /** Where {@link Within} looks, seen from today; the names are the language's. */
    enum Direction {
        LAST,
        NEXT
    }

    private static List<Condition> severalOf(List<Condition> parts) {
        if (parts.size() < 2) {
            throw new IllegalArgumentException("A logical operator joins at least two conditions");
        }
        return List.copyOf(parts);
    }
}
