package sojourn.app.segments.language;

import java.util.List;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Declaration;
import sojourn.app.contacts.ValueType;

/** What an expression turned out to be: parentheses may hold either, and only what follows tells. */
sealed interface Parsed {

    Token at();

    /** A value and what it is declared as; without a declaration it has been complained about, and fits everywhere. */
    record Operand(Value value, @Nullable Declaration declaration, Token at) implements Parsed {

        static Operand of(Value value, ValueType type, Token at) {
            return new Operand(value, Declaration.of(type), at);
        }

        static Operand unknown(Token at) {
            return new Operand(new Value.Truth(true), null, at);
        }

        boolean isUnknown() {
            return declaration == null;
        }

        boolean is(ValueType... types) {
            return declaration != null && List.of(types).contains(declaration.type());
        }

        boolean isTextLiteral() {
            return value instanceof Value.Text;
        }

        /** As a message about it reads: {@code `age` is a number}. */
        String described() {
            var type = declaration == null ? "unknown" : nounOf(declaration.type());
            return switch (value) {
                case Value.Field(var name, var _, var _) -> "`" + name + "` is " + type;
                case Value.Text _, Value.Numeral _, Value.Day _, Value.LocalTime _, Value.Moment _ ->
                    at.shown() + " is " + type;
                default -> "the value at " + at.shown() + " is " + type;
            };
        }

        static String nounOf(ValueType type) {
            return switch (type) {
                case TEXT -> "a text";
                case NUMBER -> "a number";
                case BOOLEAN -> "true or false";
                case DATE -> "a date";
                case TIMESTAMP -> "a timestamp";
                case OPTION -> "an option";
                case OPTIONS -> "a set of options";
                case LOOKUP -> "a lookup";
            };
        }
    }

    record Test(Condition condition, Token at) implements Parsed {}
}
