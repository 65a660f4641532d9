package sojourn.app.messages;

/** What one contact gets of a message, by its channel. */
public sealed interface Rendered permits RenderedMessage, RenderedText, RenderedPush {}
