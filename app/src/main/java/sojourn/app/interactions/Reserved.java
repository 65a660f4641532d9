package sojourn.app.interactions;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import sojourn.app.platform.ProblemError;

/**
 * What only the product itself records. Whoever could send it would change the figures of journeys, and which way runs go, so
 * it is refused from outside.
 */
final class Reserved {

    private static final Set<String> TYPES = Set.of(
            "JourneyEntered",
            "TileEntered",
            "TileProcessed",
            "TileStopped",
            "TileExpired",
            "TileFailed",
            "JourneyCompleted",
            "JourneyStopped",
            "JourneyFailed",
            "GoalReached",
            RecordInteractions.CREATED,
            RecordInteractions.UPDATED);

    /** Of what becomes of messages there are facts from outside too, but those of runs are the product's own. */
    private static final Pattern MESSAGES = Pattern.compile("(Email|Text|Push|Webhook).*");

    /** They say in which run something happened, and where in it. */
    static final List<String> OF_RUNS = List.of(
            "journey", "version", "tile", "pass", "branch", "variant", "run", "runEnteredAt", "tileEnteredAt", "delta");

    /** As facts of runs, deliveries and records are called; a sender who were faster would keep one from being recorded. */
    private static final Pattern IDS = Pattern.compile(
            OwnInteractions.ID + "|^(" + EmittedInteractions.ID + "|" + RecordInteractions.ID + ")",
            Pattern.CASE_INSENSITIVE);

    private Reserved() {}

    static void check(Sent sent, InteractionType type, List<ProblemError> errors) {
        if (sent.id() != null && IDS.matcher(sent.id()).find()) {
            errors.add(
                    ProblemError.at("/id", "reserved-id", "such an id is of a run's own facts; any other would fit"));
        }
        if (!type.builtIn()) {
            return;
        }
        if (TYPES.contains(type.key())) {
            errors.add(ProblemError.at(
                    "/type", "reserved-type", "this is recorded by Sojourn alone; a type of your own would fit"));
        } else if (MESSAGES.matcher(type.key()).matches() && sent.properties() != null) {
            for (var name : OF_RUNS) {
                if (sent.properties().get(name) != null) {
                    errors.add(ProblemError.at(
                            "/properties/" + name,
                            "reserved-property",
                            "what becomes of a journey's messages is recorded by Sojourn alone; without " + name
                                    + " it is a fact from outside"));
                }
            }
        }
    }
}
