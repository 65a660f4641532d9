package sojourn.app.platform;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;

/**
 * Reads what is left of a body that was refused before its end. Else the connection would be closed under a client that
 * is still writing, who would then see a broken connection and never the refusal.
 */
final class RestOfBody implements Filter {

    private final long mostBytes;

    RestOfBody(long mostBytes) {
        this.mostBytes = mostBytes;
    }

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain chain)
            throws IOException, ServletException {
        chain.doFilter(request, response);
        if (response instanceof HttpServletResponse answer && answer.getStatus() >= 400 && !request.isAsyncStarted()) {
            response.flushBuffer();
            readOn(request);
        }
    }

    private void readOn(ServletRequest request) {
        try {
            var body = request.getInputStream();
            var bytes = new byte[16 * 1024];
            for (long left = mostBytes; left > 0; ) {
                var read = body.read(bytes);
                if (read < 0) {
                    return;
                }
                left -= read;
            }
        } catch (IOException | IllegalStateException gone) {
            // Whoever sent it does not wait for the answer.
        }
    }
}
