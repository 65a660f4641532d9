package sojourn.app.messages;

import org.jspecify.annotations.Nullable;

/** The email that one contact gets. Nothing in it is checked yet: a part may be empty for this contact. */
public record RenderedMessage(
        String from,
        @Nullable String replyTo,
        String subject,
        @Nullable String html,
        String text) implements Rendered {}
