package sojourn.app.journeys;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sojourn.app.delivery.Channels;
import sojourn.app.messages.TemplateCheck;
import sojourn.app.messages.TriggerFields;
import sojourn.app.platform.Nearest;
import sojourn.workflows.journeys.AbTest;
import sojourn.workflows.journeys.SendWindow;
import sojourn.workflows.journeys.SendingTile;
import sojourn.workflows.journeys.SendingTile.Webhook;

/** What a sending tile lacks by itself. */
public final class SendingCheck {

    private static final Pattern HEADER = Pattern.compile("[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}");
    private static final List<String> OUR_HEADERS =
            List.of("host", "connection", "content-length", "transfer-encoding", "expect", "upgrade", "te", "trailer");
    private static final int MOST_TEXT = 64 * 1024;

    private final Channels channels;
    private final TemplateCheck templates;

    public SendingCheck(Channels channels, TemplateCheck templates) {
        this.channels = channels;
        this.templates = templates;
    }

    void check(String id, String pointer, SendingTile tile, JourneyCheck.Names names, Findings findings) {
        var one = new One(id, pointer, names, findings);
        if (tile instanceof Webhook webhook) {
            one.checkWebhook(webhook);
        } else {
            one.checkMessage(pointer + "/message", tile.message(), tile.type());
            one.checkChannel(tile);
        }
        one.checkOptions(tile);
    }

    /** The same of one that a test sends, but for its message. */
    void checkAround(String id, String pointer, SendingTile tile, JourneyCheck.Names names, Findings findings) {
        var one = new One(id, pointer, names, findings);
        one.checkChannel(tile);
        one.checkOptions(tile);
    }

    /** The message alone. */
    void checkMessage(
            String id,
            String pointer,
            @Nullable String message,
            String type,
            JourneyCheck.Names names,
            Findings findings) {
        new One(id, pointer, names, findings).checkMessage(pointer, message, type);
    }

    /** What a variant says in place of its message. */
    void checkWords(String id, String pointer, AbTest.Variant variant, JourneyCheck.Names names, Findings findings) {
        if (variant.subject() != null) {
            templates
                    .problems(pointer + "/subject", variant.subject(), names.trigger())
                    .forEach(problem -> findings.inText(id, pointer + "/subject", problem));
        }
        if (variant.preheader() != null) {
            templates
                    .problems(pointer + "/preheader", variant.preheader(), names.trigger())
                    .forEach(problem -> findings.inText(id, pointer + "/preheader", problem));
        }
        if (variant.from() != null) {
            templates
                    .problemsOfSender(pointer + "/from", variant.from(), names.trigger())
                    .forEach(problem -> findings.inText(id, pointer + "/from", problem));
        }
    }

    /** The check of one tile. */
    private final class One {

        private final String id;
        private final String pointer;
        private final JourneyCheck.Names names;
        private final Findings findings;

        One(String id, String pointer, JourneyCheck.Names names, Findings findings) {
            this.id = id;
            this.pointer = pointer;
            this.names = names;
            this.findings = findings;
        }

        void checkMessage(String at, @Nullable String message, String type) {
            if (message == null) {
                findings.error(id, at, "missing-message", "Name the message to send");
                return;
            }
            var state = names.messageStates().get(message);
            var channel = names.messageChannels().getOrDefault(message, type);
            if (state == null) {
                findings.error(
                        id,
                        at,
                        "unknown-message",
                        "There is no message '" + message + "'"
                                + Nearest.advice(message, names.messageStates().keySet()));
            } else if (!channel.equals(type)) {
                findings.error(
                        id,
                        at,
                        "wrong-channel",
                        "The message '" + message + "' is of the channel " + channel + "; a tile of the type " + channel
                                + " would send it");
            } else if (!state.equals("live")) {
                findings.error(
                        id,
                        at,
                        "message-not-live",
                        "The message '" + message + "' is " + state + "; make it live first");
            } else {
                checkTrigger(at, message);
            }
        }

        /** A message may be for several journeys, so what stays empty for all who come by this one need not be a mistake. */
        private void checkTrigger(String at, String message) {
            for (var name : names.ofTrigger().getOrDefault(message, Set.of())) {
                var written = name.isEmpty() ? "trigger" : "trigger." + name;
                if (names.trigger().equals(TriggerFields.NONE)) {
                    findings.warning(
                            id,
                            at,
                            "no-trigger",
                            "The message '" + message + "' says `" + written
                                    + "`, which is empty: no interaction lets contacts in");
                } else if (!names.trigger().has(name)) {
                    findings.error(
                            id,
                            at,
                            "unknown-field",
                            "The message '" + message + "' says `" + written
                                    + "`, which the interaction that lets contacts in does not have"
                                    + Nearest.advice(written, names.trigger().written()));
                }
            }
        }

        void checkChannel(SendingTile tile) {
            var name = tile.channelOrDefault();
            var at = pointer + (tile.channel() == null ? "" : "/channel");
            var channel = channels.find(name).orElse(null);
            if (channel == null) {
                findings.error(
                        id,
                        at,
                        "unknown-channel",
                        "There is no channel '" + name + "' in config.yml"
                                + Nearest.advice(name, channels.ofKind(tile.type())));
            } else if (!channel.kind().equals(tile.type())) {
                findings.error(
                        id,
                        at,
                        "wrong-channel",
                        "The channel '" + name + "' is for tiles of the type " + channel.kind());
            } else if (!channel.hasSender()) {
                findings.error(
                        id,
                        at,
                        "no-sender",
                        "Nobody takes what goes over the channel '" + name + "'; set its sender in config.yml");
            } else if (channel.tokenAttribute() != null && !templates.knowsContactAttribute(channel.tokenAttribute())) {
                findings.warning(
                        id,
                        pointer,
                        "no-device-tokens",
                        "Contacts have no attribute '" + channel.tokenAttribute()
                                + "', so no device is known; declare it and fill it");
            }
        }

        void checkOptions(SendingTile tile) {
            if (tile.expiry() == null) {
                findings.warning(
                        id,
                        pointer + "/expiry",
                        "no-expiry",
                        "The message may wait for ever when it cannot be sent; say how long it makes sense, like P1D");
            }
            var window = tile.sendWindow();
            if (window != null && isEmpty(window)) {
                findings.error(
                        id,
                        pointer + "/sendWindow",
                        "empty-window",
                        "The window never opens; days like [\"monday\"] and hours like 09:00 to 18:00 would fit");
            }
        }

        private static boolean isEmpty(SendWindow window) {
            return (window.days() != null && window.days().isEmpty())
                    || (window.from() != null && window.from().equals(window.to()));
        }

        void checkWebhook(Webhook tile) {
            var url = tile.url();
            if (url == null || url.isBlank()) {
                findings.error(
                        id,
                        pointer + "/url",
                        "missing-url",
                        "Say what to call, like https://crm.example.com/hooks/vip");
            } else {
                checkTemplate(pointer + "/url", url);
                if (!url.contains("{") && !isOfTheWeb(url)) {
                    findings.error(
                            id,
                            pointer + "/url",
                            "invalid-url",
                            "This is no address of the web without a user name; https://crm.example.com/hooks/vip would fit");
                }
            }
            tile.allHeaders().forEach(this::checkHeader);
            if (tile.body() != null && !tile.methodOrDefault().hasBody()) {
                findings.error(
                        id,
                        pointer + "/body",
                        "body-not-allowed",
                        tile.methodOrDefault() + " has no body; POST would fit");
            }
            checkBody(pointer + "/body", tile.body());
        }

        private void checkHeader(String name, String value) {
            var at = pointer + "/headers/" + escaped(name);
            var plain = name.toLowerCase(Locale.ROOT);
            if (!HEADER.matcher(name).matches() || OUR_HEADERS.contains(plain) || plain.startsWith("webhook-")) {
                findings.error(
                        id, at, "invalid-header", "There is no such header, or it is ours to set; X-Source would fit");
            }
            checkTemplate(at, value);
        }

        /** Every text in it is a template. */
        private void checkBody(String at, @Nullable Object part) {
            if (part instanceof String template) {
                checkTemplate(at, template);
            } else if (part instanceof Map<?, ?> object) {
                object.forEach((name, value) -> checkBody(at + "/" + escaped(String.valueOf(name)), value));
            } else if (part instanceof List<?> list) {
                for (var index = 0; index < list.size(); index++) {
                    checkBody(at + "/" + index, list.get(index));
                }
            }
        }

        private void checkTemplate(String at, String template) {
            if (template.length() > MOST_TEXT) {
                findings.error(id, at, "too-long", "At most " + MOST_TEXT + " characters would fit");
                return;
            }
            templates.problems(at, template, names.trigger()).forEach(problem -> findings.inText(id, at, problem));
        }
    }

    private static String escaped(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    private static boolean isOfTheWeb(String text) {
        try {
            var url = new URI(text.strip());
            return List.of("http", "https")
                            .contains(String.valueOf(url.getScheme()).toLowerCase(Locale.ROOT))
                    && url.getHost() != null
                    && url.getRawUserInfo() == null;
        } catch (URISyntaxException malformed) {
            return false;
        }
    }
}
