package sojourn.app.platform;

import com.fasterxml.jackson.databind.JsonMappingException;
import jakarta.ws.rs.core.NoContentException;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Reads a body so that all its faults are found at once, and refuses a missing one where one is needed. */
final class BodyReading implements ReaderInterceptor {

    @Override
    public @Nullable Object aroundReadFrom(ReaderInterceptorContext context) throws IOException {
        var body = read(context);
        var optional = Arrays.stream(context.getAnnotations()).anyMatch(OptionalBody.class::isInstance);
        if (body == null && !optional) {
            throw new Problem(ProblemType.MALFORMED_REQUEST, "A body is needed");
        }
        return body;
    }

    private static @Nullable Object read(ReaderInterceptorContext context) throws IOException {
        var faults = FaultCollector.start();
        try {
            var body = context.proceed();
            if (!faults.isEmpty()) {
                throw Problem.invalid(faults);
            }
            return body;
        } catch (NoContentException empty) {
            return null;
        } catch (JsonMappingException failure) {
            var last = JsonErrorMapper.problem(failure);
            if (faults.isEmpty() || last == null || last.type() != ProblemType.INVALID) {
                throw failure;
            }
            // What could not be made because a part of it is at fault is no news.
            var news = last.errors().stream()
                    .filter(error ->
                            faults.stream().noneMatch(fault -> FaultCollector.isWithin(fault, error.pointer())));
            throw Problem.invalid(
                    Stream.concat(faults.stream(), news).distinct().toList());
        } finally {
            FaultCollector.end();
        }
    }
}
