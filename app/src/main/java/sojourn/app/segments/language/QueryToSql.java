package sojourn.app.segments.language;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The meaning of a query for all contacts at once: one predicate over {@code contact c}, to stand in a WHERE (where null
 * counts as false). Whatever a person wrote is a bound value.
 *
 * <p>Every look at interactions or memberships is an EXISTS that correlates by contact alone. The planner turns it into a
 * join where it can, hashes it under OR and NOT where that fits its memory, and otherwise probes an index per contact; it
 * never has to scan a set that it could not hash.
 */
public final class QueryToSql {

    private static final Columns CONTACT = new Columns(Scope.Kind.CONTACT, "c");
    private static final Columns INTERACTION = new Columns(Scope.Kind.INTERACTION, "i");

    private final SqlContext context;
    private final boolean few;

    private QueryToSql(SqlContext context, boolean few) {
        this.context = context;
        this.few = few;
    }

    public static Sql compile(Query query, SqlContext context) {
        return new QueryToSql(context, false).compile(query, true);
    }

    /**
     * The same, for a statement that names the few contacts whom it asks about: what is counted or added up is so for each of
     * them by an index, and not for everybody.
     */
    public static Sql compileForFew(Query query, SqlContext context) {
        return new QueryToSql(context, true).compile(query, true);
    }

    /**
     * The contacts of a query by what it looks at alone, without a look at each contact: a SELECT of their ids. It may name
     * one several times, and erased ones, which no query has. Empty where only the contacts themselves can tell.
     */
    public static Optional<Sql> ids(Query query, SqlContext context) {
        return new QueryToSql(context, false).ids(query);
    }

    /** A condition on the contact {@code c}, to stand in a WHERE. */
    public static Sql contactCondition(Condition condition, SqlContext context) {
        return new ConditionToSql(CONTACT, context).compile(condition);
    }

    /** NOT is carried down to the blocks, because only NOT EXISTS itself becomes an anti-join. */
    private Sql compile(Query query, boolean wanted) {
        return switch (query) {
            case Query.Profile profile -> profile(Chain.of(profile), wanted);
            case Query.Interactions interactions -> interactions(interactions, wanted);
            case Query.Members(var segment) ->
                exists(wanted, ConditionToSql.member(context.segment(segment), CONTACT.alias()));
            case Query.Union(var of) -> joined(of.stream().map(part -> compile(part, wanted)), !wanted);
            case Query.Intersect(var of) -> joined(of.stream().map(part -> compile(part, wanted)), wanted);
            case Query.Except(var from, var without) ->
                joined(
                        Stream.concat(
                                Stream.of(compile(from, wanted)),
                                without.stream().map(part -> compile(part, !wanted))),
                        wanted);
        };
    }

    private Optional<Sql> ids(Query query) {
        return switch (query) {
            case Query.Profile profile -> ids(Chain.of(profile));
            case Query.Interactions block when block.havings().isEmpty() -> Optional.of(selectAny(block, null));
            case Query.Interactions block
            when block.havings().size() == 1 -> ids(block, block.havings().getFirst());
            case Query.Members(var segment) ->
                Optional.of(Sql.of("select contact_id from membership where segment_id = ?", context.segment(segment)));
            default -> Optional.empty();
        };
    }

    private Optional<Sql> ids(Chain chain) {
        if (chain.related().isEmpty() || !chain.contact().filters().isEmpty()) {
            return Optional.empty();
        }
        var path = path(chain);
        return Optional.of(path.select(path.contact()));
    }

    /** Of a comparison that nobody without interactions fits. */
    private Optional<Sql> ids(Query.Interactions block, Having having) {
        if (fitsNone(having)) {
            return Optional.empty();
        }
        var ofSome = CountThreshold.of(having);
        if (ofSome.isEmpty()) {
            return Optional.of(selectGroups(block, having, true));
        }
        return ofSome.get() ? Optional.of(selectAny(block, having.window())) : Optional.empty();
    }

    private static Sql joined(Stream<Sql> parts, boolean all) {
        return all ? Sql.all(parts) : Sql.any(parts);
    }

    private static Sql exists(boolean wanted, Sql exists) {
        return wanted ? exists : Sql.fill("not {}", exists);
    }

    private Sql profile(Chain chain, boolean wanted) {
        var contact = chain.contact();
        if (chain.related().isEmpty()) {
            return wanted
                    ? filters(contact, CONTACT)
                    : filters(contact, CONTACT).not();
        } else if (contact.filters().isEmpty()) {
            return exists(wanted, path(chain).exists());
        }
        var all = Sql.all(Stream.of(filters(contact, CONTACT), path(chain).exists()));
        return wanted ? all : all.not();
    }

    private Sql filters(Chain.Place place, Columns columns) {
        var conditions = new ConditionToSql(columns, context);
        return Sql.all(place.filters().stream().map(conditions::compile));
    }

    /**
     * One chain of joins along the links; a record is joined only where something is asked of it.
     *
     * @param contact the column that names the contact at which the chain ends
     */
    private record Path(String contact, List<Sql> joins, List<Sql> conditions) {

        Sql select(String what) {
            return Sql.fill(
                    "select " + what + " from {} where {}", Sql.join(", ", joins), Sql.join(" and ", conditions));
        }

        Sql exists() {
            var all = new ArrayList<>(conditions);
            all.add(Sql.of(contact + " = " + CONTACT.alias() + ".id"));
            return Sql.fill("exists ({})", new Path(contact, joins, all).select("1"));
        }
    }

    private Path path(Chain chain) {
        var joins = new ArrayList<Sql>();
        var conditions = new ArrayList<Sql>();
        @Nullable String contact = null;
        var near = "";
        for (var place : chain.related()) {
            var hop = place.reached();
            var number = joins.size();
            var link = "l" + number;
            joins.add(Sql.of("link " + link));
            conditions.add(Sql.of(link + ".relationship_id = ?", context.relationship(hop.relationship())));
            var nearer = link + (hop.forward() ? ".from_id" : ".to_id");
            if (contact == null) {
                contact = nearer;
            } else {
                conditions.add(Sql.of(nearer + " = " + near));
            }
            near = link + (hop.forward() ? ".to_id" : ".from_id");
            var isContact = place.scope() == Scope.Kind.CONTACT;
            if (isContact || !place.filters().isEmpty()) {
                var alias = "r" + number;
                joins.add(Sql.of((isContact ? "contact " : "profile ") + alias));
                conditions.add(Sql.of(alias + ".id = " + near));
                if (isContact) {
                    conditions.add(Sql.of(alias + ".state <> 'erased'"));
                }
                conditions.add(filters(place, new Columns(place.scope(), alias)));
            }
        }
        return new Path(String.valueOf(contact), joins, conditions);
    }

    private Sql interactions(Query.Interactions block, boolean wanted) {
        if (block.havings().isEmpty()) {
            return exists(wanted, anyOf(block, null));
        }
        return joined(block.havings().stream().map(having -> having(block, having, wanted)), wanted);
    }

    /**
     * A grouping never sees the contacts without any interaction. Where those are wanted too, what is looked for is the
     * opposite, and what is found is left out.
     */
    private Sql having(Query.Interactions block, Having having, boolean wanted) {
        var ofNone = fitsNone(having);
        var ofSome = CountThreshold.of(having);
        if (ofSome.isPresent()) {
            return ofSome.get() == ofNone
                    ? Sql.of(ofNone == wanted ? "true" : "false")
                    : exists(ofNone != wanted, anyOf(block, having.window()));
        }
        return exists(ofNone != wanted, grouped(block, having, !ofNone));
    }

    private boolean fitsNone(Having having) {
        return Evaluator.overInteractions(List.of(), context.now(), context.zone())
                .compare(having.left(), having.operator(), having.right());
    }

    private Sql anyOf(Query.Interactions block, @Nullable Window window) {
        var columns = INTERACTION.following(block.filters().stream());
        return Sql.fill(
                "exists (select 1 from interaction i{} where i.contact_id = c.id and {})",
                columns.joins(context),
                rows(block, window, columns));
    }

    private Sql selectAny(Query.Interactions block, @Nullable Window window) {
        var columns = INTERACTION.following(block.filters().stream());
        return Sql.fill(
                "select i.contact_id from interaction i{} where {}",
                columns.joins(context),
                rows(block, window, columns));
    }

    private Sql grouped(Query.Interactions block, Having having, boolean wanted) {
        return few
                ? Sql.fill("exists ({})", selectGroups(block, having, wanted))
                : Sql.fill(
                        "exists (select 1 from ({}) b where b.contact_id = c.id)", selectGroups(block, having, wanted));
    }

    private Sql selectGroups(Query.Interactions block, Having having, boolean wanted) {
        var columns = INTERACTION.following(Stream.concat(block.filters().stream(), Stream.of(having)));
        var comparison = new ConditionToSql(columns, context).compare(having.left(), having.operator(), having.right());
        return Sql.fill(
                "select i.contact_id from interaction i{} where " + (few ? "i.contact_id = c.id and " : "")
                        + "{} group by i.contact_id having {}",
                columns.joins(context),
                rows(block, having.window(), columns),
                wanted ? comparison : comparison.not());
    }

    /** The interactions of a block, within its window. */
    private Sql rows(Query.Interactions block, @Nullable Window window, Columns columns) {
        var range = Window.range(window, context.now(), context.zone());
        var conditions = new ConditionToSql(columns, context);
        var after = Optional.ofNullable(range.after())
                .map(instant -> Sql.fill("i.occurred_at > {}", ValueToSql.instant(instant)));
        var until = Sql.fill("i.occurred_at <= {}", ValueToSql.instant(range.until()));
        var filters = block.filters().stream().map(conditions::compile);
        return Sql.join(
                " and ",
                Stream.of(types(block.types()).stream(), after.stream(), Stream.of(until), filters)
                        .flatMap(pieces -> pieces)
                        .toList());
    }

    private Optional<Sql> types(List<String> types) {
        var ids = types.stream()
                .map(type -> Sql.of("?", context.interactionType(type)))
                .toList();
        return switch (ids.size()) {
            case 0 -> Optional.empty();
            case 1 -> Optional.of(Sql.fill("i.type_id = {}", ids.getFirst()));
            default -> Optional.of(Sql.fill("i.type_id in ({})", Sql.join(", ", ids)));
        };
    }
}
