package sojourn.app.messages;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The push message that one contact gets; title and body may be blank for this contact.
 *
 * @param link what a tap opens
 * @param data for the app, beside what is shown
 */
public record RenderedPush(
        String title, String body, @Nullable String link, Map<String, String> data) implements Rendered {

    public RenderedPush {
        data = Map.copyOf(data);
    }
}
