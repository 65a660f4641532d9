package sojourn.app.journeys;

import static java.util.stream.Collectors.toMap;

import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Declaration;
import sojourn.app.contacts.ProfileTypes;
import sojourn.app.contacts.Relationships;
import sojourn.app.contacts.ValueType;
import sojourn.app.interactions.InteractionTypes;
import sojourn.app.segments.ContactConditions;
import sojourn.app.segments.FollowedRecords;
import sojourn.app.segments.language.Catalog;
import sojourn.app.segments.language.Condition;
import sojourn.app.segments.language.ConditionMatcher;
import sojourn.app.segments.language.ContactState.Occurrence;
import sojourn.app.segments.language.Follow;
import sojourn.app.segments.language.Needs;
import sojourn.app.segments.language.Query;
import sojourn.app.segments.language.QueryException;
import sojourn.app.segments.language.Relation;
import sojourn.app.segments.language.SegmentLanguage;
import sojourn.app.segments.language.StoredValues;
import sojourn.app.segments.language.UsedNames;
import sojourn.workflows.journeys.Planner;

/** Conditions of the segment language inside journeys' documents: checked when written, answered when runs look. */
public final class Conditions implements FactFilter, RunWorld.ContactQuestion, ConditionCheck {

    private static final Pattern QUERY = Pattern.compile("[\\s(]*(PROFILE|INTERACTION)\\s*\\(.*", Pattern.DOTALL);

    private final ContactConditions contacts;
    private final Jdbi jdbi;
    private final Map<Text, Understood> read = new ConcurrentHashMap<>();

    public Conditions(ContactConditions contacts, Jdbi jdbi) {
        this.contacts = contacts;
        this.jdbi = jdbi;
    }

    /**
     * A condition as written, and over what.
     *
     * @param type of interactions; null for the contact
     * @param trigger type of the interaction that the condition over a contact may ask for too; null when there is none
     */
    private record Text(@Nullable String type, @Nullable String trigger, String condition) {

        static Text ofInteraction(String type, String condition) {
            return new Text(type, null, condition);
        }

        static Text ofContact(String condition, @Nullable String trigger) {
            return new Text(null, trigger, condition);
        }
    }

    /** What was written, as read. */
    private sealed interface Understood {

        /** @param declared what the properties that it may ask for are */
        record OverOne(
                Condition condition, Map<String, Declaration> declared, Map<Follow, Map<String, Declaration>> follows)
                implements Understood {}

        /** Which contacts; so related records are asked about. */
        record Which(Query query) implements Understood {}

        default Needs needs() {
            return switch (this) {
                case OverOne one -> Needs.of(one.condition());
                case Which which -> Needs.of(which.query());
            };
        }
    }

    @Override
    public boolean matches(Handle handle, Fact fact, @Nullable String filter, ZoneId zone, Instant now) {
        if (filter == null) {
            return true;
        }
        if (!(understood(handle, Text.ofInteraction(fact.type(), filter)) instanceof Understood.OverOne understood)) {
            throw new IllegalStateException("A condition over an interaction is no query");
        }
        var properties = StoredValues.read(fact.properties(), understood.declared());
        understood
                .follows()
                .forEach(
                        (follow, attributes) -> FollowedRecords.addTo(handle, List.of(properties), follow, attributes));
        return ConditionMatcher.matches(
                understood.condition(), new Occurrence(fact.occurredAt(), properties), now, zone);
    }

    @Override
    public boolean holds(
            Handle handle,
            long contactId,
            String condition,
            ZoneId zone,
            @Nullable String triggerType,
            @Nullable Fact trigger) {
        return switch (understood(handle, Text.ofContact(condition, triggerType))) {
            case Understood.OverOne one ->
                contacts.matches(handle, contactId, one.condition(), zone, values(handle, trigger));
            case Understood.Which which -> contacts.has(handle, contactId, which.query(), zone);
        };
    }

    @Override
    public Optional<Object> moment(Handle handle, long contactId, String attribute, @Nullable Fact trigger) {
        var value = attribute.startsWith(Planner.TRIGGER)
                ? Optional.ofNullable(values(handle, trigger).get(attribute))
                : contacts.value(handle, contactId, attribute);
        return value.filter(moment -> moment instanceof LocalDate || moment instanceof Instant);
    }

    /** What an interaction says, by the names that conditions over a contact have for it. */
    private static Map<String, Object> values(Handle handle, @Nullable Fact trigger) {
        if (trigger == null) {
            return Map.of();
        }
        var type = InteractionTypes.all(handle).get(trigger.type());
        var values = new HashMap<String, Object>();
        values.put(Planner.TRIGGER + "occurredAt", trigger.occurredAt());
        if (type != null) {
            StoredValues.read(trigger.properties(), type.properties())
                    .forEach((name, value) -> values.put(Planner.TRIGGER + name, value));
        }
        return values;
    }

    /**
     * Versions are immutable and were checked, and declarations only grow: what was read once stays right. Reads on the
     * caller's connection: waiting for another one while holding one is how all of them come to wait.
     */
    private Understood understood(Handle handle, Text text) {
        var known = read.get(text);
        return known == null ? read.computeIfAbsent(text, unknown -> understand(unknown, catalog(handle))) : known;
    }

    private static Understood understand(Text text, Catalog catalog) {
        if (text.type() == null) {
            return overContact(text.condition(), withTrigger(catalog, text.trigger()));
        }
        var condition = SegmentLanguage.parseInteractionCondition(text.condition(), catalog, List.of(text.type()));
        var follows = Follow.in(condition).stream().collect(toMap(follow -> follow, catalog::attributes));
        return new Understood.OverOne(
                condition, catalog.interactionTypes().getOrDefault(text.type(), Map.of()), follows);
    }

    /** A condition, or else a query; what is neither is refused as what it looks like. */
    private static Understood overContact(String text, Catalog catalog) {
        try {
            return new Understood.OverOne(SegmentLanguage.parseContactCondition(text, catalog), Map.of(), Map.of());
        } catch (QueryException noCondition) {
            try {
                return new Understood.Which(SegmentLanguage.parse(text, catalog));
            } catch (QueryException noQuery) {
                throw QUERY.matcher(text).matches() ? noQuery : noCondition;
            }
        }
    }

    /** The same, in which a contact also has what an interaction of a type says. */
    static Catalog withTrigger(Catalog catalog, @Nullable String type) {
        if (type == null) {
            return catalog;
        }
        var contact = new HashMap<>(catalog.contactAttributes());
        contact.put(Planner.TRIGGER + "occurredAt", Declaration.of(ValueType.TIMESTAMP));
        catalog.interactionTypes()
                .getOrDefault(type, Map.of())
                .forEach((name, declaration) -> contact.put(Planner.TRIGGER + name, declaration));
        var types = new HashMap<>(catalog.profileTypes());
        types.put(ProfileTypes.CONTACT, contact);
        return new Catalog(types, catalog.relationships(), catalog.interactionTypes(), catalog.segmentKeys());
    }

    private static Catalog catalog(Handle handle) {
        var properties = InteractionTypes.all(handle).values().stream()
                .collect(toMap(type -> type.key(), type -> type.properties()));
        var profileTypes = ProfileTypes.all(handle).entrySet().stream()
                .collect(toMap(Map.Entry::getKey, type -> type.getValue().attributes()));
        var segments =
                handle.select("select key from segment").mapTo(String.class).list();
        var relationships = Relationships.all(handle).entrySet().stream()
                .collect(toMap(
                        Map.Entry::getKey,
                        one -> new Relation(
                                one.getValue().from(), one.getValue().to())));
        return new Catalog(profileTypes, relationships, properties, Set.copyOf(segments));
    }

    @Override
    public List<Flaw> overContact(String condition, @Nullable String trigger) {
        return flaws(catalog -> overContact(condition, withTrigger(catalog, trigger)));
    }

    @Override
    public Set<String> segmentsIn(String condition, @Nullable String trigger) {
        try {
            // Of a draft, which is not kept: what it names may be declared anew before it is live.
            return jdbi.withHandle(handle -> understand(Text.ofContact(condition, trigger), catalog(handle))
                    .needs()
                    .segments());
        } catch (QueryException notUnderstood) {
            return Set.of();
        }
    }

    @Override
    public Map<String, Declaration> contactAttributes(@Nullable String trigger) {
        return withTrigger(jdbi.withHandle(Conditions::catalog), trigger).contactAttributes();
    }

    @Override
    public List<Flaw> overInteraction(String type, String condition) {
        return flaws(catalog -> SegmentLanguage.parseInteractionCondition(condition, catalog, List.of(type)));
    }

    /** The segments that a condition over a contact asks for. */
    Set<String> segments(Handle handle, String condition, @Nullable String trigger) {
        return understood(handle, Text.ofContact(condition, trigger)).needs().segments();
    }

    /** What conditions name of what is declared; nothing where one is not understood any more. */
    @FunctionalInterface
    interface Names {
        Optional<UsedNames> of(@Nullable String type, @Nullable String trigger, String condition);
    }

    /** By what is declared just now. */
    Names usedNames(Handle handle) {
        var catalog = catalog(handle);
        return (type, trigger, text) -> {
            try {
                return Optional.of(
                        switch (understand(new Text(type, trigger, text), catalog)) {
                            case Understood.Which(var query) -> UsedNames.of(query);
                            case Understood.OverOne(var condition, var _, var _) ->
                                type == null ? UsedNames.ofContact(condition) : UsedNames.ofInteraction(condition);
                        });
            } catch (QueryException notUnderstood) {
                return Optional.empty();
            }
        };
    }

    private List<Flaw> flaws(Consumer<Catalog> parsing) {
        try {
            parsing.accept(jdbi.withHandle(Conditions::catalog));
            return List.of();
        } catch (QueryException wrong) {
            return wrong.errors().stream()
                    .map(error -> new Flaw(error.line(), error.column(), error.code(), error.detail()))
                    .toList();
        }
    }
}
