package sojourn.app.platform;

import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.DynamicFeature;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.core.FeatureContext;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Keeps bodies within the limit, at every endpoint that is not {@link Streamed}. */
final class BodyLimit implements DynamicFeature {

    private final long maxBytes;

    BodyLimit(long maxBytes) {
        this.maxBytes = maxBytes;
    }

    @Override
    public void configure(ResourceInfo resource, FeatureContext context) {
        if (!resource.getResourceMethod().isAnnotationPresent(Streamed.class)) {
            context.register(new Filter());
        }
    }

    private final class Filter implements ContainerRequestFilter {

        @Override
        public void filter(ContainerRequestContext request) {
            if (request.getLength() > maxBytes) {
                throw tooLarge();
            }
            if (request.hasEntity()) {
                request.setEntityStream(new Limited(request.getEntityStream()));
            }
        }
    }

    private Problem tooLarge() {
        return new Problem(ProblemType.TOO_LARGE, "A body may have at most " + maxBytes + " bytes here");
    }

    private final class Limited extends FilterInputStream {

        private long count;

        private Limited(InputStream in) {
            super(in);
        }

        @Override
        public int read() throws IOException {
            var value = super.read();
            counted(value < 0 ? 0 : 1);
            return value;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            var read = super.read(bytes, offset, length);
            counted(read);
            return read;
        }

        private void counted(int read) {
            count += Math.max(read, 0);
            if (count > maxBytes) {
                throw tooLarge();
            }
        }
    }
}
