package sojourn.app.messages;

import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** What templates may say of the interaction that let a contact into a journey, behind {@code trigger.}. */
public final class TriggerFields {

    static final String ROOT = "trigger";

    /** Anything: of messages, which do not know what lets in whom they go to, and where the type is not known. */
    public static final TriggerFields ANY = new TriggerFields(null);

    /** Where no interaction lets anybody in. */
    public static final TriggerFields NONE = new TriggerFields(Set.of());

    private final @Nullable Set<String> names;

    private TriggerFields(@Nullable Set<String> names) {
        this.names = names;
    }

    /** Of a type with these properties. */
    public static TriggerFields of(Set<String> properties) {
        var names = new HashSet<>(properties);
        names.add("occurredAt");
        return new TriggerFields(names);
    }

    /** Whether there is one; {@code name} is empty for all of them together. */
    public boolean has(String name) {
        return names == null
                || (name.isEmpty() ? !names.isEmpty() : names.contains(name) || names.contains(ofList(name)));
    }

    /** A list, of which {@code name} may be the size, or the first or last. */
    private static String ofList(String name) {
        var dot = name.lastIndexOf('.');
        return dot > 0 && TemplateCheck.LIST_FIELDS.contains(name.substring(dot + 1)) ? name.substring(0, dot) : name;
    }

    /** As templates write them. */
    public Set<String> written() {
        return names == null
                ? Set.of()
                : names.stream().map(name -> ROOT + "." + name).collect(Collectors.toSet());
    }
}
