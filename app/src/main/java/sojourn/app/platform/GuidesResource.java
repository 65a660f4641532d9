package sojourn.app.platform;

import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.Code;
import org.commonmark.node.Heading;
import org.commonmark.node.Node;
import org.commonmark.node.Text;
import org.commonmark.parser.Parser;
import org.commonmark.renderer.html.AttributeProvider;
import org.commonmark.renderer.html.HtmlRenderer;

/** The pages of the folder {@code docs}, to be read where the product runs; links between them lead on as they do there. */
@Path("/docs/guides")
public final class GuidesResource {

    /** Where somebody new begins, in the order of reading. */
    private static final String BEGINNING = "api.md";

    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9-]{1,100}[.]md");

    private static final List<TablesExtension> TABLES = List.of((TablesExtension) TablesExtension.create());

    private static final String STYLE = """
            body { font: 16px/1.5 system-ui, sans-serif; max-width: 62em; margin: 2em auto; padding: 0 1em; color: #222; }
            pre { background: #f5f5f5; padding: .8em; overflow-x: auto; } code { font-size: 14px; }
            table { border-collapse: collapse; } td, th { border: 1px solid #ccc; padding: .3em .6em; text-align: left; vertical-align: top; }
            nav a { margin-right: 1.2em; }
            """;

    private static final String NAVIGATION = """
            <a href="/docs">All requests</a><a href="/docs/guides/api.md">The API by example</a>\
            <a href="/docs/guides/segment-language.md">Segment language</a>\
            <a href="/docs/guides/segment-meaning.md">What segments mean</a>\
            <a href="/docs/guides/journey-document.md">Journey document</a>\
            <a href="/docs/guides/running.md">Running it</a>""";

    private final Map<String, String> pages = new ConcurrentHashMap<>();

    @Operation(summary = "Leads to the first guide")
    @GET
    @PermitAll
    public Response beginning() {
        return Response.seeOther(URI.create("/docs/guides/" + BEGINNING)).build();
    }

    @Operation(summary = "Answers with the guides' style sheet")
    @GET
    @Path("/style.css")
    @PermitAll
    @Produces("text/css")
    public String style() {
        return STYLE;
    }

    @Operation(summary = "Shows a guide")
    @GET
    @Path("/{page}")
    @PermitAll
    @Produces("text/html; charset=utf-8")
    public Response page(@PathParam("page") String page) {
        return show("", page);
    }

    @Operation(summary = "Shows a decision about the architecture")
    @GET
    @Path("/decisions/{page}")
    @PermitAll
    @Produces("text/html; charset=utf-8")
    public Response decision(@PathParam("page") String page) {
        return show("decisions/", page);
    }

    private Response show(String folder, String page) {
        if (!NAME.matcher(page).matches()) {
            throw Problem.notFound("page", page);
        }
        var html = pages.get(folder + page);
        if (html == null) {
            // Only pages that there are stay: anybody may ask for others, as often as they like.
            html = render(folder + page).orElseThrow(() -> Problem.notFound("page", page));
            pages.put(folder + page, html);
        }
        return Response.ok(html)
                .header("Content-Security-Policy", "default-src 'self'")
                .build();
    }

    private static Optional<String> render(String page) {
        try (var in = GuidesResource.class.getResourceAsStream("/guides/" + page)) {
            if (in == null) {
                return Optional.empty();
            }
            var document = Parser.builder()
                    .extensions(TABLES)
                    .build()
                    .parse(new String(in.readAllBytes(), StandardCharsets.UTF_8));
            var body = HtmlRenderer.builder()
                    .extensions(TABLES)
                    .attributeProviderFactory(_ -> anchors())
                    .build()
                    .render(document);
            var title = document.getFirstChild() instanceof Heading heading ? text(heading) : page;
            return Optional.of("""
            <!doctype html>
            <html lang="en">
            <head>
              <meta charset="utf-8">
              <title>%s</title>
              <link rel="stylesheet" href="/docs/guides/style.css">
              <link rel="icon" href="/docs/favicon-32x32.png">
            </head>
            <body>
            <nav>%s</nav>
            %s
            </body>
            </html>
            """.formatted(title, NAVIGATION, body));
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    /** Headings are linked to by their words, as where the sources are kept. */
    private static AttributeProvider anchors() {
        return (node, _, attributes) -> {
            if (node instanceof Heading heading) {
                attributes.put(
                        "id",
                        text(heading)
                                .toLowerCase(Locale.ROOT)
                                .replaceAll("[^\\p{L}\\p{N} _-]", "")
                                .replace(' ', '-'));
            }
        };
    }

    private static String text(Node node) {
        var text = new StringBuilder();
        for (var child = node.getFirstChild(); child != null; child = child.getNext()) {
            text.append(
                    switch (child) {
                        case Text words -> words.getLiteral();
                        case Code code -> code.getLiteral();
                        default -> text(child);
                    });
        }
        return text.toString();
    }
}
