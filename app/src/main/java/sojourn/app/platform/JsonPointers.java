package sojourn.app.platform;

import com.fasterxml.jackson.databind.JsonMappingException;

/** JSON pointers (RFC 6901) of places that other libraries name their own way. */
final class JsonPointers {

    private JsonPointers() {}

    static String escape(String name) {
        return name.replace("~", "~0").replace("/", "~1");
    }

    static String of(JsonMappingException failure) {
        var pointer = new StringBuilder();
        for (var step : failure.getPath()) {
            pointer.append('/')
                    .append(
                            step.getFieldName() == null
                                    ? String.valueOf(step.getIndex())
                                    : escape(step.getFieldName()));
        }
        return pointer.toString();
    }
}
