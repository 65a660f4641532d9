package sojourn.workflows.journeys;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Makes a lead of the contact.
 *
 * @param attributes values as the API takes them, beside name, email, phone and owner of the contact; texts may have
 *     personalization in them
 * @param due from now on, the {@code dueAt} of the lead; null when it has none
 */
public record CreateLead(
        @JsonSetter(contentNulls = Nulls.FAIL) @Nullable Map<String, Object> attributes,
        @Nullable Span due,
        @JsonInclude @Nullable String next)
        implements Tile.Acting {

    /** The attribute of a lead that says when somebody is to have called. */
    public static final String DUE_AT = "dueAt";

    public CreateLead {
        attributes = attributes == null ? null : new LinkedHashMap<>(attributes);
    }

    public Map<String, Object> allAttributes() {
        return attributes == null ? Map.of() : attributes;
    }

    @Override
    public String type() {
        return "createLead";
    }

    @Override
    public Map<String, @Nullable String> exits() {
        return Exits.of("/next", next);
    }
}
