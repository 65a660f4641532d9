package sojourn.app.interactions;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Declaration;
import sojourn.app.contacts.Declarations;
import sojourn.app.contacts.DeclaredChanges;
import sojourn.app.contacts.ProfileTypes;
import sojourn.app.platform.ProblemError;
import sojourn.app.security.AuditLog;
import sojourn.app.security.Deed;

/** What can happen to a contact. */
public final class InteractionTypes {

    /**
     * Other rows have another state: ids are never given twice, so that the highest one and the number of rows tell what was
     * added and removed, and every change counts its row's version up.
     */
    private static final String STATE = """
            select max(id) || '/' || count(*) || '/' || sum(version) from interaction_type
            """;

    private final Jdbi jdbi;
    private volatile Known last = new Known("", Map.of());

    private record Known(String state, Map<String, InteractionType> types) {}

    public InteractionTypes(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    /** Every type by key, built-in ones too; read only when any has changed. */
    public Map<String, InteractionType> all() {
        return jdbi.withHandle(handle -> {
            var state = handle.select(STATE).mapTo(String.class).one();
            var known = last;
            if (!state.equals(known.state())) {
                // The state was read before the types, so that a change between the two looks is found the next time.
                known = new Known(state, all(handle));
                last = known;
            }
            return known.types();
        });
    }

    /** The same, within the caller's transaction. */
    public static Map<String, InteractionType> all(Handle handle) {
        var types = new LinkedHashMap<String, InteractionType>();
        for (var row : handle.attach(InteractionTypeDao.class).all()) {
            types.put(row.key(), row.type());
        }
        return Collections.unmodifiableMap(types);
    }

    /** What was declared here: types that did not come with the product, and of all types the properties that were added. */
    public static Map<String, Map<String, Declaration>> own(Handle handle) {
        var own = new LinkedHashMap<String, Map<String, Declaration>>();
        for (var row : handle.attach(InteractionTypeDao.class).all()) {
            if (!row.builtIn() || !row.properties().isEmpty()) {
                own.put(row.key(), row.properties());
            }
        }
        return own;
    }

    /** Checks the key of a new type. */
    static void checkKey(String pointer, @Nullable String key, List<ProblemError> errors) {
        Declarations.checkKey(pointer, key, errors);
        if ("ANY".equalsIgnoreCase(key)) {
            errors.add(ProblemError.at(
                    pointer, "reserved-key", "INTERACTION(ANY) asks for every type, so none can be called that"));
        }
    }

    /**
     * Declares, within the caller's transaction, types and properties that are not declared yet. A property that is must be
     * of the same type; options that it lacks are added.
     *
     * @param pointer where {@code wanted} stands
     * @param wanted declarations by property, by interaction type
     * @param errors gets what is wrong
     * @param deed who has it declared
     * @return what is new, like {@code Purchase} or {@code Purchase.amount}
     */
    public static List<String> declareMissing(
            Handle handle,
            String pointer,
            Map<String, Map<String, Object>> wanted,
            List<ProblemError> errors,
            Deed deed,
            Instant at) {
        var added = new ArrayList<String>();
        new TreeMap<>(wanted)
                .forEach((key, properties) ->
                        added.addAll(declareMissing(handle, pointer + "/" + key, key, properties, errors, deed, at)));
        return added;
    }

    private static List<String> declareMissing(
            Handle handle,
            String pointer,
            String key,
            Map<String, Object> wanted,
            List<ProblemError> errors,
            Deed deed,
            Instant at) {
        var before = errors.size();
        checkKey(pointer, key, errors);
        if (errors.size() > before) {
            return List.of();
        }
        var properties = new LinkedHashMap<>(Declarations.read(
                pointer,
                wanted,
                BuiltInProperties.all().keySet(),
                ProfileTypes.all(handle).keySet(),
                errors));
        var types = handle.attach(InteractionTypeDao.class);
        if (types.add(key, properties).isPresent()) {
            note(handle, at, deed, "created", key, DeclaredChanges.of(Map.of(), properties));
            return List.of(key);
        }
        var declared = types.lock(key).map(InteractionTypeDao.Row::properties).orElse(Map.of());
        properties.replaceAll((name, declaration) -> declaration.withOptionsOf(declared.get(name)));
        Declarations.checkKept(pointer, declared, properties, errors);
        properties.entrySet().removeIf(one -> one.getValue().leaves(declared.get(one.getKey())));
        if (properties.isEmpty()) {
            return List.of();
        }
        var all = new LinkedHashMap<>(declared);
        all.putAll(properties);
        types.change(key, all);
        note(handle, at, deed, "changed", key, DeclaredChanges.of(declared, all));
        return properties.keySet().stream().map(name -> key + "." + name).toList();
    }

    static void note(Handle handle, Instant at, Deed deed, String action, String type, Map<String, Object> details) {
        AuditLog.note(handle, at, deed, new AuditLog.Done(action, "interaction-type", type).with(details));
    }
}
