package sojourn.app.messages;

import jakarta.mail.internet.AddressException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Nearest;
import sojourn.app.platform.ProblemError;

/** What is wrong with a message: its shape when it is written, its meaning when it is to go live. */
final class MessageCheck {

    /** Fields that templates may use beside those of the contact. */
    private static final Set<String> OTHER_FIELDS = Set.of("unsubscribeUrl", "journey.key");

    private static final Set<String> CONTACT_FIELDS = Set.of("id", "address", "attributes");
    private static final Set<String> LIST_FIELDS = Set.of("size", "first", "last");
    private static final int MAX_LINE = 900;

    private MessageCheck() {}

    /** Whether the templates can be read and the headers can be headers. */
    static List<ProblemError> shape(MessageContent content) {
        var problems = new ArrayList<ProblemError>();
        headers(content).forEach((pointer, text) -> {
            if (text.length() > MAX_LINE) {
                problems.add(ProblemError.at(
                        pointer,
                        "too-long",
                        "This has " + text.length() + " characters; at most " + MAX_LINE + " fit"));
            } else if (text.chars().anyMatch(Character::isISOControl)) {
                problems.add(ProblemError.at(
                        pointer, "control-character", "Line breaks and control characters cannot be in a header"));
            } else {
                compile(pointer, text, Liquid.Output.TEXT, problems);
            }
        });
        if (content.html() != null) {
            compile("/html", content.html(), Liquid.Output.HTML, problems);
        }
        if (content.text() != null) {
            compile("/text", content.text(), Liquid.Output.TEXT, problems);
        }
        checkAddress("/from", content.from(), problems);
        checkAddress("/replyTo", content.replyTo(), problems);
        return problems;
    }

    /** Whether it can be sent: everything that is needed is there, and every field it uses exists. */
    static List<ProblemError> meaning(MessageContent content, Set<String> contactAttributes) {
        var problems = new ArrayList<>(shape(content));
        if (!problems.isEmpty()) {
            return problems;
        }
        require("/from", content.from(), "A message needs a sender", problems);
        require("/subject", content.subject(), "An email needs a subject", problems);
        if (blank(content.html()) && blank(content.text())) {
            problems.add(ProblemError.at("/html", "missing-body", "An email needs html or text"));
        }
        var templates = headers(content);
        if (content.html() != null) {
            templates.put("/html", content.html());
        }
        if (content.text() != null) {
            templates.put("/text", content.text());
        }
        templates.forEach((pointer, source) -> {
            for (var reference : compile(pointer, source, Liquid.Output.TEXT, problems)) {
                checkField(pointer, reference, contactAttributes, OTHER_FIELDS, problems);
            }
        });
        return problems;
    }

    /** The same of one text, in which other fields may be used. */
    static List<ProblemError> text(
            String pointer, String source, Set<String> contactAttributes, Set<String> otherFields) {
        var problems = new ArrayList<ProblemError>();
        for (var reference : compile(pointer, source, Liquid.Output.TEXT, problems)) {
            checkField(pointer, reference, contactAttributes, otherFields, problems);
        }
        return problems;
    }

    private static Map<String, String> headers(MessageContent content) {
        var headers = new LinkedHashMap<String, String>();
        put(headers, "/from", content.from());
        put(headers, "/replyTo", content.replyTo());
        put(headers, "/subject", content.subject());
        put(headers, "/preheader", content.preheader());
        return headers;
    }

    private static void put(Map<String, String> headers, String pointer, @Nullable String text) {
        if (text != null) {
            headers.put(pointer, text);
        }
    }

    private static List<LiquidReference> compile(
            String pointer, String source, Liquid.Output output, List<ProblemError> problems) {
        try {
            return Liquid.compile(source, output).references();
        } catch (LiquidSyntaxException wrong) {
            problems.add(new ProblemError(pointer, wrong.code(), wrong.detail(), wrong.line(), wrong.column()));
            return List.of();
        }
    }

    private static void checkAddress(String pointer, @Nullable String text, List<ProblemError> problems) {
        if (text == null || text.contains("{{") || text.contains("{%")) {
            return;
        }
        try {
            Addresses.one(text);
        } catch (AddressException wrong) {
            problems.add(ProblemError.at(
                    pointer,
                    "invalid-address",
                    "This is not one email address such as Shop <shop@example.com>: " + wrong.getMessage()));
        }
    }

    private static void require(String pointer, @Nullable String text, String detail, List<ProblemError> problems) {
        if (blank(text)) {
            problems.add(ProblemError.at(pointer, "missing-" + pointer.substring(1), detail));
        }
    }

    private static boolean blank(@Nullable String text) {
        return text == null || text.isBlank();
    }

    private static void checkField(
            String pointer,
            LiquidReference field,
            Set<String> contactAttributes,
            Set<String> otherFields,
            List<ProblemError> problems) {
        if (field.root().equals("contact")) {
            if (!isContactField(field.rest(), contactAttributes)) {
                problems.add(unknown(pointer, field, contactFields(contactAttributes)));
            }
        } else if (!otherFields.contains(String.join(".", field.path()))) {
            var names = contactFields(contactAttributes);
            names.addAll(otherFields);
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
