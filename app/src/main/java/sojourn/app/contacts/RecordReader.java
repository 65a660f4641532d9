package sojourn.app.contacts;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Nearest;
import sojourn.app.platform.ProblemError;

/** Checks what people say about a contact or another record, all of it, whether it comes as JSON or as cells of a table. */
final class RecordReader {

    private static final String ADDRESS = "address.";
    private static final String ATTRIBUTES = "attributes.";
    private static final Pattern PRINTABLE = Pattern.compile("[A-Za-z][A-Za-z0-9_.]{0,63}");

    /** Read back by every GET, so that what was read can be sent again; they change nothing. */
    private static final Set<String> READ_ONLY = Set.of("id", "createdAt", "updatedAt");

    private static final String TYPE = "type";

    private final Shape shape;

    RecordReader(Shape shape) {
        this.shape = shape;
    }

    /** Fields as the API has them, nested in {@code attributes} and, of contacts, {@code address}. */
    FieldChanges fromJson(Map<String, @Nullable Object> body, List<ProblemError> errors) {
        var values = new HashMap<String, @Nullable Object>();
        var clearsAttributes = false;
        for (var entry : body.entrySet()) {
            var name = entry.getKey();
            var value = entry.getValue();
            if (READ_ONLY.contains(name) || (name.equals(TYPE) && !isContact())) {
                continue;
            }
            if (name.equals("address") && isContact()) {
                readAddress(value, values, errors);
            } else if (name.equals("attributes")) {
                clearsAttributes = value == null;
                readAttributes(value, values, errors);
            } else if (shape.isBuiltIn(name) && name.indexOf('.') < 0) {
                read(pointer(name), name, value, values, errors);
            } else {
                var advice = shape.attributes().containsKey(name) && name.indexOf('.') < 0
                        ? "; declared attributes stand in `attributes`"
                        : Nearest.advice(name, topLevel());
                errors.add(ProblemError.at(pointer(name), "unknown-field", noun() + " has no such field" + advice));
            }
        }
        return new FieldChanges(values, clearsAttributes);
    }

    /** The attribute that a column of a table is about, by the column's name. */
    String column(String header) throws Unfit {
        var name = header.startsWith(ATTRIBUTES) ? header.substring(ATTRIBUTES.length()) : header;
        if (READ_ONLY.contains(name) || (!shape.attributes().containsKey(name) && !mayBeUndeclared(name))) {
            // Only what looks like a name is quoted: anything else may be bytes of another encoding, or a person's
            // data.
            var quoted = PRINTABLE.matcher(header).matches() ? "the column " + header : "a column";
            throw new Unfit(
                    "unknown-field",
                    quoted + " is no field of " + noun()
                            + Nearest.advice(name, shape.attributes().keySet()));
        }
        return name;
    }

    /** A cell under a column of {@link #column}. */
    void readCell(String name, String cell, Map<String, @Nullable Object> values, List<ProblemError> errors) {
        var declaration = shape.attributes().get(name);
        try {
            var value = Values.fromText(declaration == null ? Declaration.of(ValueType.TEXT) : declaration, cell);
            values.put(name, value == null || !shape.isBuiltIn(name) ? value : checkBuiltIn(name, value));
        } catch (Unfit unfit) {
            errors.add(ProblemError.at(place(name), unfit.code(), unfit.detail()));
        }
    }

    /** Where an attribute stands in a record's JSON. */
    private String place(String name) {
        if (!shape.isBuiltIn(name)) {
            return "/attributes" + pointer(name);
        }
        return name.startsWith(ADDRESS) ? "/address" + pointer(name.substring(ADDRESS.length())) : pointer(name);
    }

    private void readAddress(
            @Nullable Object address, Map<String, @Nullable Object> values, List<ProblemError> errors) {
        if (address == null) {
            BuiltInAttributes.all().keySet().stream()
                    .filter(name -> name.startsWith(ADDRESS))
                    .forEach(name -> values.put(name, null));
            return;
        }
        if (!(address instanceof Map<?, ?> parts)) {
            errors.add(ProblemError.at("/address", "wrong-type", "an object would fit"));
            return;
        }
        parts.forEach((key, value) -> {
            var name = ADDRESS + key;
            var pointer = "/address" + pointer(String.valueOf(key));
            if (BuiltInAttributes.all().containsKey(name)) {
                read(pointer, name, value, values, errors);
            } else {
                errors.add(ProblemError.at(
                        pointer,
                        "unknown-field",
                        "an address has no such field"
                                + Nearest.advice(
                                        String.valueOf(key), List.of("city", "region", "postalCode", "country"))));
            }
        });
    }

    private void readAttributes(
            @Nullable Object attributes, Map<String, @Nullable Object> values, List<ProblemError> errors) {
        if (attributes == null) {
            return;
        }
        if (!(attributes instanceof Map<?, ?> parts)) {
            errors.add(ProblemError.at("/attributes", "wrong-type", "an object would fit"));
            return;
        }
        parts.forEach((key, value) -> {
            var name = String.valueOf(key);
            var pointer = "/attributes" + pointer(name);
            if (!shape.isBuiltIn(name) && (shape.attributes().containsKey(name) || mayBeUndeclared(name))) {
                read(pointer, name, value, values, errors);
            } else {
                errors.add(ProblemError.at(
                        pointer,
                        "unknown-attribute",
                        "no such attribute is declared" + Nearest.advice(name, declared())));
            }
        });
    }

    private void read(
            String pointer,
            String name,
            @Nullable Object raw,
            Map<String, @Nullable Object> values,
            List<ProblemError> errors) {
        var declaration = shape.attributes().get(name);
        try {
            var value = Values.fromJson(declaration == null ? fitting(raw) : declaration, raw);
            values.put(name, value == null || !shape.isBuiltIn(name) ? value : checkBuiltIn(name, value));
        } catch (Unfit unfit) {
            errors.add(ProblemError.at(pointer, unfit.code(), unfit.detail()));
        }
    }

    private Object checkBuiltIn(String name, Object value) throws Unfit {
        var checked = BuiltInChecks.check(name, value);
        if (name.equals("businessUnit") && !shape.businessUnits().contains((String) checked)) {
            throw new Unfit(
                    "unknown-business-unit",
                    "there is no such business unit" + Nearest.advice((String) checked, shape.businessUnits()));
        }
        return checked;
    }

    private boolean mayBeUndeclared(String name) {
        return shape.allowUndeclared() && Declarations.isKey(name);
    }

    /** How a value of an attribute that nobody declared is taken. */
    private static Declaration fitting(@Nullable Object raw) {
        return Declaration.of(
                switch (raw) {
                    case Number _ -> ValueType.NUMBER;
                    case Boolean _ -> ValueType.BOOLEAN;
                    case null, default -> ValueType.TEXT;
                });
    }

    private boolean isContact() {
        return shape.type().equals(ProfileTypes.CONTACT);
    }

    private String noun() {
        return isContact() ? "a contact" : "a record of this type";
    }

    private List<String> declared() {
        return shape.attributes().keySet().stream()
                .filter(name -> !shape.isBuiltIn(name))
                .toList();
    }

    private List<String> topLevel() {
        var names = new ArrayList<>(isContact() ? List.of("address", "attributes") : List.of("attributes"));
        BuiltInAttributes.of(shape.type()).keySet().stream()
                .filter(name -> name.indexOf('.') < 0 && !READ_ONLY.contains(name))
                .forEach(names::add);
        return names;
    }

    private static String pointer(String name) {
        return "/" + name.replace("~", "~0").replace("/", "~1");
    }
}
