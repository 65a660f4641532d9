package sojourn.app.platform;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import com.fasterxml.jackson.core.exc.StreamReadException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.ext.ExceptionMapper;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A body that is not JSON is 400 with its place; JSON that does not fit is 422 with a pointer. */
final class JsonErrorMapper implements ExceptionMapper<JsonProcessingException> {

    static final String UNKNOWN_TYPE = "unknown-type";

    @Override
    public Response toResponse(JsonProcessingException failure) {
        var problem = problem(failure);
        return problem == null
                ? UnexpectedErrorMapper.unexpected(failure)
                : ProblemBody.of(problem).toResponse();
    }

    /** What is wrong with the JSON that was read; null when it is not the JSON that is wrong. */
    static @Nullable Problem problem(JsonProcessingException failure) {
        for (Throwable cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            if (cause instanceof Problem problem) {
                return problem;
            }
        }
        return switch (failure) {
            case StreamReadException unreadable -> notJson(unreadable);
            case StreamConstraintsException excessive ->
                new Problem(ProblemType.MALFORMED_REQUEST, excessive.getOriginalMessage());
            case JsonMappingException mismatch
            when mismatch.getCause() instanceof StreamConstraintsException excessive ->
                new Problem(ProblemType.MALFORMED_REQUEST, excessive.getOriginalMessage());
            case InvalidDefinitionException _ -> null;
            case JsonMappingException mismatch
            when mismatch.getCause() instanceof StreamReadException unreadable -> notJson(unreadable);
            case JsonMappingException mismatch -> Problem.invalid(List.of(error(mismatch)));
            default -> null;
        };
    }

    private static Problem notJson(StreamReadException failure) {
        var place = failure.getLocation();
        var line = place == null ? null : Integer.valueOf(place.getLineNr());
        var column = place == null ? null : Integer.valueOf(place.getColumnNr());
        var error = new ProblemError(null, "not-json", failure.getOriginalMessage(), line, column);
        return new Problem(ProblemType.MALFORMED_REQUEST, "The body is not JSON", List.of(error));
    }

    static ProblemError error(JsonMappingException failure) {
        var pointer = JsonPointers.of(failure);
        return switch (failure) {
            case UnrecognizedPropertyException unknown ->
                unknownField(
                        pointer,
                        unknown.getPropertyName(),
                        unknown.getKnownPropertyIds().stream()
                                .map(String::valueOf)
                                .toList());
            case InvalidTypeIdException unknown ->
                unknownType(pointer, unknown.getTypeId(), unknown.getBaseType().getRawClass());
            case ValueInstantiationException refused
            when refused.getCause() != null -> notValid(pointer, refused.getCause());
            case MismatchedInputException mismatch ->
                ProblemError.at(pointer, "wrong-type", "This must be " + JsonKinds.of(mismatch.getTargetType()));
            default -> ProblemError.at(pointer, "not-valid", "This cannot be read");
        };
    }

    static ProblemError unknownType(String pointer, @Nullable String type, Class<?> base) {
        var known = types(base);
        var fitting = known.isEmpty()
                ? ""
                : Nearest.advice(String.valueOf(type), known) + "; the types are " + String.join(", ", known);
        return ProblemError.at(pointer, UNKNOWN_TYPE, "`" + type + "` is no type here" + fitting);
    }

    /** Of a value that its own constructor refused. */
    static ProblemError notValid(String pointer, Throwable refusal) {
        return ProblemError.at(pointer, "not-valid", String.valueOf(refusal.getMessage()));
    }

    /** The types that would fit, in the order in which they are declared. */
    private static List<String> types(Class<?> base) {
        var declared = base.getAnnotation(JsonSubTypes.class);
        return declared == null
                ? List.of()
                : Arrays.stream(declared.value()).map(JsonSubTypes.Type::name).toList();
    }

    static ProblemError unknownField(String pointer, String name, List<String> known) {
        return ProblemError.at(
                pointer, "unknown-field", "There is no field `" + name + "` here" + Nearest.advice(name, known));
    }
}
