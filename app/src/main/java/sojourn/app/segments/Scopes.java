package sojourn.app.segments;

import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.BusinessUnits;
import sojourn.app.platform.Nearest;
import sojourn.app.platform.ProblemError;

/**
 * What the scopes of segments mean: {@code organization}, every contact; the key of a business unit, its contacts; {@code
 * owner}, the contacts of the unit that the segment's owner is in. Where scopes are switched off, all mean every contact.
 */
final class Scopes implements BusinessUnits.Use {

    static final String ORGANIZATION = "organization";
    static final String OWNER = "owner";

    private static final String SETTING = "segments.scopes";

    private final boolean on;

    private record Concerned(int segment, String kind) {}

    Scopes(boolean on) {
        this.on = on;
    }

    Scope of(Handle handle, String scope, @Nullable String owner) {
        return owner == null || !scope.equals(OWNER)
                ? meaning(scope, owner, Map.of())
                : meaning(scope, owner, BusinessUnits.of(handle, List.of(owner)));
    }

    /** By segment; two looks at the database at most. */
    Map<Integer, Scope> of(Handle handle, Collection<Segment> segments) {
        var owners = segments.stream()
                .filter(segment -> on && segment.scope().equals(OWNER))
                .map(Segment::owner)
                .filter(Objects::nonNull)
                .distinct()
                .toList();
        var units = BusinessUnits.of(handle, owners);
        var scopes = new HashMap<Integer, Scope>();
        segments.forEach(segment -> scopes.put(segment.id(), meaning(segment.scope(), segment.owner(), units)));
        return scopes;
    }

    private Scope meaning(String scope, @Nullable String owner, Map<String, String> units) {
        if (!on || scope.equals(ORGANIZATION)) {
            return new Scope.Everybody();
        }
        if (!scope.equals(OWNER)) {
            return new Scope.Unit(scope);
        }
        var unit = owner == null ? null : units.get(owner);
        return unit == null ? new Scope.Nobody() : new Scope.Unit(unit);
    }

    /** The scope that a segment has, or will have when its edit is saved. */
    static String current(Segment segment) {
        return segment.draft() == null ? segment.scope() : segment.draft().scope();
    }

    /** The owner that a segment has, or will have when its edit is saved. */
    static @Nullable String currentOwner(Segment segment) {
        return segment.draft() == null ? segment.owner() : segment.draft().owner();
    }

    /** Says whether a segment that has one scope may have another. */
    NewSegment.ScopeCheck check(Handle handle, String current) {
        return (scope, owner, problems) -> {
            if (scope.equals(ORGANIZATION) || (!on && scope.equals(current))) {
                return;
            }
            if (!on) {
                problems.add(ProblemError.at(
                        "/scope", "scopes-off", "Scopes are switched off here; 'organization' would fit"));
            } else if (scope.equals(OWNER)) {
                checkOwner(handle, owner, problems);
            } else {
                checkUnit(handle, scope, problems);
            }
        };
    }

    private static void checkOwner(Handle handle, @Nullable String owner, List<ProblemError> problems) {
        if (owner == null || BusinessUnits.of(handle, List.of(owner)).isEmpty()) {
            problems.add(ProblemError.at(
                    "/owner",
                    "no-business-unit",
                    "With the scope 'owner' a segment has the contacts of its owner's business unit: an owner who is a"
                            + " member of one would fit"));
        }
    }

    private static void checkUnit(Handle handle, String scope, List<ProblemError> problems) {
        var units = BusinessUnits.keys(handle);
        if (!units.contains(scope)) {
            problems.add(ProblemError.at(
                    "/scope",
                    "unknown-scope",
                    "scope is '" + scope + "'; 'organization', 'owner' or the key of a business unit would fit"
                            + Nearest.advice(scope, units)));
        }
    }

    /** Keeps the unit that a scope names until the transaction ends; false when it is gone. */
    boolean hold(Handle handle, String scope) {
        return !on || scope.equals(ORGANIZATION) || scope.equals(OWNER) || BusinessUnits.hold(handle, scope);
    }

    @Override
    public void membersChanged(Handle handle, Set<String> members, Instant at) {
        var concerned = handle.createQuery("""
                        update segment
                        set rescoped = rescoped + case when kind = 'dynamic' then 1 else 0 end,
                            next_evaluation_at = case when kind = 'dynamic' then :at::timestamptz end
                        where state in ('goingLive', 'live')
                          and (scope = 'owner' and owner = any(:members)
                               or draft ->> 'scope' = 'owner' and draft ->> 'owner' = any(:members))
                        returning id, kind
                        """).bind("at", at).bind("members", members.toArray(String[]::new));
        lookAgain(handle, concerned, at);
    }

    @Override
    public List<String> users(Handle handle, String unit) {
        return handle.createQuery("""
                        select 'segment ' || key from segment
                        where scope = :unit or draft ->> 'scope' = :unit
                        order by key
                        limit 20
                        """).bind("unit", unit).mapTo(String.class).list();
    }

    /** Has every segment with a scope evaluated anew when scopes were switched on or off since the last start. */
    void adopt(Handle handle, Instant at) {
        var changed =
                handle.createUpdate("""
                        insert into setting (name, value) values (:name, to_jsonb(:on))
                        on conflict (name) do update set value = excluded.value
                        where setting.value is distinct from excluded.value
                        """).bind("name", SETTING).bind("on", on).execute();
        if (changed > 0) {
            var concerned = handle.createQuery("""
                            update segment
                            set rescoped = rescoped + case when kind = 'dynamic' then 1 else 0 end,
                                next_evaluation_at = case when kind = 'dynamic' then :at::timestamptz end
                            where state in ('goingLive', 'live')
                              and (scope <> 'organization' or draft ->> 'scope' <> 'organization')
                            returning id, kind
                            """).bind("at", at);
            lookAgain(handle, concerned, at);
        }
    }

    /** Dynamic segments are due by their rows; members of static ones are looked at one by one. */
    private static void lookAgain(Handle handle, Query segments, Instant at) {
        segments.map((row, _) -> new Concerned(row.getInt("id"), row.getString("kind"))).list().stream()
                .filter(found -> found.kind().equals(SegmentKind.STATIC.word()))
                .forEach(found -> lookAgain(handle, found.segment(), at));
    }

    /** Has the incremental evaluation look which members of a static segment are still in its scope. */
    static void lookAgain(Handle handle, int segment, Instant at) {
        handle.createUpdate("""
                        insert into change (consumer, contact_ids, causes, segment_id, at)
                        select 'segments', array_agg(contact_id order by contact_id), '{}', :segment, :at::timestamptz
                        from (select contact_id, (row_number() over (order by contact_id) - 1) / 1000 as part
                              from membership where segment_id = :segment) as numbered
                        group by part
                        order by part
                        """).bind("segment", segment).bind("at", at).execute();
    }
}
