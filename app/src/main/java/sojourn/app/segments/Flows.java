package sojourn.app.segments;

import static java.util.stream.Collectors.joining;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemType;
import sojourn.app.segments.language.Operands;
import sojourn.app.segments.language.Operands.Operand;
import sojourn.app.segments.language.Operands.Operator;
import sojourn.app.segments.language.Query;
import sojourn.app.segments.language.SegmentLanguage;

/**
 * How many contacts of the scope each block of a query adds and removes, from left to right, and then each kind of
 * override. One statement looks at each contact once:
 * it asks every block, and counts how the answers come together.
 */
final class Flows {

    /** The database puts no more than 1,664 columns into a row; this also keeps the statement's text short. */
    private static final int MOST_BLOCKS = 200;

    /** Repeated blocks and parentheses included: each is counted in up to two columns. */
    private static final int MOST_STEPS = 500;

    private final Questions questions;

    Flows(Questions questions) {
        this.questions = questions;
    }

    /**
     * The whole query.
     *
     * @param count whom the query has: what comes out of the last block
     * @param edit true when it is of the edit beside a segment; null when it is not
     */
    record Flow(
            long count,
            List<Step> blocks,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Boolean edit) {

        Flow ofEdit() {
            return new Flow(count, blocks, true);
        }
    }

    /**
     * One block, or one parenthesis, and what it does to those who came through the blocks before it.
     *
     * @param block its text; {@code include} or {@code exclude} for the contacts that people have decided about, behind
     *     the query's blocks
     * @param operator how it is joined to what stands before it; null for the first
     * @param path JSON pointer to it in the query's tree; null for what is not in the query
     * @param contacts how many it has by itself
     * @param out {@code in + added - removed}
     * @param blocks of the parenthesis, from an {@code in} of 0 on; empty for a block
     */
    record Step(
            String block,
            @Nullable Operator operator,
            @Nullable String path,
            long contacts,
            long in,
            long added,
            long removed,
            long out,
            @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Step> blocks) {}

    Flow of(Asked asked) {
        return questions.ask(asked, question -> {
            var columns = columns(question.query());
            var overrides = question.overrides();
            var wanted = new LinkedHashSet<String>();
            steps(question.query(), columns, overrides.keySet(), condition -> {
                wanted.add(condition);
                return 0;
            });
            var counts = count(question, columns, overrides, wanted);
            var steps = steps(
                    question.query(), columns, overrides.keySet(), condition -> counts.getOrDefault(condition, 0L));
            return new Flow(steps.getLast().out(), steps, null);
        });
    }

    /** The blocks of the query, and behind them what people have decided. */
    private static List<Step> steps(
            Query query, Map<Query, String> columns, Set<OverrideKind> overrides, ToLongFunction<String> count) {
        var steps = new ArrayList<>(steps(query, "", columns, count));
        var before = condition(query, columns);
        for (var kind : overrides) {
            var operator = switch (kind) {
                case INCLUDE -> Operator.UNION;
                case EXCLUDE -> Operator.EXCEPT;
            };
            steps.add(step(
                    kind.word(),
                    operator,
                    null,
                    before,
                    kind.word(),
                    steps.getLast().out(),
                    count,
                    List.of()));
            before = joined(before, operator, kind.word());
        }
        return steps;
    }

    /** The blocks of a query, each with the name of the column that answers it; a block that is repeated is asked once. */
    private static Map<Query, String> columns(Query query) {
        var columns = new LinkedHashMap<Query, String>();
        addColumns(query, columns);
        if (size(query) > MOST_STEPS) {
            throw new Problem(
                    ProblemType.INVALID,
                    "The query has " + size(query) + " blocks and parentheses; a flow of at most " + MOST_STEPS
                            + " would fit");
        }
        if (columns.size() > MOST_BLOCKS) {
            throw new Problem(
                    ProblemType.INVALID,
                    "The query has " + columns.size() + " blocks; a flow of at most " + MOST_BLOCKS + " would fit");
        }
        return columns;
    }

    private static int size(Query query) {
        return Operands.of(query, "").stream()
                .mapToInt(operand -> 1 + (Operands.isBlock(operand.query()) ? 0 : size(operand.query())))
                .sum();
    }

    private static void addColumns(Query query, Map<Query, String> columns) {
        if (Operands.isBlock(query)) {
            columns.putIfAbsent(query, "b" + columns.size());
        } else {
            Operands.of(query, "").forEach(operand -> addColumns(operand.query(), columns));
        }
    }

    /** {@code count} says of how many contacts a condition over the columns is true. */
    private static List<Step> steps(
            Query query, String path, Map<Query, String> columns, ToLongFunction<String> count) {
        var steps = new ArrayList<Step>();
        var before = "false";
        var in = 0L;
        for (var operand : Operands.of(query, path)) {
            var here = condition(operand.query(), columns);
            var step = step(
                    SegmentLanguage.print(operand.query()),
                    operand.operator(),
                    operand.path(),
                    before,
                    here,
                    in,
                    count,
                    Operands.isBlock(operand.query())
                            ? List.of()
                            : steps(operand.query(), operand.path(), columns, count));
            steps.add(step);
            before = joined(before, operand.operator(), here);
            in = step.out();
        }
        return steps;
    }

    private static Step step(
            String block,
            @Nullable Operator operator,
            @Nullable String path,
            String before,
            String here,
            long in,
            ToLongFunction<String> count,
            List<Step> blocks) {
        var added = 0L;
        var removed = 0L;
        switch (operator) {
            case null -> added = count.applyAsLong(here);
            case UNION -> added = count.applyAsLong(here + " and not " + before);
            case INTERSECT -> removed = count.applyAsLong(before + " and not " + here);
            case EXCEPT -> removed = count.applyAsLong(before + " and " + here);
        }
        var out = in + added - removed;
        return new Step(block, operator, path, count.applyAsLong(here), in, added, removed, out, blocks);
    }

    private static String condition(Query query, Map<Query, String> columns) {
        var column = columns.get(query);
        if (column != null) {
            return column;
        }
        var joined = "false";
        for (Operand operand : Operands.of(query, "")) {
            joined = joined(joined, operand.operator(), condition(operand.query(), columns));
        }
        return joined;
    }

    private static String joined(String before, @Nullable Operator operator, String here) {
        return switch (operator) {
            case null -> here;
            case UNION -> "(" + before + " or " + here + ")";
            case INTERSECT -> "(" + before + " and " + here + ")";
            case EXCEPT -> "(" + before + " and not " + here + ")";
        };
    }

    /** Without OFFSET the planner would write each block anew into each count that names it. */
    private static Map<String, Long> count(
            Question question,
            Map<Query, String> columns,
            Map<OverrideKind, Statement> overrides,
            Set<String> conditions) {
        question.handle()
                .execute("set local jit = off"); // hundreds of small expressions take longer to compile than to run
        var statement = Statement.of(counted(conditions)).add(Statement.of(" from (select true"));
        for (var column : columns.entrySet()) {
            statement = statement
                    .add(Statement.of(", "))
                    .add(question.condition(column.getKey()))
                    .add(Statement.of(" is true as " + column.getValue()));
        }
        for (var override : overrides.entrySet()) {
            statement = statement
                    .add(Statement.of(", "))
                    .add(override.getValue())
                    .add(Statement.of(" as " + override.getKey().word()));
        }
        return statement
                .add(Statement.of(" from contact c where c.state <> 'erased' and "))
                .add(question.inScope())
                .add(Statement.of(" offset 0) as answers"))
                .query(question.handle())
                .map((row, _) -> {
                    var counts = new HashMap<String, Long>();
                    for (var condition : conditions) {
                        counts.put(condition, row.getLong(counts.size() + 1));
                    }
                    return counts;
                })
                .one();
    }

    private static String counted(Set<String> conditions) {
        return conditions.stream()
                .map(condition -> "count(*) filter (where " + condition + ")")
                .collect(joining(", ", "select ", ""));
    }
}
