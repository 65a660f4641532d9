package sojourn.app.platform;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.DeserializationContext;
import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonDeserializer;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.deser.DeserializationProblemHandler;
import com.fasterxml.jackson.databind.jsontype.TypeIdResolver;
import java.io.IOException;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Lets Jackson read on past a fault while the body of a request is read, so that all of them can be told; what is of an
 * unknown {@code type} is passed over as a whole. Elsewhere the first fault ends the reading, as always.
 */
final class FaultCollector extends DeserializationProblemHandler {

    private static final ThreadLocal<@Nullable List<ProblemError>> FAULTS = new ThreadLocal<>();

    static List<ProblemError> start() {
        var faults = new ArrayList<ProblemError>();
        FAULTS.set(faults);
        return faults;
    }

    static void end() {
        FAULTS.remove();
    }

    @Override
    public boolean handleUnknownProperty(
            DeserializationContext context,
            JsonParser parser,
            JsonDeserializer<?> deserializer,
            Object beanOrClass,
            String name)
            throws IOException {
        var faults = FAULTS.get();
        if (faults == null) {
            return false;
        }
        Collection<Object> known = deserializer == null ? List.of() : deserializer.getKnownPropertyNames();
        var names = known == null
                ? List.<String>of()
                : known.stream().map(String::valueOf).toList();
        note(faults, JsonErrorMapper.unknownField(pointer(parser), name, names));
        parser.skipChildren();
        return true;
    }

    @Override
    public @Nullable Object handleUnexpectedToken(
            DeserializationContext context,
            JavaType target,
            JsonToken token,
            JsonParser parser,
            @Nullable String message)
            throws IOException {
        var faults = FAULTS.get();
        if (faults == null) {
            return NOT_HANDLED;
        }
        note(faults, wrongType(parser, target.getRawClass()));
        parser.skipChildren();
        return placeholder(target.getRawClass());
    }

    @Override
    public @Nullable Object handleWeirdStringValue(
            DeserializationContext context, Class<?> target, String value, @Nullable String message) {
        var faults = FAULTS.get();
        if (faults == null) {
            return NOT_HANDLED;
        }
        note(faults, wrongType(context.getParser(), target));
        return placeholder(target);
    }

    /** A type that is left out ends the reading: nobody could say where in the object it should have been. */
    @Override
    public @Nullable JavaType handleUnknownTypeId(
            DeserializationContext context,
            JavaType base,
            String type,
            TypeIdResolver resolver,
            @Nullable String message) {
        var faults = FAULTS.get();
        if (faults == null) {
            return null;
        }
        var declared = base.getRawClass().getAnnotation(JsonSubTypes.class);
        if (declared == null) {
            return null;
        }
        note(faults, JsonErrorMapper.unknownType(ofTyped(context.getParser()), type, base.getRawClass()));
        // Read as any of them: nothing that is said of what lies within is taken note of.
        return context.constructType(declared.value()[0].value());
    }

    @Override
    public @Nullable Object handleInstantiationProblem(
            DeserializationContext context, Class<?> target, @Nullable Object argument, Throwable failure) {
        var faults = FAULTS.get();
        var refusal =
                failure instanceof JsonMappingException && failure.getCause() != null ? failure.getCause() : failure;
        if (faults == null || refusal instanceof Problem || refusal instanceof IOException) {
            return NOT_HANDLED;
        }
        var pointer = pointer(context.getParser());
        // What could not be made because a part of it is at fault is no news.
        if (faults.stream().noneMatch(fault -> isWithin(fault, pointer))) {
            note(faults, JsonErrorMapper.notValid(pointer, refusal));
        }
        return placeholder(target);
    }

    /** What would be wrong with the parts of an object depends on its type. */
    private static void note(List<ProblemError> faults, ProblemError fault) {
        if (faults.stream()
                .noneMatch(other ->
                        other.code().equals(JsonErrorMapper.UNKNOWN_TYPE) && isWithin(fault, other.pointer()))) {
            faults.add(fault);
        }
    }

    static boolean isWithin(ProblemError fault, @Nullable String pointer) {
        return String.valueOf(fault.pointer()).startsWith(pointer + "/");
    }

    /** Something to go on reading with; what was read is thrown away. */
    private static @Nullable Object placeholder(Class<?> target) {
        return target.isPrimitive() ? Array.get(Array.newInstance(target, 1), 0) : null;
    }

    private static ProblemError wrongType(JsonParser parser, Class<?> target) {
        return ProblemError.at(pointer(parser), "wrong-type", "This must be " + JsonKinds.of(target));
    }

    /** Of the object whose type has been read. */
    private static String ofTyped(JsonParser parser) {
        var place = parser.getParsingContext();
        return (place.inObject() && place.getParent() != null ? place.getParent() : place)
                .pathAsPointer()
                .toString();
    }

    private static String pointer(JsonParser parser) {
        var place = parser.getParsingContext();
        // On a structure that has been entered its own context is the innermost one.
        return (parser.currentToken() != null && parser.currentToken().isStructStart() && place.getParent() != null
                        ? place.getParent()
                        : place)
                .pathAsPointer()
                .toString();
    }
}
