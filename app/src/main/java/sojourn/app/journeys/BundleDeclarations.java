package sojourn.app.journeys;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import sojourn.app.contacts.Declaration;
import sojourn.app.contacts.ProfileTypes;
import sojourn.app.interactions.InteractionTypes;
import sojourn.app.messages.MessageParts;
import sojourn.app.messages.NewMessage;
import sojourn.app.platform.Json;
import sojourn.app.segments.NewSegment;
import sojourn.app.segments.SegmentParts;
import sojourn.app.segments.language.UsedNames;
import sojourn.workflows.journeys.CreateLead;
import sojourn.workflows.journeys.Emit;
import sojourn.workflows.journeys.JourneyDocument;
import sojourn.workflows.journeys.Tile;
import sojourn.workflows.journeys.UpdateContact;

/** Finds what the parts of a bundle need that was declared here. */
final class BundleDeclarations {

    private static final String LEAD = "lead";

    private final SegmentParts segments;
    private final Conditions conditions;

    BundleDeclarations(SegmentParts segments, Conditions conditions) {
        this.segments = segments;
        this.conditions = conditions;
    }

    JourneyBundle.Declared of(
            Handle handle, List<JourneyDocument> journeys, List<NewSegment> queries, List<NewMessage> messages) {
        var used = new Used();
        for (var segment : queries) {
            if (segment.query() != null) {
                segments.needed(handle, segment.query()).ifPresent(needed -> {
                    used.names(needed.names());
                    used.types.addAll(needed.interactionTypes());
                });
            }
        }
        messages.forEach(message -> used.of(ProfileTypes.CONTACT).addAll(MessageParts.contactFields(message)));
        journeys.forEach(document -> add(handle, document, used));

        var attributes = new TreeMap<String, Map<String, Object>>();
        used.attributes.forEach((type, names) -> {
            var own = kept(ProfileTypes.ownAttributes(handle, type), names);
            if (!own.isEmpty()) {
                attributes.put(type, own);
            }
        });
        var types = new TreeMap<String, Map<String, Object>>();
        InteractionTypes.own(handle).forEach((type, properties) -> {
            if (used.types.contains(type)) {
                types.put(type, kept(properties, properties.keySet()));
            }
        });
        return new JourneyBundle.Declared(attributes.isEmpty() ? null : attributes, types.isEmpty() ? null : types);
    }

    private static Map<String, Object> kept(Map<String, Declaration> declared, Set<String> names) {
        var kept = new LinkedHashMap<String, Object>();
        declared.forEach((name, declaration) -> {
            if (names.contains(name)) {
                kept.put(name, declaration.toObject());
            }
        });
        return kept;
    }

    private void add(Handle handle, JourneyDocument document, Used used) {
        var names = conditions.usedNames(handle);
        UsedDeclarations.written(document).forEach(written -> {
            Stream.ofNullable(written.type()).forEach(used.types::add);
            if (written.condition() != null) {
                names.of(written.type(), document.triggerType(), written.condition())
                        .ifPresent(used::names);
                if (written.type() == null) {
                    // A query, in which an attribute branch may ask for interactions too.
                    segments.needed(handle, written.condition())
                            .ifPresent(needed -> used.types.addAll(needed.interactionTypes()));
                }
            }
        });
        var contact = used.of(ProfileTypes.CONTACT);
        for (var tile : document.allTiles().values()) {
            switch (tile) {
                case UpdateContact update -> update.attributes().forEach(contact::add);
                case Tile.WaitUntil wait -> Stream.ofNullable(wait.attribute()).forEach(contact::add);
                case Emit emit -> Stream.ofNullable(emit.interaction()).forEach(used.types::add);
                case CreateLead lead ->
                    used.of(LEAD).addAll(lead.allAttributes().keySet());
                default -> {}
            }
            templates(Json.mapper().valueToTree(tile))
                    .forEach(text -> contact.addAll(MessageParts.contactFields(text)));
        }
    }

    /** Every text in a tile that may have Liquid in it. */
    private static Stream<String> templates(JsonNode node) {
        return node.isTextual()
                ? Stream.of(node.asText()).filter(text -> text.contains("{{") || text.contains("{%"))
                : node.valueStream().flatMap(BundleDeclarations::templates);
    }

    /** What is named, whether it was declared here or not. */
    private static final class Used {

        private final Map<String, Set<String>> attributes = new TreeMap<>();
        private final Set<String> types = new TreeSet<>();

        private Set<String> of(String type) {
            return attributes.computeIfAbsent(type, _ -> new HashSet<>());
        }

        private void names(UsedNames names) {
            names.attributes().forEach((type, some) -> of(type).addAll(some));
        }
    }
}
