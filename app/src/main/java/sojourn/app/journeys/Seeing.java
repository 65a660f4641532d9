package sojourn.app.journeys;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.ProfileTypes;
import sojourn.app.segments.ContactConditions;
import sojourn.app.segments.language.UsedNames;
import sojourn.workflows.journeys.Planner;
import sojourn.workflows.journeys.Planner.Decision;
import sojourn.workflows.journeys.Tile;

/** Tells what a branching tile looked at when it decided, so that it is still known when that has changed since. */
final class Seeing {

    private final Conditions conditions;
    private final ContactConditions contacts;
    private final Map<Text, Names> known = new ConcurrentHashMap<>();

    Seeing(Conditions conditions, ContactConditions contacts) {
        this.conditions = conditions;
        this.contacts = contacts;
    }

    /** A condition as written, over an interaction of a type or, where that is null, over a contact. */
    private record Text(@Nullable String type, @Nullable String trigger, String condition) {}

    /** What it asks for: attributes or properties, and memberships. */
    private record Names(Set<String> fields, Set<String> segments) {}

    /** What a decision of just now has seen by which a tile is left; empty when it was not about the contact. */
    Optional<Seen> of(Handle handle, RunRow run, LiveVersion version, RunWorld world, Tile tile, Decision.Leave leave) {
        return switch (tile) {
            case Tile.AttributeBranch branch ->
                Optional.of(Seen.ofValues(values(handle, run, version, world, deciding(branch, leave))));
            case Tile.IfThen ifThen
            when !Tile.OTHERWISE.equals(leave.branch()) -> Optional.of(seen(handle, ifThen, world, leave));
            default -> Optional.empty();
        };
    }

    /** The condition of the branch that is taken; all of them when it is because none held. */
    private static List<String> deciding(Tile.AttributeBranch tile, Decision.Leave leave) {
        return tile.all().stream()
                .filter(each -> Tile.OTHERWISE.equals(leave.branch()) || Objects.equals(each.name(), leave.branch()))
                .map(Tile.Case::when)
                .flatMap(Stream::ofNullable)
                .toList();
    }

    private Map<String, @Nullable Object> values(
            Handle handle, RunRow run, LiveVersion version, RunWorld world, List<String> texts) {
        var seen = new TreeMap<String, @Nullable Object>();
        for (var text : texts) {
            var names = names(handle, new Text(null, version.document().triggerType(), text));
            names.fields().forEach(name -> seen.put(name, null));
            names.segments().forEach(key -> seen.put("SEGMENT(" + key + ")", isMember(handle, run.contactId(), key)));
        }
        seen.putAll(contacts.values(handle, run.contactId(), Set.copyOf(seen.keySet())));
        var trigger = world.trigger();
        if (trigger != null) {
            seen.replaceAll((name, value) ->
                    name.startsWith(Planner.TRIGGER) ? said(trigger, name.substring(Planner.TRIGGER.length())) : value);
        }
        return seen;
    }

    private static boolean isMember(Handle handle, long contact, String segment) {
        return handle.select("""
                        select exists (select from membership m join segment s on s.id = m.segment_id
                                       where s.key = ? and m.contact_id = ?)
                        """, segment, contact).mapTo(Boolean.class).one();
    }

    /** The interaction that decided, with what its filter asked for; of a segment only since when. */
    private Seen seen(Handle handle, Tile.IfThen tile, RunWorld world, Decision.Leave leave) {
        return tile.all().stream()
                .filter(branch -> Objects.equals(branch.name(), leave.branch()))
                .flatMap(branch -> branch.any().stream())
                .map(Tile.Condition::interaction)
                .flatMap(Stream::ofNullable)
                .flatMap(happening -> world.found(happening).stream()
                        .filter(fact -> fact.occurredAt().equals(leave.at()))
                        .map(fact -> new Seen(null, fact.type(), leave.at(), properties(handle, happening, fact))))
                .findFirst()
                .orElseGet(() -> new Seen(null, null, leave.at(), null));
    }

    private @Nullable Map<String, @Nullable Object> properties(
            Handle handle, Tile.Happening happening, FactFilter.Fact fact) {
        if (happening.filter() == null) {
            return null;
        }
        var seen = new TreeMap<String, @Nullable Object>();
        names(handle, new Text(fact.type(), null, happening.filter()))
                .fields()
                .forEach(name -> seen.put(name, said(fact, name)));
        return seen;
    }

    private static @Nullable Object said(FactFilter.Fact fact, String name) {
        return name.equals("occurredAt") ? fact.occurredAt() : fact.properties().get(name);
    }

    /** Versions never change, so what a condition of one asks for is read once; on the caller's connection. */
    private Names names(Handle handle, Text text) {
        var names = known.get(text);
        return names == null ? known.computeIfAbsent(text, unknown -> read(handle, unknown)) : names;
    }

    private Names read(Handle handle, Text text) {
        var used = conditions.usedNames(handle).of(text.type(), text.trigger(), text.condition());
        return text.type() == null
                ? new Names(
                        used.map(names -> names.attributes().getOrDefault(ProfileTypes.CONTACT, Set.of()))
                                .orElse(Set.of()),
                        conditions.segments(handle, text.condition(), text.trigger()))
                : new Names(used.map(UsedNames::properties).orElse(Set.of()), Set.of());
    }
}
