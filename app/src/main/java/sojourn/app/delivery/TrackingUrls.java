package sojourn.app.delivery;

import java.net.URI;
import java.util.UUID;
import sojourn.app.delivery.Tokens.Kind;
import sojourn.app.delivery.Tokens.Token;

/** Where the links of emails lead: the address of this installation as the world sees it. */
record TrackingUrls(URI publicUrl) {

    String open(String token) {
        return base() + "/t/o/" + token + ".gif";
    }

    String click(String token) {
        return base() + "/t/c/" + token;
    }

    String unsubscribe(Tokens tokens, UUID delivery) {
        return base() + "/t/u/" + tokens.sign(new Token(Kind.UNSUBSCRIBE, delivery, 0, ""));
    }

    private String base() {
        return publicUrl.toString().replaceAll("/+$", "");
    }
}
