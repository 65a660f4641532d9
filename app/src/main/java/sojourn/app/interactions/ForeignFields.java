package sojourn.app.interactions;

import java.math.BigInteger;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Unfit;
import sojourn.app.contacts.Values;
import sojourn.app.platform.ProblemError;

/** The fields of an object in another product's format; what is wrong with one is said of that one. */
final class ForeignFields {

    private static final int LONGEST = 300;

    private final Map<String, @Nullable Object> fields;
    private final List<ProblemError> errors;

    ForeignFields(Map<String, @Nullable Object> fields, List<ProblemError> errors) {
        this.fields = fields;
        this.errors = errors;
    }

    /** A text; null when there is none. */
    @Nullable
    String text(String name) {
        var value = fields.get(name);
        try {
            return switch (value) {
                case null -> null;
                case String text -> Values.text(text, LONGEST);
                default -> throw new Unfit("wrong-type", "text would fit");
            };
        } catch (Unfit unfit) {
            errors.add(ProblemError.at("/" + name, unfit.code(), unfit.detail()));
            return null;
        }
    }

    /** A text or a whole number, which some write for a text. */
    @Nullable
    String name(String name) {
        return switch (fields.get(name)) {
            case Integer number -> number.toString();
            case Long number -> number.toString();
            case BigInteger number -> number.toString();
            case null, default -> text(name);
        };
    }

    @Nullable
    Instant instant(String name) {
        var text = text(name);
        try {
            return text == null ? null : Values.instant(text);
        } catch (Unfit unfit) {
            errors.add(ProblemError.at("/" + name, unfit.code(), unfit.detail()));
            return null;
        }
    }

    @Nullable
    Map<String, @Nullable Object> object(String name) {
        var value = fields.get(name);
        return value == null ? null : JsonTree.object("/" + name, value, errors);
    }

    /** Says that a field is needed, unless it was there and is wrong, which has been said. */
    void require(String name, @Nullable String value, String detail) {
        if (value == null && !isWrong(name)) {
            errors.add(ProblemError.at("/" + name, "required", detail));
        }
    }

    boolean isWrong(String... names) {
        return errors.stream()
                .anyMatch(error -> Arrays.stream(names).anyMatch(name -> ("/" + name).equals(error.pointer())));
    }
}
