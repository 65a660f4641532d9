package sojourn.app.journeys;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotEmpty;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import sojourn.app.messages.NewMessage;
import sojourn.app.segments.NewSegment;

/**
 * A journey with everything that it names, as one document.
 *
 * @param journeys the journey, and behind it those that it starts
 * @param segments that these name, and those that they build on; static ones without their members
 * @param messages that the journeys send
 * @param declarations what all of it needs to be declared
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record JourneyBundle(
        @NotEmpty @JsonSetter(contentNulls = Nulls.FAIL) List<@Valid NewJourney> journeys,

        @JsonSetter(contentNulls = Nulls.FAIL) @Nullable List<NewSegment> segments,

        @JsonSetter(contentNulls = Nulls.FAIL) @Nullable List<NewMessage> messages,

        @Nullable Declared declarations) {

    /**
     * Declarations as the API takes them.
     *
     * @param attributes by name, by profile type
     * @param interactionTypes properties by name, by interaction type
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    public record Declared(
            @JsonSetter(contentNulls = Nulls.FAIL) @Nullable Map<String, Map<String, Object>> attributes,
            @JsonSetter(contentNulls = Nulls.FAIL) @Nullable Map<String, Map<String, Object>> interactionTypes) {

        static final Declared NOTHING = new Declared(null, null);

        public Declared {
            attributes = attributes == null ? null : new LinkedHashMap<>(attributes);
            interactionTypes = interactionTypes == null ? null : new LinkedHashMap<>(interactionTypes);
        }

        Map<String, Map<String, Object>> allAttributes() {
            return attributes == null ? Map.of() : attributes;
        }

        Map<String, Map<String, Object>> allInteractionTypes() {
            return interactionTypes == null ? Map.of() : interactionTypes;
        }
    }

    List<NewSegment> allSegments() {
        return segments == null ? List.of() : segments;
    }

    List<NewMessage> allMessages() {
        return messages == null ? List.of() : messages;
    }

    Declared allDeclarations() {
        return declarations == null ? Declared.NOTHING : declarations;
    }
}
