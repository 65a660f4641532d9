package sojourn.app.platform;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Tells browsers that the pages of one origin, the Temporal UI's, may call a resource and read what it answers, refusals
 * included (CORS). Pages of any other origin are told nothing, and so their browser keeps the answer from them.
 */
@ForTemporalUi
public final class TemporalUiOrigin implements ContainerResponseFilter {

    private final @Nullable String origin;

    /** @param uiUrl where the UI is; null when there is none */
    public TemporalUiOrigin(@Nullable String uiUrl) {
        this.origin = uiUrl == null || uiUrl.isBlank() ? null : origin(uiUrl);
    }

    /** Scheme, name and port as browsers write them: in lower case, and without the port that the scheme implies. */
    static @Nullable String origin(String url) {
        var uri = URI.create(url);
        if (uri.getScheme() == null || uri.getHost() == null) {
            return null;
        }
        var scheme = uri.getScheme().toLowerCase(Locale.ROOT);
        var implied = scheme.equals("https") ? 443 : 80;
        var port = uri.getPort() < 0 || uri.getPort() == implied ? "" : ":" + uri.getPort();
        return scheme + "://" + uri.getHost().toLowerCase(Locale.ROOT) + port;
    }

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        var headers = response.getHeaders();
        headers.add("Vary", "Origin");
        var from = request.getHeaderString("Origin");
        if (from == null || !from.equals(origin)) {
            return;
        }
        headers.putSingle("Access-Control-Allow-Origin", from);
        headers.putSingle("Access-Control-Allow-Credentials", "true");
        if (request.getMethod().equals("OPTIONS")) {
            headers.putSingle("Access-Control-Allow-Methods", "POST, OPTIONS");
            headers.putSingle("Access-Control-Allow-Headers", "authorization, content-type, x-namespace");
            headers.putSingle("Access-Control-Max-Age", "600");
        }
    }
}
