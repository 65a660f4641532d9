package sojourn.app.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.Set;
import sojourn.app.delivery.HttpCalls.Outcome;

/** Hands texts to Twilio, or to whoever offers the same API. */
final class TwilioSender implements Sender<TextMessage> {

    private static final ObjectMapper JSON = new ObjectMapper();

    /** No such number, none that takes texts, none that networks know. */
    private static final Set<Integer> NO_NUMBER = Set.of(21211, 21217, 21401, 21421, 21614, 30005, 30006);

    /** Somebody does not want it: the recipient said STOP, the number is on a list, the country is closed to us. */
    private static final Set<Integer> BLOCKED = Set.of(21408, 21610, 21612, 30004, 30007);

    private final HttpCalls http;
    private final URI url;
    private final String from;
    private final String authorization;

    TwilioSender(HttpCalls http, TextSettings.Twilio settings) {
        this.http = http;
        this.url = URI.create(settings.url().toString().replaceFirst("/+$", "") + "/2010-04-01/Accounts/"
                + settings.accountSid() + "/Messages.json");
        this.from = String.valueOf(settings.from());
        this.authorization = "Basic "
                + Base64.getEncoder()
                        .encodeToString(
                                (settings.accountSid() + ":" + settings.authToken()).getBytes(StandardCharsets.UTF_8));
    }

    @Override
    public Ready<TextMessage> connect() {
        return ConnectionLess.of(this::send);
    }

    private HandOver send(TextMessage text) {
        var sender = from.startsWith("MG") ? "MessagingServiceSid" : "From";
        var form = field("To", text.to()) + "&" + field(sender, from) + "&" + field("Body", text.text());
        var headers = Map.of(
                "authorization",
                authorization,
                "content-type",
                "application/x-www-form-urlencoded",
                "i-twilio-idempotency-token",
                text.id().toString());
        var call = new HttpCalls.Call("POST", url, headers, form);
        return switch (http.make(call)) {
            case Outcome.Answered(var status, var body) -> outcome(status, body);
            case Outcome.Forbidden(var why) -> new HandOver.NotNow(why);
            case Outcome.NotSent(var why) -> new HandOver.NotNow(why);
            case Outcome.Lost() -> new HandOver.Unknown();
        };
    }

    private static String field(String name, String value) {
        return name + "=" + URLEncoder.encode(value, StandardCharsets.UTF_8);
    }

    private static HandOver outcome(int status, String body) {
        if (status == 400) {
            var code = code(body);
            if (NO_NUMBER.contains(code)) {
                return new HandOver.Bounced("hard");
            }
            if (BLOCKED.contains(code)) {
                return new HandOver.Bounced("block");
            }
            return new HandOver.Refused(code == 0 ? "400" : String.valueOf(code));
        }
        return ProviderAnswers.otherwise(status);
    }

    /** Twilio's own code for what is wrong, 0 when there is none. */
    private static int code(String body) {
        try {
            return JSON.readTree(body).path("code").asInt();
        } catch (JsonProcessingException nonsense) {
            return 0;
        }
    }
}
