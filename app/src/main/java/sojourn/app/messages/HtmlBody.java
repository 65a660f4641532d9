package sojourn.app.messages;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Element;
import org.jsoup.nodes.Entities;
import org.jsoup.nodes.Node;
import org.jsoup.nodes.TextNode;
import org.jsoup.select.NodeTraversor;
import org.jsoup.select.NodeVisitor;

/** What can be done with the HTML of an email. */
final class HtmlBody {

    private static final Pattern BODY = Pattern.compile("<body\\b[^>]*>", Pattern.CASE_INSENSITIVE);
    private static final Pattern LINK = Pattern.compile("<a(\\s[^>]*)>", Pattern.CASE_INSENSITIVE);
    private static final Pattern HREF =
            Pattern.compile("\\bhref\\s*=\\s*(?:\"([^\"]*)\"|'([^']*)')", Pattern.CASE_INSENSITIVE);
    private static final Pattern DATA_LINK = Pattern.compile("\\bdata-link\\s*=", Pattern.CASE_INSENSITIVE);
    private static final Pattern MANY_BREAKS = Pattern.compile("\\s*\\n\\s*\\n\\s*");

    private HtmlBody() {}

    /**
     * Gives each link of a template that its author did not name ({@code data-link}) a name made of where it leads as
     * written, so that it stays the same over versions and personalization.
     */
    static String withNamedLinks(String template) {
        return LINK.matcher(template).replaceAll(link -> {
            var href = HREF.matcher(link.group(1));
            if (!href.find() || DATA_LINK.matcher(link.group(1)).find()) {
                return Matcher.quoteReplacement(link.group());
            }
            var name = "link-" + hash(href.group(1) == null ? href.group(2) : href.group(1));
            return Matcher.quoteReplacement("<a data-link=\"" + name + "\"" + link.group(1) + ">");
        });
    }

    private static String hash(String text) {
        try {
            var digest =
                    MessageDigest.getInstance("SHA-256").digest(text.strip().getBytes(StandardCharsets.UTF_8));
            return HexFormat.of().formatHex(digest, 0, 4);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    static String withPreheader(String html, String preheader) {
        var hidden =
                "<div style=\"display:none;max-height:0;overflow:hidden\">" + Entities.escape(preheader) + "</div>";
        var body = BODY.matcher(html);
        var at = body.find() ? body.end() : 0;
        return html.substring(0, at) + hidden + html.substring(at);
    }

    /** The text part of an email whose author wrote none: its words, with the address of each link behind it. */
    static String toText(String html) {
        var text = new StringBuilder();
        var document = Jsoup.parse(html);
        document.select("script, style, head").remove();
        NodeTraversor.traverse(
                new NodeVisitor() {
                    @Override
                    public void head(Node node, int depth) {
                        if (node instanceof TextNode words) {
                            text.append(words.text());
                        } else if (node.nameIs("li")) {
                            text.append("\n- ");
                        } else if (node.nameIs("br")) {
                            text.append('\n');
                        }
                    }

                    @Override
                    public void tail(Node node, int depth) {
                        if (node instanceof Element link
                                && link.nameIs("a")
                                && link.attr("href").startsWith("http")
                                && !link.text().equals(link.attr("href"))) {
                            text.append(" (").append(link.attr("href")).append(')');
                        } else if (node instanceof Element block && block.isBlock()) {
                            text.append(block.nameIs("li") ? "" : "\n\n");
                        }
                    }
                },
                document.body());
        return MANY_BREAKS.matcher(text).replaceAll("\n\n").strip();
    }
}
