package sojourn.workflows.journeys;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Builds {@link Tile#exits}: maps that keep their order and may hold null. */
final class Exits {

    private Exits() {}

    static Map<String, @Nullable String> none() {
        return new LinkedHashMap<>();
    }

    static Map<String, @Nullable String> of(String pointer, @Nullable String next) {
        var exits = none();
        exits.put(pointer, next);
        return exits;
    }

    /** Of a wait. */
    static Map<String, @Nullable String> of(@Nullable String next, @Nullable Passes passes) {
        var exits = of("/next", next);
        if (passes != null) {
            exits.put("/passes/then", passes.then());
        }
        return exits;
    }
}
