package sojourn.app.delivery;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import sojourn.app.delivery.Tokens.Kind;
import sojourn.app.delivery.Tokens.Token;

/** The HTML of an email as it is sent: links lead through us, an invisible picture tells that it was opened. */
record TrackedHtml(String html, List<Link> links) {

    private static final int MAX_LINKS = 1000;
    private static final int MAX_URL = 4000;

    static TrackedHtml of(String html, UUID delivery, Tokens tokens, TrackingUrls urls) {
        var document = Jsoup.parse(html);
        document.outputSettings().prettyPrint(false);
        var links = new ArrayList<Link>();
        var unsubscribe = urls.unsubscribe(tokens, delivery);
        for (var anchor : document.select("a[href], area[href]")) {
            var url = anchor.attr("href").strip();
            if (runs(url)) {
                anchor.removeAttr("href");
            } else if (isWeb(url) && !url.equals(unsubscribe) && url.length() <= MAX_URL && links.size() < MAX_LINKS) {
                var token = new Token(Kind.CLICK, delivery, links.size(), url);
                links.add(new Link(name(anchor, url), url));
                anchor.attr("href", urls.click(tokens.sign(token)));
            }
            anchor.removeAttr("data-link");
        }
        document.body()
                .appendElement("img")
                .attr("src", urls.open(tokens.sign(new Token(Kind.OPEN, delivery, 0, ""))))
                .attr("width", "1")
                .attr("height", "1")
                .attr("alt", "")
                .attr("style", "display:block;width:1px;height:1px;border:0");
        return new TrackedHtml(document.outerHtml(), List.copyOf(links));
    }

    private static boolean isWeb(String url) {
        try {
            var uri = new URI(url);
            return uri.getHost() != null
                    && ("http".equalsIgnoreCase(uri.getScheme()) || "https".equalsIgnoreCase(uri.getScheme()));
        } catch (URISyntaxException notAUrl) {
            return false;
        }
    }

    /** A value of a contact must not become a script. */
    private static boolean runs(String url) {
        var start = url.replaceAll("[\\p{Cntrl}\\s]+", "").toLowerCase(Locale.ROOT);
        return start.startsWith("javascript:") || start.startsWith("vbscript:") || start.startsWith("data:");
    }

    private static String name(Element anchor, String url) {
        var name = anchor.attr("data-link").strip();
        if (!name.isEmpty()) {
            return name.length() > 200 ? name.substring(0, 200) : name;
        }
        return "link-" + hash(url.split("[?#]", 2)[0]);
    }

    private static String hash(String text) {
        try {
            var digest = MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 4);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }
}
