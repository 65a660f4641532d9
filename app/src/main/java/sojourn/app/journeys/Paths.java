package sojourn.app.journeys;

import java.util.ArrayDeque;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import sojourn.workflows.journeys.JourneyDocument;

/** Which tiles of a document come after which. */
final class Paths {

    private final JourneyDocument journey;

    Paths(JourneyDocument journey) {
        this.journey = journey;
    }

    /** The tiles that a run may go to from one, each once; among them may be some that are not there. */
    List<String> after(String id) {
        var tile = journey.allTiles().get(id);
        return tile == null
                ? List.of()
                : tile.exits().values().stream()
                        .filter(Objects::nonNull)
                        .distinct()
                        .toList();
    }

    /** All that a run may come to from some tiles, those included. */
    Set<String> from(Collection<String> starts) {
        var reached = new HashSet<String>();
        var waiting = new ArrayDeque<>(starts);
        while (!waiting.isEmpty()) {
            var id = waiting.pop();
            if (reached.add(id)) {
                waiting.addAll(after(id));
            }
        }
        return reached;
    }

    /** Whether a run may come to a tile after it has been at another. */
    boolean lead(String earlier, String later) {
        return from(after(earlier)).contains(later);
    }
}
