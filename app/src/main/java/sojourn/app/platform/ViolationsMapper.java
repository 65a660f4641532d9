package sojourn.app.platform;

import io.dropwizard.jersey.validation.JerseyViolationException;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ElementKind;
import jakarta.validation.Path;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import java.lang.annotation.Annotation;
import java.util.Comparator;
import java.util.Locale;
import org.glassfish.jersey.server.model.Invocable;
import org.jspecify.annotations.Nullable;

/** Bean Validation: everything that is wrong at once, each with a pointer into the body or the name of a parameter. */
final class ViolationsMapper implements ExceptionMapper<JerseyViolationException> {

    @Override
    public Response toResponse(JerseyViolationException failure) {
        var errors = failure.getConstraintViolations().stream()
                .map(violation -> ProblemError.at(
                        pointer(violation.getPropertyPath(), failure.getInvocable()),
                        code(violation),
                        name(violation) + " " + violation.getMessage()))
                .sorted(Comparator.comparing(ProblemError::pointer, Comparator.nullsFirst(Comparator.naturalOrder()))
                        .thenComparing(ProblemError::code))
                .toList();
        return ProblemBody.of(Problem.invalid(errors)).toResponse();
    }

    private static String pointer(Path path, Invocable endpoint) {
        var pointer = new StringBuilder();
        for (var node : path) {
            if (node.getIndex() != null) {
                pointer.append('/').append(node.getIndex());
            } else if (node.getKey() != null) {
                pointer.append('/').append(JsonPointers.escape(String.valueOf(node.getKey())));
            }
            if (node.getKind() == ElementKind.PROPERTY) {
                pointer.append('/').append(JsonPointers.escape(node.getName()));
            } else if (node.getKind() == ElementKind.PARAMETER) {
                var index = node.as(Path.ParameterNode.class).getParameterIndex();
                var name = parameterName(endpoint.getHandlingMethod().getParameterAnnotations()[index]);
                if (name != null) {
                    pointer.append('/').append(name);
                }
            }
        }
        return pointer.toString();
    }

    /** The name a caller knows a parameter by; null for the body. */
    private static @Nullable String parameterName(Annotation[] annotations) {
        for (var annotation : annotations) {
            switch (annotation) {
                case QueryParam parameter -> {
                    return parameter.value();
                }
                case PathParam parameter -> {
                    return parameter.value();
                }
                case HeaderParam parameter -> {
                    return parameter.value();
                }
                default -> {
                    // says something else about the parameter
                }
            }
        }
        return null;
    }

    private static String code(ConstraintViolation<?> violation) {
        return switch (violation
                .getConstraintDescriptor()
                .getAnnotation()
                .annotationType()
                .getSimpleName()) {
            case "NotNull", "NotBlank", "NotEmpty" -> "required";
            case "Size", "Length" -> "wrong-size";
            case "Min", "Max", "Positive", "PositiveOrZero", "DecimalMin", "DecimalMax" -> "out-of-range";
            case "Pattern" -> "wrong-form";
            case String other -> other.replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
        };
    }

    private static String name(ConstraintViolation<?> violation) {
        var last = "";
        for (var node : violation.getPropertyPath()) {
            last = node.getKind() == ElementKind.PROPERTY ? node.getName() : last;
        }
        return last.isEmpty() ? "the request" : last;
    }
}
