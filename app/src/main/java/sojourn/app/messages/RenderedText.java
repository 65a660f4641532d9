package sojourn.app.messages;

/** The text that one contact gets, blank when nothing is left of it for this contact; {@code length} is what is paid for. */
public record RenderedText(String text, TextLength length) implements Rendered {}
