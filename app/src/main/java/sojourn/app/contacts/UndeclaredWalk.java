package sojourn.app.contacts;

import com.fasterxml.jackson.core.type.TypeReference;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jdbi.v3.core.Handle;
import sojourn.app.platform.Columns;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemError;

/** One walk through all records that have values of attributes which are about to be declared. */
final class UndeclaredWalk {

    private static final TypeReference<Map<String, Object>> OBJECT = new TypeReference<>() {};
    private static final int PAGE = 1000;
    private static final int MOST_NAMED = 10;

    private record Row(long id, UUID uuid, Map<String, Object> attributes, Map<String, Object> folded) {}

    /** Of one attribute: how many values there are, how many do not fit, and the records of some of those. */
    private static final class Tally {
        private long all;
        private long unfit;
        private final List<String> named = new ArrayList<>();
    }

    private final String type;
    private final Map<String, Declaration> declared;
    private final Map<String, Tally> tallies = new LinkedHashMap<>();
    private long differing;

    UndeclaredWalk(String type, Map<String, Declaration> declared) {
        this.type = type;
        this.declared = declared;
    }

    /** @param work gets, of each page, the records whose values are to be stored in another form */
    UndeclaredWalk through(Handle handle, Consumer<List<Long>> work) {
        var rows = page(handle, 0);
        while (!rows.isEmpty()) {
            var fitting = FittingValues.of(
                    handle, declared, rows.stream().map(Row::attributes).toList());
            var ids = new ArrayList<Long>();
            for (var row : rows) {
                if (differs(row, fitting)) {
                    ids.add(row.id());
                }
            }
            differing += ids.size();
            if (!ids.isEmpty()) {
                work.accept(ids);
            }
            rows = rows.size() < PAGE ? List.of() : page(handle, rows.getLast().id());
        }
        return this;
    }

    /** How many records have values to be stored in another form. */
    long differing() {
        return differing;
    }

    void refuseUnfit() {
        var errors = new ArrayList<ProblemError>();
        tallies.forEach((attribute, tally) -> {
            if (tally.unfit > 0) {
                errors.add(ProblemError.at(
                        "/attributes/" + attribute,
                        "values-do-not-fit",
                        tally.unfit + " of the " + tally.all + " values that records have already do not fit: those of "
                                + String.join(", ", tally.named)
                                + (tally.unfit > tally.named.size() ? " and others" : "")));
            }
        });
        if (!errors.isEmpty()) {
            throw Problem.invalid(errors);
        }
    }

    private List<Row> page(Handle handle, long after) {
        return handle.createQuery("""
                        select id, uuid, attributes, folded from %s
                          and attributes ??| :attributes and id > :after
                        order by id
                        limit :limit
                        """.formatted(Records.in(type)))
                .bind("type", type)
                .bind("attributes", declared.keySet().toArray(String[]::new))
                .bind("after", after)
                .bind("limit", PAGE)
                .map((row, _) -> new Row(
                        row.getLong("id"),
                        Columns.uuid(row, "uuid"),
                        Columns.json(row, "attributes", OBJECT),
                        Columns.json(row, "folded", OBJECT)))
                .list();
    }

    private boolean differs(Row row, FittingValues fitting) {
        var differs = false;
        for (var attribute : declared.entrySet()) {
            var name = attribute.getKey();
            var stored = row.attributes().get(name);
            if (stored != null) {
                var tally = tallies.computeIfAbsent(name, _ -> new Tally());
                tally.all++;
                try {
                    differs |= !stored.equals(fitting.of(name, stored))
                            || (attribute.getValue().type().isFolded()
                                    && !Fold.value(stored).equals(row.folded().get(name)));
                } catch (Unfit unfit) {
                    tally.unfit++;
                    if (tally.named.size() < MOST_NAMED) {
                        tally.named.add(row.uuid() + " (" + unfit.detail() + ")");
                    }
                }
            }
        }
        return differs;
    }
}
