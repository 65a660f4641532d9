package sojourn.app.journeys;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What becomes of runs on older versions when a new one goes live.
 *
 * @param inFlight {@code keep} when null
 * @param mapping for {@code move}: where runs go that stand at a tile which the new version does not have
 */
record InFlight(@Nullable Choice inFlight, @Nullable Map<String, String> mapping) {

    static final InFlight KEPT = new InFlight(Choice.keep, null);

    /** Names as in the API. */
    enum Choice {
        /** They finish on the version that they entered. */
        keep,
        /** They go on on the new version, at the tile where they are. */
        move
    }

    boolean moves() {
        return inFlight == Choice.move;
    }

    Map<String, String> tiles() {
        return mapping == null ? Map.of() : mapping;
    }
}
