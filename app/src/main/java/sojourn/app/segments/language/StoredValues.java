package sojourn.app.segments.language;

import com.fasterxml.jackson.databind.JsonNode;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Declaration;
import sojourn.app.contacts.ValueType;

/**
 * Reads values from the JSON in which they are stored, as the Java meaning of a query wants them: String, BigDecimal,
 * Boolean, LocalDate, Instant, List of String. What does not fit its declaration is null, as it is in SQL.
 */
public final class StoredValues {

    /** Exactly as they are written to the database, as in {@link Columns}; what comes from outside may look otherwise. */
    private static final Pattern DATE = Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}");

    private static final Pattern INSTANT =
            Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]([.][0-9]{1,6})?Z");

    private StoredValues() {}

    /** All that are declared and not null. */
    public static Map<String, Object> read(JsonNode object, Map<String, Declaration> declared) {
        var values = new HashMap<String, Object>();
        for (var field : object.properties()) {
            var declaration = declared.get(field.getKey());
            var value = declaration == null ? null : read(field.getValue(), declaration.type());
            if (value != null) {
                values.put(field.getKey(), value);
            }
        }
        return values;
    }

    public static @Nullable Object read(JsonNode stored, ValueType type) {
        return switch (type) {
            case TEXT, OPTION, LOOKUP -> stored.isTextual() ? stored.textValue() : null;
            case NUMBER -> stored.isNumber() ? stored.decimalValue() : null;
            case BOOLEAN -> stored.isBoolean() ? stored.booleanValue() : null;
            case DATE -> stored.isTextual() ? date(stored.textValue()) : null;
            case TIMESTAMP -> stored.isTextual() ? instant(stored.textValue()) : null;
            case OPTIONS -> options(stored);
        };
    }

    /** Coordinates are stored as binary numbers; here, as in SQL, they are the decimal that names them. */
    public static BigDecimal number(double stored) {
        return BigDecimal.valueOf(stored);
    }

    private static @Nullable LocalDate date(String text) {
        if (!DATE.matcher(text).matches()) {
            return null;
        }
        try {
            var date = LocalDate.parse(text);
            return date.getYear() >= 1 ? date : null;
        } catch (DateTimeException notADate) {
            return null;
        }
    }

    private static @Nullable Instant instant(String text) {
        if (!INSTANT.matcher(text).matches() || text.startsWith("0000")) {
            return null;
        }
        try {
            return Instant.parse(text);
        } catch (DateTimeException notAnInstant) {
            return null;
        }
    }

    private static @Nullable List<String> options(JsonNode stored) {
        return stored.isArray() && !stored.isEmpty()
                ? StreamSupport.stream(stored.spliterator(), false)
                        .filter(JsonNode::isTextual)
                        .map(JsonNode::textValue)
                        .toList()
                : null;
    }
}
