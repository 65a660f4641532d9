package sojourn.app.delivery;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The channels that the settings have, for whoever judges what is to be sent over them. */
public final class Channels {

    /**
     * A channel.
     *
     * @param kind the type of the tiles that may use it
     * @param hasSender whether somebody takes its messages
     * @param tokenAttribute which attribute of contacts has their device token; null where none is needed
     */
    public record Channel(
            String kind, boolean hasSender, @Nullable String tokenAttribute) {}

    private final Map<String, Channel> byName = new TreeMap<>();

    public Channels(ChannelSettings settings) {
        byName.put("email", new Channel("email", true, null));
        byName.put("text", of(settings.text()));
        byName.put("push", of(settings.push()));
        byName.put("webhook", new Channel("webhook", true, null));
        for (var custom : settings.custom()) {
            if (custom.text() != null) {
                byName.put(custom.name(), of(custom.text()));
            } else if (custom.push() != null) {
                byName.put(custom.name(), of(custom.push()));
            }
        }
    }

    private Channels(Map<String, Channel> byName) {
        this.byName.putAll(byName);
    }

    /** Channels by name, whatever the settings are. */
    public static Channels of(Map<String, Channel> byName) {
        return new Channels(byName);
    }

    private static Channel of(TextSettings text) {
        return new Channel("text", text.sender() != TextSettings.By.NONE, null);
    }

    private static Channel of(PushSettings push) {
        return new Channel("push", push.sender() != PushSettings.By.NONE, push.tokenAttribute());
    }

    public Optional<Channel> find(String name) {
        return Optional.ofNullable(byName.get(name));
    }

    public List<String> ofKind(String kind) {
        return byName.entrySet().stream()
                .filter(channel -> channel.getValue().kind().equals(kind))
                .map(Map.Entry::getKey)
                .toList();
    }
}
