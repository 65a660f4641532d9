package sojourn.app.messages;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import sojourn.app.platform.Nearest;
import sojourn.app.platform.ProblemError;

/** What is wrong with templates: whether they can be read, and whether the fields that they use exist. */
public final class TemplateCheck {

    /** Fields that templates of messages may use beside those of the contact. */
    static final Set<String> OF_MESSAGES = Set.of("unsubscribeUrl", "journey.key");

    /** The same of tiles. */
    static final Set<String> OF_TILES = Set.of("journey.key");

    static final Set<String> LIST_FIELDS = Set.of("size", "first", "last");

    private static final Set<String> CONTACT_FIELDS = Set.of("id", "address", "attributes");

    private final Supplier<Set<String>> contactAttributes;

    /** @param contactAttributes the names that are declared now */
    public TemplateCheck(Supplier<Set<String>> contactAttributes) {
        this.contactAttributes = contactAttributes;
    }

    /** Everything that is wrong with a template that a tile has at {@code pointer}. */
    public List<ProblemError> problems(String pointer, String source, TriggerFields trigger) {
        var problems = new ArrayList<ProblemError>();
        checkFields(pointer, source, contactAttributes.get(), OF_TILES, trigger, problems);
        return problems;
    }

    /** The same of a template that makes the address of a sender. */
    public List<ProblemError> problemsOfSender(String pointer, String source, TriggerFields trigger) {
        var problems = problems(pointer, source, trigger);
        EmailCheck.checkAddress(pointer, source, problems);
        return problems;
    }

    /** Whether contacts may have an attribute of this name. */
    public boolean knowsContactAttribute(String name) {
        return contactAttributes.get().contains(name);
    }

    static List<LiquidReference> compile(
            String pointer, String source, Liquid.Output output, List<ProblemError> problems) {
        try {
            return Liquid.compile(source, output).references();
        } catch (LiquidSyntaxException wrong) {
            problems.add(new ProblemError(pointer, wrong.code(), wrong.detail(), wrong.line(), wrong.column()));
            return List.of();
        }
    }

    static void checkFields(
            String pointer,
            String source,
            Set<String> contactAttributes,
            Set<String> others,
            TriggerFields trigger,
            List<ProblemError> problems) {
        for (var reference : compile(pointer, source, Liquid.Output.TEXT, problems)) {
            checkField(pointer, reference, contactAttributes, others, trigger, problems);
        }
    }

    private static void checkField(
            String pointer,
            LiquidReference field,
            Set<String> contactAttributes,
            Set<String> others,
            TriggerFields trigger,
            List<ProblemError> problems) {
        if (field.root().equals("contact")) {
            if (!isContactField(field.rest(), contactAttributes)) {
                problems.add(unknown(pointer, field, contactFields(contactAttributes)));
            }
        } else if (!others.contains(String.join(".", field.path()))
                && !(field.root().equals(TriggerFields.ROOT) && trigger.has(field.rest()))) {
            var names = contactFields(contactAttributes);
            names.addAll(others);
            names.addAll(trigger.written());
            problems.add(unknown(pointer, field, names));
        }
    }

    private static boolean isContactField(String name, Set<String> attributes) {
        var plain = name.startsWith("attributes.") ? name.substring("attributes.".length()) : name;
        if (plain.isEmpty() || CONTACT_FIELDS.contains(name) || attributes.contains(plain)) {
            return true;
        }
        var dot = plain.lastIndexOf('.');
        return dot > 0
                && LIST_FIELDS.contains(plain.substring(dot + 1))
                && attributes.contains(plain.substring(0, dot));
    }

    private static Set<String> contactFields(Set<String> attributes) {
        var names = new HashSet<String>();
        attributes.forEach(name -> names.add("contact." + name));
        CONTACT_FIELDS.forEach(name -> names.add("contact." + name));
        return names;
    }

    private static ProblemError unknown(String pointer, LiquidReference field, Set<String> names) {
        var name = String.join(".", field.path());
        return new ProblemError(
                pointer,
                "unknown-field",
                "There is no field \"" + name + "\"" + Nearest.advice(name, names),
                field.position().line(),
                field.position().column());
    }
}
