package sojourn.app.delivery;

/** A link of an email that was handed over: the author's name for it, or a stable one, and where it leads. */
record Link(String name, String url) {}
