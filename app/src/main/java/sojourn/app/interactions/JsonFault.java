package sojourn.app.interactions;

import com.fasterxml.jackson.core.JsonProcessingException;

/** Says what is wrong with text that is not JSON, without quoting it. */
final class JsonFault {

    private JsonFault() {}

    static String describe(JsonProcessingException fault) {
        var location = fault.getLocation();
        return "This is not JSON"
                + (location == null ? "" : ": line " + location.getLineNr() + ", column " + location.getColumnNr());
    }
}
