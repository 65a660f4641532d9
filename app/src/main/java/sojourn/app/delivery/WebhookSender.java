package sojourn.app.delivery;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import sojourn.app.delivery.HttpCalls.Outcome;

/**
 * Calls webhooks, signed by Standard Webhooks. {@code webhook-id} is the delivery's and stays the same over repeats, by
 * which receivers tell them: so a call without an answer is made again, unlike what other senders do.
 */
final class WebhookSender implements Sender<WebhookCall> {

    private final HttpCalls http;
    private final WebhookSignature signature;
    private final InstantSource clock;

    WebhookSender(HttpCalls http, WebhookSignature signature, InstantSource clock) {
        this.http = http;
        this.signature = signature;
        this.clock = clock;
    }

    @Override
    public boolean receiversKnowRepeats() {
        return true;
    }

    @Override
    public Ready<WebhookCall> connect() {
        return ConnectionLess.of(this::call);
    }

    private HandOver call(WebhookCall call) {
        var id = call.id().toString();
        var timestamp = clock.instant().getEpochSecond();
        var headers = new LinkedHashMap<>(call.headers());
        headers.put("webhook-id", id);
        headers.put("webhook-timestamp", String.valueOf(timestamp));
        headers.put("webhook-signature", signature.of(id, timestamp, call.body()));
        var request = new HttpCalls.Call(call.method(), call.url(), headers, call.body());
        return switch (http.make(request)) {
            case Outcome.Answered(var status, var _) -> outcome(status);
            case Outcome.Forbidden _ -> new HandOver.Refused("egress");
            case Outcome.NotSent(var why) -> new HandOver.NotNow(why);
            case Outcome.Lost() -> new HandOver.Unknown();
        };
    }

    /** Whoever answers 408, 409, 425 or 429 asks to be called later; what breaks or moves may be mended. */
    private static HandOver outcome(int status) {
        if (status >= 200 && status < 300) {
            return new HandOver.Accepted();
        }
        return switch (status) {
            case 408, 409, 425, 429 -> new HandOver.NotNow("answer " + status);
            default ->
                status >= 400 && status < 500
                        ? new HandOver.Refused(String.valueOf(status))
                        : new HandOver.NotNow("answer " + status);
        };
    }
}
