package sojourn.app.journeys;

import com.fasterxml.jackson.core.type.TypeReference;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Columns;
import sojourn.app.platform.Transactions;

/**
 * Takes the runs of older versions to the new one, in batches: each stays at the tile where it is, with its wait counted
 * from its arrival there; where the tile is gone or is of another type it goes to the one that was named, or begins anew.
 * A run whose message is being handed over is taken when that is done.
 */
final class VersionMove {

    private static final int BATCH = 100;
    private static final TypeReference<Map<String, String>> MAPPING = new TypeReference<>() {};

    private final Jdbi jdbi;
    private final LiveVersions versions;
    private final RunSteps steps;

    VersionMove(Jdbi jdbi, LiveVersions versions, RunSteps steps) {
        this.jdbi = jdbi;
        this.versions = versions;
        this.steps = steps;
    }

    private record Move(int id, int moveTo, @Nullable Map<String, String> moveMapping) {

        private String target(String tile) {
            return moveMapping == null ? tile : moveMapping.getOrDefault(tile, tile);
        }
    }

    /** Moves some runs of some journey; says whether there may be more to move at once. */
    boolean moveSomeOfAny() {
        return Transactions.in(jdbi, handle -> {
            var move = handle.createQuery("""
                            select id, move_to, move_mapping from journey where move_to is not null
                            order by updated_at limit 1 for no key update skip locked
                            """)
                    .map((row, _) -> new Move(
                            row.getInt("id"), row.getInt("move_to"), Columns.jsonOrNull(row, "move_mapping", MAPPING)))
                    .findOne();
            return move.isPresent() && moveSome(handle, move.get());
        });
    }

    private boolean moveSome(Handle handle, Move move) {
        var some = handle.createQuery("""
                        select r.id from run r
                        where r.journey_id = :journey and r.status in ('pending', 'active') and r.version < :version
                          and not exists (select from delivery d
                                          where d.run_id = r.id and d.visit = r.visit and d.state = 'handing-over')
                        order by r.id limit :limit for update of r skip locked
                        """)
                .bind("journey", move.id())
                .bind("version", move.moveTo())
                .bind("limit", BATCH)
                .mapTo(UUID.class)
                .list();
        some.forEach(run -> move(handle, run, move));
        if (!some.isEmpty()) {
            handle.execute("update journey set move_done = move_done + ? where id = ?", some.size(), move.id());
        } else {
            handle.execute("""
                    update journey set move_to = null, move_mapping = null
                    where id = ? and not exists (select from run r
                                                 where r.journey_id = journey.id and r.version < journey.move_to
                                                   and r.status in ('pending', 'active'))
                    """, move.id());
        }
        return !some.isEmpty();
    }

    private void move(Handle handle, UUID id, Move move) {
        var runs = new RunRows(handle);
        runs.toVersion(id, move.moveTo());
        var run = runs.lock(id).orElseThrow();
        var tile = run.tile();
        if (run.visit() == 0 || tile == null) {
            return;
        }
        var next = versions.get(handle, move.id(), move.moveTo()).document();
        var type = runs.visit(id, run.visit()).orElseThrow().type();
        if (Impact.move(tile, type, next).equals("stays")) {
            steps.look(handle, run, null);
        } else {
            steps.move(handle, run, move.target(tile), "the journey was changed to version " + move.moveTo());
        }
        handle.attach(RunDao.class).signal(id, "journey-changed");
    }
}
