package sojourn.app.messages;

import jakarta.mail.internet.AddressException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.ProblemError;

/** What is wrong with an email: its shape when it is written, its meaning when it is to go live. */
final class EmailCheck {

    private static final int MAX_LINE = 900;

    private EmailCheck() {}

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
                TemplateCheck.compile(pointer, text, Liquid.Output.TEXT, problems);
            }
        });
        if (content.html() != null) {
            TemplateCheck.compile("/html", content.html(), Liquid.Output.HTML, problems);
        }
        if (content.text() != null) {
            TemplateCheck.compile("/text", content.text(), Liquid.Output.TEXT, problems);
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
        templates.forEach((pointer, source) -> TemplateCheck.checkFields(
                pointer, source, contactAttributes, TemplateCheck.OF_MESSAGES, TriggerFields.ANY, problems));
        return problems;
    }

    static Map<String, String> headers(MessageContent content) {
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

    static void checkAddress(String pointer, @Nullable String text, List<ProblemError> problems) {
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
}
