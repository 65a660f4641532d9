package sojourn.app.platform;

import io.swagger.v3.oas.annotations.Operation;
import jakarta.annotation.security.PermitAll;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** A page to read and try the API on. All of it comes from this server, so it works without the internet. */
@Path("/docs")
public final class DocsResource {

    private static final String PAGE = """
            <!doctype html>
            <html lang="en">
            <head>
              <meta charset="utf-8">
              <title>Sojourn API</title>
              <link rel="stylesheet" href="/docs/swagger-ui.css">
              <link rel="icon" href="/docs/favicon-32x32.png">
            </head>
            <body>
              <p style="margin: 1em 2em; font-family: sans-serif">
                To read first: <a href="/docs/guides/api.md">the API by example</a>,
                <a href="/docs/guides/segment-language.md">the language of segments</a>,
                <a href="/docs/guides/segment-meaning.md">what segments mean, case by case</a>,
                <a href="/docs/guides/journey-document.md">the journey document</a>,
                <a href="/docs/guides/running.md">running it</a>.
              </p>
              <div id="api"></div>
              <script src="/docs/swagger-ui-bundle.js"></script>
              <script src="/docs/start.js"></script>
            </body>
            </html>
            """;

    private static final String START = """
            SwaggerUIBundle({url: "/openapi.json", dom_id: "#api", deepLinking: true, validatorUrl: null,
                             persistAuthorization: true});
            """;

    private static final Map<String, String> FILES = Map.of(
            "swagger-ui.css", "text/css",
            "swagger-ui-bundle.js", "text/javascript",
            "favicon-32x32.png", "image/png");

    private final String folder = "/META-INF/resources/webjars/swagger-ui/" + version() + "/";

    @Operation(summary = "Shows this page")
    @GET
    @PermitAll
    @Produces("text/html; charset=utf-8")
    public Response page() {
        return Response.ok(PAGE)
                .header(
                        "Content-Security-Policy",
                        "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:")
                .build();
    }

    @Operation(summary = "Answers with a file of this page")
    @GET
    @Path("/{file}")
    @PermitAll
    public Response file(@PathParam("file") String file) {
        if (file.equals("start.js")) {
            return Response.ok(START, "text/javascript").build();
        }
        var type = FILES.get(file);
        var content = type == null ? null : resource(folder + file);
        if (content == null) {
            throw Problem.notFound("page", file);
        }
        return Response.ok(content, type)
                .header("Cache-Control", "max-age=86400")
                .build();
    }

    private static @Nullable InputStream resource(String path) {
        return DocsResource.class.getResourceAsStream(path);
    }

    private static String version() {
        try (var in = resource("/META-INF/maven/org.webjars/swagger-ui/pom.properties")) {
            var properties = new Properties();
            properties.load(in);
            return properties.getProperty("version");
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
