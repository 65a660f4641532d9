package sojourn.app.platform;

import jakarta.servlet.Filter;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import org.slf4j.MDC;

/** Gives each request a trace id, which is in every log line and every problem it leads to. */
final class RequestTrace implements Filter {

    @Override
    public void doFilter(ServletRequest request, ServletResponse response, FilterChain next)
            throws IOException, ServletException {
        try (var _ = MDC.putCloseable(TraceIds.KEY, TraceIds.next())) {
            next.doFilter(request, response);
        }
    }
}
