package sojourn.app.segments;

import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import sojourn.app.segments.language.ContactState;

/**
 * Whom a dynamic segment has: contacts in its scope that nobody has excluded, and that its query finds or somebody has
 * included. Once in SQL, for all contacts, and once in Java, for those of a batch; what the query says comes in either way.
 */
final class Belonging {

    private final Map<Integer, Scope> scopes;
    private final Map<Integer, Map<Long, OverrideKind>> overrides;

    private record Row(int segment, long contact, OverrideKind kind) {}

    private Belonging(Map<Integer, Scope> scopes, Map<Integer, Map<Long, OverrideKind>> overrides) {
        this.scopes = scopes;
        this.overrides = overrides;
    }

    /**
     * The condition on {@code contact c}, in parentheses.
     *
     * @param query what {@link Statement#compile} makes of the segment's query
     */
    static Statement condition(Handle handle, int segment, Scope scope, Statement query) {
        var overrides = overrides(handle, segment);
        var included = overrides.get(OverrideKind.INCLUDE);
        var excluded = overrides.get(OverrideKind.EXCLUDE);
        var condition = query;
        // An OR keeps the planner from joining what the query looks for, so it is there only where somebody is
        // included.
        if (included != null) {
            condition = Statement.of("(")
                    .add(condition)
                    .add(Statement.of(" or "))
                    .add(included)
                    .add(Statement.of(")"));
        }
        if (excluded != null) {
            condition = condition.add(Statement.of(" and not ")).add(excluded);
        }
        if (!scope.isEverybody()) {
            condition = condition.add(Statement.of(" and ")).add(scope.condition());
        }
        return Statement.of("(").add(condition).add(Statement.of(")"));
    }

    /** Conditions on {@code contact c}: those included, then those excluded; nothing of a kind that nobody is of. */
    static Map<OverrideKind, Statement> overrides(Handle handle, int segment) {
        var kinds = handle.createQuery("""
                        select kind from unnest(array['include', 'exclude']) as wanted (kind)
                        where exists (select from segment_override o
                                      where o.segment_id = :segment and o.kind = wanted.kind)
                        """)
                .bind("segment", segment)
                .mapTo(String.class)
                .set();
        var overrides = new EnumMap<OverrideKind, Statement>(OverrideKind.class);
        for (var kind : OverrideKind.values()) {
            if (kinds.contains(kind.word())) {
                overrides.put(kind, overridden(segment, kind));
            }
        }
        return overrides;
    }

    private static Statement overridden(int segment, OverrideKind kind) {
        return Statement.of("""
                exists (select 1 from segment_override o \
                where o.segment_id = ? and o.kind = ? and o.contact_id = c.id)""", segment, kind.word());
    }

    /** What is needed to ask about these contacts and segments in Java. */
    static Belonging load(Handle handle, Scopes scopes, Collection<LiveSegment> segments, Collection<Long> contacts) {
        var overrides = new HashMap<Integer, Map<Long, OverrideKind>>();
        handle.createQuery("""
                        select segment_id, contact_id, kind from segment_override where contact_id = any(:contacts)
                        """)
                .bind("contacts", contacts.toArray(Long[]::new))
                .map((row, _) -> new Row(
                        row.getInt(1),
                        row.getLong(2),
                        OverrideKind.of(row.getString(3)).orElseThrow()))
                .forEach(row -> overrides
                        .computeIfAbsent(row.segment(), _ -> new HashMap<>())
                        .put(row.contact(), row.kind()));
        return new Belonging(
                scopes.of(handle, segments.stream().map(LiveSegment::segment).toList()), overrides);
    }

    /** Whether a segment has a contact; asks the query only where that matters. */
    boolean has(int segment, long contact, ContactState state, BooleanSupplier query) {
        var scope = scopes.get(segment);
        return scope != null
                && scope.has(state)
                && holds(overrides.getOrDefault(segment, Map.of()).get(contact), query);
    }

    /** What an override makes of the query's word. */
    static boolean holds(@Nullable OverrideKind override, BooleanSupplier query) {
        return switch (override) {
            case INCLUDE -> true;
            case EXCLUDE -> false;
            case null -> query.getAsBoolean();
        };
    }
}
