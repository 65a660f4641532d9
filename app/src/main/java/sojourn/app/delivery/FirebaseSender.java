package sojourn.app.delivery;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import sojourn.app.delivery.HttpCalls.Outcome;

/** Hands push messages to Firebase Cloud Messaging, HTTP v1. */
final class FirebaseSender implements Sender<PushMessage> {

    private static final ObjectMapper JSON = new ObjectMapper();

    private final HttpCalls http;
    private final URI url;
    private final GoogleTokens tokens;

    FirebaseSender(HttpCalls http, URI base, ServiceAccount account, GoogleTokens tokens) {
        this.http = http;
        this.url = URI.create(
                base.toString().replaceFirst("/+$", "") + "/v1/projects/" + account.project() + "/messages:send");
        this.tokens = tokens;
    }

    @Override
    public Ready<PushMessage> connect() throws UnavailableException {
        var token = tokens.get();
        return ConnectionLess.of(message -> send(message, token));
    }

    private HandOver send(PushMessage message, String token) {
        var headers = Map.of("authorization", "Bearer " + token, "content-type", "application/json");
        var call = new HttpCalls.Call("POST", url, headers, json(message));
        return switch (http.make(call)) {
            case Outcome.Answered(var status, var body) -> {
                if (status == 401) {
                    tokens.forget(token);
                }
                yield outcome(status, body);
            }
            case Outcome.Forbidden(var why) -> new HandOver.NotNow(why);
            case Outcome.NotSent(var why) -> new HandOver.NotNow(why);
            case Outcome.Lost() -> new HandOver.Unknown();
        };
    }

    /** The app finds the delivery and the link among the data, beside what the author put there. */
    private static String json(PushMessage message) {
        var content = message.content();
        var root = JSON.createObjectNode();
        var body = root.putObject("message").put("token", message.token());
        body.putObject("notification").put("title", content.title()).put("body", content.body());
        var data = body.putObject("data");
        content.data().forEach(data::put);
        data.put("delivery", message.id().toString());
        if (content.link() != null) {
            data.put("link", content.link());
            if (content.link().startsWith("https:")) {
                body.putObject("webpush").putObject("fcm_options").put("link", content.link());
            }
        }
        return root.toString();
    }

    private static HandOver outcome(int status, String body) {
        var error = error(body);
        var code = code(error);
        if (code.equals("UNREGISTERED")
                || code.equals("SENDER_ID_MISMATCH")
                || (status == 400 && blames(error, "message.token"))) {
            return new HandOver.Bounced("hard");
        }
        return ProviderAnswers.otherwise(status);
    }

    private static JsonNode error(String body) {
        try {
            return JSON.readTree(body).path("error");
        } catch (JsonProcessingException nonsense) {
            return JSON.missingNode();
        }
    }

    /** Firebase's own code, empty when there is none. */
    private static String code(JsonNode error) {
        return details(error)
                .map(detail -> detail.path("errorCode").asText())
                .filter(code -> !code.isEmpty())
                .findFirst()
                .orElse("");
    }

    private static boolean blames(JsonNode error, String field) {
        return details(error)
                .flatMap(detail ->
                        StreamSupport.stream(detail.path("fieldViolations").spliterator(), false))
                .anyMatch(violation -> violation.path("field").asText().equals(field));
    }

    private static Stream<JsonNode> details(JsonNode error) {
        return StreamSupport.stream(error.path("details").spliterator(), false);
    }
}
