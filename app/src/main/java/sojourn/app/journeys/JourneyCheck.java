package sojourn.app.journeys;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.ValueType;
import sojourn.app.interactions.RecordInteractions;
import sojourn.app.messages.Messages;
import sojourn.app.messages.TriggerFields;
import sojourn.app.platform.Nearest;
import sojourn.workflows.journeys.JourneyDocument;
import sojourn.workflows.journeys.JourneyDocument.Fact;
import sojourn.workflows.journeys.JourneyDocument.Goal;

/** Everything that keeps a journey's document from going live, and what its author should think about, all at once. */
final class JourneyCheck {

    private static final Set<String> PURPOSES = Set.of("commercial", "transactional");
    private static final int MOST_TAGS = 50;

    private final ConditionCheck conditions;
    private final ZoneId organizationZone;
    private final SendingCheck sending;

    JourneyCheck(ConditionCheck conditions, ZoneId organizationZone, SendingCheck sending) {
        this.conditions = conditions;
        this.organizationZone = organizationZone;
        this.sending = sending;
    }

    /**
     * What the document's names stand for just now.
     *
     * @param ofTrigger what messages say of the interaction that lets contacts in, by message
     * @param trigger what that says
     */
    record Names(
            Map<String, String> segmentStates,
            Map<String, String> messageStates,
            Map<String, String> messageChannels,
            Set<String> interactionTypes,
            ActingNames acting,
            Map<String, Set<String>> ofTrigger,
            TriggerFields trigger) {

        Names(
                Map<String, String> segmentStates,
                Map<String, String> messageStates,
                Map<String, String> messageChannels,
                Set<String> interactionTypes) {
            this(segmentStates, messageStates, messageChannels, interactionTypes, ActingNames.BUILT_IN);
        }

        Names(
                Map<String, String> segmentStates,
                Map<String, String> messageStates,
                Map<String, String> messageChannels,
                Set<String> interactionTypes,
                ActingNames acting) {
            this(segmentStates, messageStates, messageChannels, interactionTypes, acting, Map.of(), TriggerFields.ANY);
        }

        /** The same for a journey that interactions of a type let into; of none when it is null. */
        Names triggeredBy(@Nullable String type) {
            var known = type == null ? null : acting.interactionTypes().get(type);
            var fields = type == null
                    ? TriggerFields.NONE
                    : known == null
                            ? TriggerFields.ANY
                            : TriggerFields.of(known.properties().keySet());
            return new Names(
                    segmentStates, messageStates, messageChannels, interactionTypes, acting, ofTrigger, fields);
        }

        static Names read(Handle handle) {
            return new Names(
                    states(handle, "segment"),
                    states(handle, "message"),
                    channels(handle),
                    new HashSet<>(handle.select("select key from interaction_type")
                            .mapTo(String.class)
                            .list()),
                    ActingNames.read(handle),
                    Messages.ofTrigger(handle),
                    TriggerFields.ANY);
        }

        private static Map<String, String> channels(Handle handle) {
            return handle
                    .createQuery("select key, channel from message")
                    .map((rows, _) -> Map.entry(rows.getString(1), rows.getString(2)))
                    .stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        }

        private static Map<String, String> states(Handle handle, String table) {
            return handle
                    .createQuery("select key, state from <table>")
                    .define("table", table)
                    .map((rows, context) -> Map.entry(rows.getString(1), rows.getString(2)))
                    .stream()
                    .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
        }
    }

    /** The zone of journeys that name none. */
    ZoneId organizationZone() {
        return organizationZone;
    }

    List<DocumentProblem> check(JourneyDocument journey, Names names, Instant now) {
        var findings = new Findings();
        checkZone(journey, findings);
        checkTags(journey, findings);
        checkSchedule(journey, now, findings);
        checkEntry(journey, names, now, findings);
        checkWaysOut(journey, names, findings);
        new TileCheck(journey, names.triggeredBy(journey.triggerType()), conditions, sending, findings)
                .check(zoneOf(journey), now);
        new PathCheck(journey, findings).check();
        return findings.all();
    }

    private static void checkZone(JourneyDocument journey, Findings findings) {
        if (journey.timeZone() != null && zone(journey.timeZone()) == null) {
            findings.error(
                    "/timeZone",
                    "unknown-time-zone",
                    "'" + journey.timeZone() + "' is not a zone; one like Europe/Berlin would fit");
        }
    }

    private static void checkTags(JourneyDocument journey, Findings findings) {
        var tags = journey.allTags();
        if (tags.size() > MOST_TAGS || tags.stream().anyMatch(String::isBlank)) {
            findings.error("/tags", "invalid-tags", "Tags are at most " + MOST_TAGS + " texts, none of them empty");
        }
    }

    private void checkSchedule(JourneyDocument journey, Instant now, Findings findings) {
        var zone = zoneOf(journey);
        var start = journey.startsAt(zone);
        var end = journey.endsAt(zone);
        if (end != null && !end.isAfter(now)) {
            findings.error("/schedule/end", "date-in-the-past", "The end has passed; a later moment would fit");
        } else if (start != null && end != null && !end.isAfter(start)) {
            findings.error("/schedule/end", "end-before-start", "The journey would end before it starts");
        }
    }

    private ZoneId zoneOf(JourneyDocument journey) {
        var own = journey.timeZone() == null ? null : zone(journey.timeZone());
        return own == null ? organizationZone : own;
    }

    private static @Nullable ZoneId zone(String name) {
        try {
            return ZoneId.of(name);
        } catch (DateTimeException unknown) {
            return null;
        }
    }

    private void checkEntry(JourneyDocument journey, Names names, Instant now, Findings findings) {
        new EntryCheck(journey, zoneOf(journey), now, findings).check();
        if (journey.trigger() != null) {
            checkFact(journey.trigger(), "/audience/interaction", names, findings);
        }
        checkSegments(journey.audienceSegments(), "/audience/segments", names, findings);
        checkSegments(journey.excluded(), "/audience/exclude", names, findings);
        if (journey.suppressionSegment() != null) {
            checkSegment(journey.suppressionSegment(), null, "/suppressionSegment", names, findings);
        }
        if (journey.purpose() != null && !PURPOSES.contains(journey.purpose())) {
            findings.error(
                    "/purpose",
                    "unknown-purpose",
                    "'" + journey.purpose() + "' is not a purpose; commercial or transactional would fit");
        }
    }

    private static void checkSegments(List<String> keys, String pointer, Names names, Findings findings) {
        for (var index = 0; index < keys.size(); index++) {
            checkSegment(keys.get(index), null, pointer + "/" + index, names, findings);
        }
    }

    static void checkSegment(String key, @Nullable String tile, String pointer, Names names, Findings findings) {
        var state = names.segmentStates().get(key);
        if (state == null) {
            findings.error(
                    tile,
                    pointer,
                    "unknown-segment",
                    "There is no segment '" + key + "'"
                            + Nearest.advice(key, names.segmentStates().keySet()));
        } else if (!state.equals("live")) {
            findings.error(
                    tile,
                    pointer,
                    "segment-not-live",
                    "The segment '" + key + "' is " + state + "; make it live first");
        }
    }

    private void checkWaysOut(JourneyDocument journey, Names names, Findings findings) {
        var facts = journey.exitInteractions();
        for (var index = 0; index < facts.size(); index++) {
            checkFact(facts.get(index), "/exit/interactions/" + index, names, findings);
        }
        var exits = journey.exitSegments();
        for (var index = 0; index < exits.size(); index++) {
            var exit = exits.get(index);
            var pointer = "/exit/segments/" + index;
            if ((exit.joins() == null) == (exit.leaves() == null)) {
                findings.error(pointer, "joins-or-leaves", "Give exactly one of `joins` and `leaves`");
            }
            if (exit.joins() != null) {
                checkSegment(exit.joins(), null, pointer + "/joins", names, findings);
            }
            if (exit.leaves() != null) {
                checkSegment(exit.leaves(), null, pointer + "/leaves", names, findings);
            }
        }
        if (journey.goal() != null) {
            checkFact(journey.goal().interaction(), "/goal/interaction", names, findings);
            checkWorth(journey.goal(), names, findings);
        }
        if (facts.isEmpty()
                && exits.isEmpty()
                && !journey.exitsWhenLeavingAudience()
                && journey.suppressionSegment() == null) {
            findings.warning(
                    null,
                    "/exit",
                    "no-exit",
                    "Nothing ends a run early; think of what makes the journey pointless for a contact");
        }
    }

    private static void checkWorth(Goal goal, Names names, Findings findings) {
        var fact = goal.interaction();
        var type = fact == null ? null : names.acting().interactionTypes().get(String.valueOf(fact.type()));
        if (goal.value() == null || type == null) {
            return;
        }
        var property = type.properties().get(goal.value());
        if (property == null) {
            findings.error(
                    "/goal/value",
                    "unknown-property",
                    "A " + type.key() + " has no property '" + goal.value() + "'"
                            + Nearest.advice(goal.value(), type.properties().keySet()));
        } else if (property.type() != ValueType.NUMBER) {
            findings.error(
                    "/goal/value",
                    "not-a-number",
                    "'" + goal.value() + "' is a " + property.type().word() + "; the goal's worth is a number");
        }
    }

    private void checkFact(@Nullable Fact fact, String pointer, Names names, Findings findings) {
        if (fact == null) {
            findings.error(pointer, "missing-interaction", "Name an interaction type, like {\"type\": \"Purchase\"}");
        } else {
            checkInteraction(fact.type(), fact.filter(), null, pointer, names, conditions, findings);
        }
    }

    static void checkInteraction(
            @Nullable String type,
            @Nullable String filter,
            @Nullable String tile,
            String pointer,
            Names names,
            ConditionCheck conditions,
            Findings findings) {
        if (type == null) {
            findings.error(tile, pointer + "/type", "missing-type", "Name an interaction type, like Purchase");
            return;
        }
        if (!names.interactionTypes().contains(type)) {
            findings.error(
                    tile,
                    pointer + "/type",
                    "unknown-interaction-type",
                    "There is no interaction type '" + type + "'" + Nearest.advice(type, names.interactionTypes()));
            return;
        }
        if (names.acting().recordedTypes().isEmpty() && RecordInteractions.TYPES.contains(type)) {
            findings.error(
                    tile,
                    pointer + "/type",
                    "changes-not-recorded",
                    "Changes of no records are recorded, so this would never happen; PATCH /v1/profile-types/contact or another"
                            + " type with {\"recordChanges\": true}");
        }
        if (filter != null) {
            conditions.overInteraction(type, filter).forEach(flaw -> findings.inText(tile, pointer + "/filter", flaw));
        }
    }
}
