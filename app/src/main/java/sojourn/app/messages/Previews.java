package sojourn.app.messages;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.contacts.Contacts;
import sojourn.app.platform.PersonalAnswer;
import sojourn.app.platform.Problem;

/** What a contact would get of a message's pending edit, or of what is live when there is none. */
public final class Previews {

    /** What {@code contactId} would get of the message of a key. */
    public record Preview(
            @JsonUnwrapped Rendered message,
            @JsonIgnore String key,
            @JsonIgnore UUID contactId) implements PersonalAnswer {}

    private final Jdbi jdbi;
    private final MessageEditor editor;
    private final MessageRenderer renderer;
    private final Contacts contacts;

    Previews(Jdbi jdbi, MessageEditor editor, MessageRenderer renderer, Contacts contacts) {
        this.jdbi = jdbi;
        this.editor = editor;
        this.renderer = renderer;
        this.contacts = contacts;
    }

    /**
     * Renders it for the contact of a reference, a UUID or {@code external:...}.
     *
     * @param trigger what the interaction would say that lets a run in
     */
    public Preview of(String message, String reference, Map<String, Object> trigger) {
        var found = editor.find(message);
        var contact = jdbi.withHandle(handle -> {
            var id = contacts.resolve(handle, reference);
            return contacts.find(
                            handle,
                            id.orElseThrow(
                                    () -> Problem.invalid("/contact", "unknown-contact", Contacts.notThere(reference))))
                    .orElseThrow();
        });
        try {
            var rendered = renderer.preview(
                    found.channel(),
                    found.pending(),
                    Map.of(
                            "contact",
                            ContactValues.of(contact),
                            "journey",
                            Map.of("key", "preview"),
                            "trigger",
                            trigger,
                            "unsubscribeUrl",
                            "https://unsubscribe.invalid/preview"));
            return new Preview(rendered, found.key(), contact.uuid());
        } catch (RenderingException failure) {
            throw Problem.invalid("/contact", "cannot-be-rendered", "For this contact: " + failure.getMessage());
        }
    }
}
