package sojourn.app.segments.language;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.math.BigDecimal;
import java.text.Normalizer;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.ValueType;

/** What conditions compare: fields, literals, the clock, and what is computed of them. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "is")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Value.Field.class, name = "field"),
    @JsonSubTypes.Type(value = Value.Text.class, name = "text"),
    @JsonSubTypes.Type(value = Value.Numeral.class, name = "number"),
    @JsonSubTypes.Type(value = Value.Truth.class, name = "boolean"),
    @JsonSubTypes.Type(value = Value.Day.class, name = "date"),
    @JsonSubTypes.Type(value = Value.LocalTime.class, name = "localTime"),
    @JsonSubTypes.Type(value = Value.Moment.class, name = "instant"),
    @JsonSubTypes.Type(value = Value.Now.class, name = "now"),
    @JsonSubTypes.Type(value = Value.Today.class, name = "today"),
    @JsonSubTypes.Type(value = Value.Arithmetic.class, name = "arithmetic"),
    @JsonSubTypes.Type(value = Value.Negative.class, name = "negative"),
    @JsonSubTypes.Type(value = Value.DateAdd.class, name = "dateAdd"),
    @JsonSubTypes.Type(value = Value.DateDiff.class, name = "dateDiff"),
    @JsonSubTypes.Type(value = Value.Aggregate.class, name = "aggregate")
})
public sealed interface Value {

    /**
     * An attribute of the contact, or a property of the interaction, whichever the condition is about; or, with a dot, an
     * attribute of the record that a property of the interaction names.
     *
     * @param of the type of the record that is followed to, see {@link Follow}; null where nothing is followed
     */
    record Field(
            String name,
            ValueType type,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            String of) implements Value {

        public Field(String name, ValueType type) {
            this(name, type, null);
        }

        Optional<Follow> follow() {
            return Optional.ofNullable(of).map(type -> new Follow(name.substring(0, dot()), type));
        }

        /** As it is called where it lies: in the record that is followed to, when there is one. */
        Field bare() {
            return of == null ? this : new Field(name.substring(dot() + 1), type);
        }

        private int dot() {
            return Math.max(0, name.indexOf('.'));
        }
    }

    /** In NFC, as texts are stored. {@code exact} is {@code CASE '...'}: compared as it stands, not folded. */
    record Text(String text, boolean exact) implements Value {
        public Text {
            if (text.isEmpty()) {
                throw new IllegalArgumentException("An empty text is never stored");
            }
            text = Normalizer.normalize(text, Normalizer.Form.NFC);
        }
    }

    /** An exact decimal; two ways of writing one number are one value. */
    record Numeral(BigDecimal number) implements Value {

        static final int DIGITS = 200;

        public Numeral {
            if (!isInRange(number)) {
                throw new IllegalArgumentException("A number has at most " + DIGITS + " digits and decimals");
            }
            number = number.stripTrailingZeros();
        }

        static boolean isInRange(BigDecimal number) {
            return number.precision() <= DIGITS && Math.abs((long) number.scale()) <= DIGITS;
        }
    }

    record Truth(boolean value) implements Value {}

    /** A date; beside an instant it is its midnight in the segment's zone. */
    record Day(LocalDate date) implements Value {}

    /** A date and time in the segment's zone. */
    record LocalTime(LocalDateTime time) implements Value {}

    record Moment(Instant instant) implements Value {}

    /** {@code DATETIMEUTCNOW()}. */
    record Now() implements Value {}

    /** {@code TODAY()}: the midnight with which today began in the segment's zone. */
    record Today() implements Value {}

    record Arithmetic(Value left, Operator operator, Value right) implements Value {}

    record Negative(Value of) implements Value {}

    /**
     * {@code DATEADD(unit, count, to)}, along the calendar of the segment's zone: a date when moved by days or longer,
     * else an instant.
     */
    record DateAdd(CalendarUnit unit, int count, Value to) implements Value {
        public DateAdd {
            if (Math.abs((long) count) > unit.most()) {
                throw new IllegalArgumentException("At most " + unit.most() + " times " + unit);
            }
        }
    }

    /** {@code DATEDIFF(unit, from, to)}: the whole units that have gone by, negative when {@code to} is the earlier. */
    record DateDiff(CalendarUnit unit, Value from, Value to) implements Value {}

    /** Something of all the interactions together; only in HAVING. COUNT alone does without a field. */
    record Aggregate(Function function, @Nullable Field field) implements Value {
        public Aggregate {
            if ((function == Function.COUNT) != (field == null)) {
                throw new IllegalArgumentException("COUNT() takes no property, every other aggregate takes one");
            }
        }

        /** The field of every aggregate but COUNT. */
        Field counted() {
            if (field == null) {
                throw new IllegalStateException("COUNT() has no property");
            }
            return field;
        }
    }

    enum Operator {
        PLUS("+", 1),
        MINUS("-", 1),
        TIMES("*", 2),
        DIVIDED("/", 2);

        private final String text;
        private final int precedence;

        Operator(String text, int precedence) {
            this.text = text;
            this.precedence = precedence;
        }

        String text() {
            return text;
        }

        int precedence() {
            return precedence;
        }
    }

    enum Function {
        COUNT,
        COUNT_DISTINCT,
        SUM,
        AVG,
        MIN,
        MAX
    }
}
