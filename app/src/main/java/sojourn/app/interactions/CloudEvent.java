package sojourn.app.interactions;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Nearest;
import sojourn.app.platform.ProblemError;

/**
 * An event of CloudEvents 1.0 as an interaction. Its id is the event's source and id with a space between, which no source
 * has, since only both together are unique.
 */
final class CloudEvent {

    /** What the fields of an interaction are called there. */
    static final Map<String, String> NAMES = Map.of(
            "contact", "subject",
            "anonymousId", "anonymousid",
            "occurredAt", "time",
            "properties", "data",
            "bindingKey", "bindingkey");

    private static final int LONGEST_ID = 300;
    private static final Pattern NAME = Pattern.compile("[a-z0-9]+");
    private static final Pattern JSON = Pattern.compile("(?i)[\\w.+-]+/([\\w.+-]+\\+)?json\\s*(;.*)?");
    private static final Pattern SPACE = Pattern.compile("\\s");
    private static final List<String> ATTRIBUTES = List.of(
            "specversion",
            "id",
            "source",
            "type",
            "subject",
            "anonymousid",
            "time",
            "data",
            "datacontenttype",
            "dataschema",
            "bindingkey");

    private final Map<String, @Nullable Object> event;
    private final List<ProblemError> errors = new ArrayList<>();
    private final ForeignFields fields;

    private CloudEvent(Map<String, @Nullable Object> event) {
        this.event = event;
        this.fields = new ForeignFields(event, errors);
    }

    /** Reads one; attributes that nobody knows are extensions and say nothing here. */
    static Sent sent(@Nullable Object value, long index) {
        var errors = new ArrayList<ProblemError>();
        var event = JsonTree.object("", value, errors);
        if (event == null) {
            return new Sent(index, null, null, null, null, null, null, null, null, errors);
        }
        return new CloudEvent(event).sent(index);
    }

    private Sent sent(long index) {
        checkNames();
        checkVersion();
        checkContent();
        var id = id();
        var type = fields.text("type");
        fields.require("type", type, "an event needs its type");
        var contact = fields.text("subject");
        var anonymousId = fields.text("anonymousid");
        checkSubject(contact, anonymousId);
        return new Sent(
                index,
                null,
                id,
                TypeNames.key(type),
                contact,
                anonymousId,
                fields.instant("time"),
                fields.text("bindingkey"),
                fields.object("data"),
                errors,
                NAMES);
    }

    private void checkNames() {
        for (var name : event.keySet()) {
            if (!NAME.matcher(name).matches() && !name.equals("data_base64")) {
                errors.add(ProblemError.at(
                        "/" + name.replace("~", "~0").replace("/", "~1"),
                        "invalid-name",
                        "names of attributes are lower-case letters and digits" + Nearest.advice(name, ATTRIBUTES)));
            }
        }
    }

    private void checkVersion() {
        var version = fields.text("specversion");
        fields.require("specversion", version, "an event says which CloudEvents it is of: 1.0 would fit");
        if (version != null && !version.equals("1.0")) {
            errors.add(ProblemError.at("/specversion", "unknown-version", "only CloudEvents 1.0 is understood"));
        }
    }

    private void checkContent() {
        var type = fields.text("datacontenttype");
        if (type != null && !JSON.matcher(type).matches()) {
            errors.add(
                    ProblemError.at("/datacontenttype", "wrong-type", "only data in JSON is read: application/json"));
        }
        if (event.get("data_base64") != null) {
            errors.add(ProblemError.at(
                    "/data_base64", "wrong-type", "bytes have no properties; data with an object would fit"));
        }
    }

    private @Nullable String id() {
        var id = fields.text("id");
        var source = fields.text("source");
        fields.require("id", id, "an event needs its id");
        fields.require("source", source, "an event needs its source, a URI");
        if (source != null && SPACE.matcher(source).find()) {
            errors.add(ProblemError.at("/source", "invalid-uri", "a source is a URI, which has no space in it"));
            return null;
        }
        if (id == null || source == null) {
            return null;
        }
        if (source.length() + id.length() >= LONGEST_ID) {
            errors.add(ProblemError.at(
                    "/id", "too-long", "source and id may have " + (LONGEST_ID - 1) + " characters together"));
            return null;
        }
        return source + " " + id;
    }

    private void checkSubject(@Nullable String contact, @Nullable String anonymousId) {
        if (contact != null && anonymousId != null) {
            errors.add(ProblemError.at(
                    "/anonymousid", "ambiguous", "an event has a subject or an anonymousid here, and not both"));
        } else if (contact == null && anonymousId == null && !fields.isWrong("subject", "anonymousid")) {
            errors.add(ProblemError.at(
                    "/subject",
                    "required",
                    "the subject names the contact, by UUID or as external:42; or anonymousid while nobody knows it"));
        }
    }
}
