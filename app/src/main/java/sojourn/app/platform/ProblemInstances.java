package sojourn.app.platform;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.container.ContainerResponseFilter;
import java.io.IOException;

/** Says in a problem which request it answers. */
final class ProblemInstances implements ContainerResponseFilter {

    private static final int WORTH_READING = 64 * 1024;

    @Override
    public void filter(ContainerRequestContext request, ContainerResponseContext response) {
        if (response.getEntity() instanceof ProblemBody body && body.instance() == null) {
            response.setEntity(
                    body.withInstance(request.getUriInfo().getRequestUri().getRawPath()));
            readRest(request);
        }
    }

    /** A body left unread makes Jetty close the connection, which the client's next request would run into. */
    private static void readRest(ContainerRequestContext request) {
        if (request.getLength() > 0 && request.getLength() <= WORTH_READING) {
            try {
                var _ = request.getEntityStream().readNBytes(WORTH_READING);
            } catch (IOException | IllegalStateException | Problem read) {
                // it was read and closed already, or the client is gone
            }
        }
    }
}
