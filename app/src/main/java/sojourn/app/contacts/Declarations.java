package sojourn.app.contacts;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Nearest;
import sojourn.app.platform.ProblemError;

/** Reads declarations of attributes and properties as people write them, and says everything that is wrong. */
public final class Declarations {

    private static final Pattern KEY = Pattern.compile("[A-Za-z][A-Za-z0-9_]*");
    private static final int LONGEST_KEY = 64;
    private static final int MOST = 500;
    private static final int MOST_OPTIONS = 1000;
    private static final int MOST_NAMED = 20;
    private static final List<String> TYPES =
            List.of("text", "number", "boolean", "date", "timestamp", "option", "options", "lookup");

    private Declarations() {}

    /** Checks the key of a type, attribute or property. */
    public static void checkKey(String pointer, @Nullable String key, List<ProblemError> errors) {
        if (key == null || key.isEmpty()) {
            errors.add(ProblemError.at(pointer, "required", "a key is needed"));
        } else if (!isKey(key)) {
            errors.add(ProblemError.at(
                    pointer,
                    "invalid-key",
                    "a key is a letter and then letters, digits and _, at most " + LONGEST_KEY + " in all"));
        }
    }

    static boolean isKey(String text) {
        return text.length() <= LONGEST_KEY && KEY.matcher(text).matches();
    }

    /**
     * Each declaration is a type alone or an object with type, options, lookup.
     *
     * @param profileTypes what a lookup may look up
     */
    public static Map<String, Declaration> read(
            String pointer,
            Map<String, ? extends @Nullable Object> written,
            Collection<String> reserved,
            Collection<String> profileTypes,
            List<ProblemError> errors) {
        var declarations = new LinkedHashMap<String, Declaration>();
        if (written.size() > MOST) {
            errors.add(ProblemError.at(pointer, "too-many", "at most " + MOST + " would fit"));
            return declarations;
        }
        written.forEach((key, declaration) -> {
            var place = pointer + "/" + key.replace("~", "~0").replace("/", "~1");
            checkKey(place, key, errors);
            if (reserved.contains(key)) {
                errors.add(ProblemError.at(place, "reserved-key", key + " is built in, it needs no declaration"));
            }
            var read = read(place, declaration, profileTypes, errors);
            if (read != null) {
                declarations.put(key, read);
            }
        });
        return declarations;
    }

    /** What is declared keeps its type; options may come but not go, since stored values have them. */
    public static void checkKept(
            String pointer, Map<String, Declaration> old, Map<String, Declaration> changed, List<ProblemError> errors) {
        changed.forEach((key, declaration) -> {
            var before = old.get(key);
            if (before == null) {
                return;
            }
            if (before.type() != declaration.type() || !Objects.equals(before.lookup(), declaration.lookup())) {
                errors.add(ProblemError.at(
                        pointer + "/" + key,
                        "type-fixed",
                        "this is declared as " + before.type().word() + ", which cannot be changed"));
            }
            if (!new HashSet<>(declaration.options()).containsAll(before.options())) {
                errors.add(ProblemError.at(
                        pointer + "/" + key, "options-fixed", "options can be added but not taken away"));
            }
        });
    }

    private static @Nullable Declaration read(
            String pointer, @Nullable Object written, Collection<String> profileTypes, List<ProblemError> errors) {
        return switch (written) {
            case String word -> read(pointer, word, Map.of(), profileTypes, errors);
            case Map<?, ?> object -> {
                for (var name : object.keySet()) {
                    if (!Set.of("type", "options", "lookup").contains(String.valueOf(name))) {
                        errors.add(ProblemError.at(
                                pointer + "/" + name, "unknown-field", "a declaration has type, options and lookup"));
                    }
                }
                if (object.get("type") instanceof String word) {
                    yield read(pointer, word, object, profileTypes, errors);
                }
                errors.add(ProblemError.at(pointer + "/type", "required", "a type is needed" + types()));
                yield null;
            }
            case null, default -> {
                errors.add(ProblemError.at(pointer, "wrong-type", "a type or an object would fit" + types()));
                yield null;
            }
        };
    }

    private static @Nullable Declaration read(
            String pointer,
            String word,
            Map<?, ?> written,
            Collection<String> profileTypes,
            List<ProblemError> errors) {
        var options = written.get("options");
        var type = ValueType.of(word).orElse(null);
        if (type == null) {
            errors.add(ProblemError.at(
                    pointer, "unknown-value-type", "there is no such type" + Nearest.advice(word, TYPES) + types()));
            return null;
        }
        var hasOptions = type == ValueType.OPTION || type == ValueType.OPTIONS;
        if (hasOptions != (options != null)) {
            errors.add(ProblemError.at(
                    pointer + "/options",
                    hasOptions ? "required" : "unknown-field",
                    "options belong to the types option and options, which need them"));
            return null;
        }
        var lookup = lookup(pointer + "/lookup", type, written.get("lookup"), profileTypes, errors);
        return new Declaration(type, hasOptions ? options(pointer + "/options", options, errors) : List.of(), lookup);
    }

    private static @Nullable String lookup(
            String pointer,
            ValueType type,
            @Nullable Object lookup,
            Collection<String> profileTypes,
            List<ProblemError> errors) {
        if (type != ValueType.LOOKUP) {
            if (lookup != null) {
                errors.add(ProblemError.at(pointer, "unknown-field", "lookup belongs to the type lookup"));
            }
            return null;
        }
        if (lookup == null) {
            return ProfileTypes.CONTACT;
        }
        if (!(lookup instanceof String key) || !profileTypes.contains(key)) {
            errors.add(ProblemError.at(
                    pointer,
                    "unknown-profile-type",
                    "lookup names a profile type; there are "
                            + String.join(
                                    ", ",
                                    profileTypes.stream()
                                            .sorted()
                                            .limit(MOST_NAMED)
                                            .toList())));
            return null;
        }
        return key;
    }

    private static List<String> options(String pointer, @Nullable Object options, List<ProblemError> errors) {
        var read = new ArrayList<String>();
        var folded = new HashSet<String>();
        if (!(options instanceof List<?> list) || list.isEmpty() || list.size() > MOST_OPTIONS) {
            errors.add(ProblemError.at(pointer, "wrong-type", "a list of 1 to " + MOST_OPTIONS + " texts would fit"));
            return read;
        }
        for (var index = 0; index < list.size(); index++) {
            var place = pointer + "/" + index;
            try {
                var text = list.get(index) instanceof String option ? Values.text(option, 255) : null;
                if (text == null || text.contains(";")) {
                    errors.add(ProblemError.at(place, "wrong-type", "an option is a text, not empty and without ;"));
                } else if (!folded.add(Fold.text(text))) {
                    errors.add(ProblemError.at(place, "duplicate", "this option is there already, but for its case"));
                } else {
                    read.add(text);
                }
            } catch (Unfit unfit) {
                errors.add(ProblemError.at(place, unfit.code(), unfit.detail()));
            }
        }
        return read;
    }

    private static String types() {
        return "; the types are " + String.join(", ", TYPES);
    }
}
