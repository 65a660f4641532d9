package sojourn.app.messages;

import java.util.List;

/** A field that a template reads, e.g. {@code contact.address.city}, and where. */
record LiquidReference(List<String> path, TextPosition position) {

    LiquidReference {
        path = List.copyOf(path);
    }

    String root() {
        return path.getFirst();
    }

    /** What comes after the root, with dots. */
    String rest() {
        return String.join(".", path.subList(1, path.size()));
    }
}
