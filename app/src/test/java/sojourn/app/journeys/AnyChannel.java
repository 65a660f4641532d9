package sojourn.app.journeys;

import java.util.Map;
import java.util.Set;
import sojourn.app.delivery.Channels;
import sojourn.app.delivery.Channels.Channel;
import sojourn.app.messages.TemplateCheck;

/** Checks sending tiles where every channel has a sender, {@code text-us} among them, and {@code fax} has none. */
final class AnyChannel {

    static final SendingCheck CHECK = new SendingCheck(
            Channels.of(Map.of(
                    "email", new Channel("email", true, null),
                    "text", new Channel("text", true, null),
                    "text-us", new Channel("text", true, null),
                    "fax", new Channel("text", false, null),
                    "push", new Channel("push", true, "pushToken"),
                    "webhook", new Channel("webhook", true, null))),
            new TemplateCheck(() -> Set.of("firstName", "email", "tier", "pushToken")));

    private AnyChannel() {}
}
