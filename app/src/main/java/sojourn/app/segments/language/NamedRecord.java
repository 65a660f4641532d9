package sojourn.app.segments.language;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import sojourn.app.contacts.Declaration;
import sojourn.app.contacts.ValueType;

/** The product's own records that interactions name by their keys. */
public enum NamedRecord {
    MESSAGE,
    JOURNEY;

    private static final Declaration TEXT = Declaration.of(ValueType.TEXT);
    private static final Declaration PURPOSE = Declaration.option("commercial", "transactional");

    /** Options of which nobody has said what they may be. */
    private static final Declaration TAGS = Declaration.of(ValueType.OPTIONS);

    private static final Map<String, Declaration> OF_MESSAGES =
            Map.of("name", TEXT, "channel", TEXT, "purpose", PURPOSE, "topic", TEXT, "tags", TAGS);
    private static final Map<String, Declaration> OF_JOURNEYS = Map.of("name", TEXT, "purpose", PURPOSE, "tags", TAGS);

    /** The built-in property that names one. */
    public String property() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What can be asked of one: {@code message.topic}. */
    public Map<String, Declaration> attributes() {
        return switch (this) {
            case MESSAGE -> OF_MESSAGES;
            case JOURNEY -> OF_JOURNEYS;
        };
    }

    public static Optional<NamedRecord> by(String property) {
        return Arrays.stream(values())
                .filter(record -> record.property().equals(property))
                .findFirst();
    }
}
