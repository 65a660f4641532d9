package sojourn.app.journeys;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Nearest;
import sojourn.app.platform.ProblemError;
import sojourn.workflows.journeys.JourneyDocument;

/** Where the contacts of a journey stand, and what a new version does to them. */
final class Impact {

    private Impact() {}

    /**
     * Runs at a tile, on one version.
     *
     * @param tile null for those that have not come to the first one yet
     * @param keep what becomes of them when they are kept: {@code finishes}
     * @param move what becomes of them when they are moved: {@code stays}, {@code begins-anew} (the tile is of another type) or
     *     {@code needs-mapping} (there is no such tile any more)
     */
    record Standing(int version, @Nullable String tile, long runs, String keep, String move) {}

    /** Public for the row mapper. */
    public record Row(
            int version, @Nullable String tile, @Nullable String type, long runs) {}

    /** The open runs of a journey by version and tile, before {@code next} goes live. */
    static List<Standing> of(Handle handle, int journey, JourneyDocument next) {
        return rows(handle, journey).stream()
                .map(row -> new Standing(
                        row.version(), row.tile(), row.runs(), "finishes", move(row.tile(), row.type(), next)))
                .toList();
    }

    private static List<Row> rows(Handle handle, int journey) {
        return handle.select("""
                        select r.version, r.tile, v.type, count(*) as runs
                        from run r left join tile_visit v on v.run_id = r.id and v.no = r.visit
                        where r.journey_id = ? and r.status in ('pending', 'active')
                        group by r.version, r.tile, v.type order by r.version, r.tile
                        """, journey).map(ConstructorMapper.of(Row.class)).list();
    }

    /** What becomes of a run at a tile of a type, when it is moved. */
    static String move(@Nullable String tile, @Nullable String type, JourneyDocument next) {
        if (tile == null) {
            return "stays";
        }
        var there = next.allTiles().get(tile);
        if (there == null) {
            return "needs-mapping";
        }
        return there.type().equals(type) ? "stays" : "begins-anew";
    }

    /** What keeps contacts from being moved: tiles that are gone and lead nowhere, and ways to tiles that are not there. */
    static List<ProblemError> problems(Handle handle, int journey, JourneyDocument next, Map<String, String> mapping) {
        var problems = new ArrayList<ProblemError>();
        of(handle, journey, next).stream()
                .filter(standing -> standing.move().equals("needs-mapping"))
                .map(Standing::tile)
                .distinct()
                .filter(tile -> !mapping.containsKey(String.valueOf(tile)))
                .forEach(tile -> problems.add(ProblemError.at(
                        "/mapping/" + tile,
                        "missing-mapping",
                        "Contacts stand at '" + tile
                                + "', which the new version does not have; say at which tile they go on")));
        mapping.forEach((from, to) -> {
            if (!next.allTiles().containsKey(to)) {
                problems.add(ProblemError.at(
                        "/mapping/" + from,
                        "unknown-tile",
                        "The new version has no tile '" + to + "'"
                                + Nearest.advice(to, next.allTiles().keySet())));
            }
        });
        return problems;
    }
}
