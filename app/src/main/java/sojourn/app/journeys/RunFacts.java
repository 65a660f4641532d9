package sojourn.app.journeys;

import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import sojourn.app.interactions.OwnInteractions;
import sojourn.app.interactions.OwnInteractions.Own;
import sojourn.workflows.journeys.AbTest;
import sojourn.workflows.journeys.SendingTile;

/**
 * What a look at a run recorded as interactions; stored together at its end. Each beginning of a run or visit carries
 * {@code delta} +1 and each end -1, so that what is in progress has a positive sum.
 */
final class RunFacts {

    /** How messages end that figures count; a visit of a test may have sent none. */
    private static final Set<String> OF_MESSAGES = Set.of("sent", "bounced", "blocked", "unconfirmed");

    private final List<Own> facts = new ArrayList<>();
    private final RunRow run;
    private final LiveVersion version;

    RunFacts(RunRow run, LiveVersion version) {
        this.run = run;
        this.version = version;
    }

    /** Takes a fact of whoever carried the run on, to be stored with the run's own. */
    void add(Own fact) {
        facts.add(fact);
    }

    void entered(int visit, String tile, int pass, Instant at) {
        var properties = visit(tile, pass, at);
        properties.put("delta", 1);
        facts.add(own(visit + "/entered", "TileEntered", at, properties));
    }

    /** {@code type} is TileProcessed, TileStopped, TileExpired or TileFailed. */
    void left(
            String type,
            VisitRow visit,
            @Nullable String outcome,
            @Nullable String branch,
            @Nullable String reason,
            Instant at) {
        var properties = visit(visit.tile(), visit.pass(), visit.enteredAt());
        if (branch != null) {
            AbTest.of(version.document().allTiles().get(visit.tile())).ifPresent(test -> {
                properties.put("variant", branch);
                if (outcome != null && OF_MESSAGES.contains(outcome)) {
                    test.named(branch).flatMap(test::sending).ifPresent(sending -> putSending(properties, sending));
                }
            });
        }
        properties.put("delta", -1);
        putIfThere(properties, "outcome", outcome);
        putIfThere(properties, "branch", branch);
        putIfThere(properties, "reason", reason);
        facts.add(own(visit.no() + "/left", type, at, properties));
    }

    /** {@code type} is JourneyCompleted, JourneyStopped or JourneyFailed. */
    void ended(String type, @Nullable String tile, @Nullable String outcome, @Nullable String reason, Instant at) {
        var properties = properties();
        properties.put("delta", -1);
        putIfThere(properties, "tile", tile);
        putIfThere(properties, "outcome", outcome);
        putIfThere(properties, "reason", reason);
        facts.add(own(run.reopened() == 0 ? "ended" : "ended/" + run.reopened(), type, at, properties));
    }

    /** Takes back that the run failed. */
    void reopened(String tile, @Nullable String reason, Instant at) {
        var properties = properties();
        properties.put("delta", 1);
        properties.put("tile", tile);
        putIfThere(properties, "reason", reason);
        facts.add(own("reopened/" + run.reopened(), "JourneyFailed", at, properties));
    }

    void goal(Instant at) {
        facts.add(own("goal", "GoalReached", at, properties()));
    }

    void store(Handle handle, OwnInteractions interactions) {
        if (!facts.isEmpty()) {
            interactions.record(handle, facts);
        }
    }

    private Own own(String what, String type, Instant at, Map<String, Object> properties) {
        return new Own("run/" + run.id() + "/" + what, run.contactId(), type, at, properties);
    }

    /** What the facts of one visit have in common; that it sends a message, and which. */
    private Map<String, Object> visit(String tile, int pass, Instant enteredAt) {
        var properties = properties();
        properties.put("tile", tile);
        properties.put("pass", pass);
        properties.put("tileEnteredAt", enteredAt.toString());
        if (version.document().allTiles().get(tile) instanceof SendingTile sending) {
            putSending(properties, sending);
        }
        return properties;
    }

    private static void putSending(Map<String, Object> properties, SendingTile sending) {
        properties.put("channel", sending.type());
        putIfThere(properties, "message", sending.message());
    }

    private Map<String, Object> properties() {
        var properties = new HashMap<String, Object>();
        properties.put("journey", version.key());
        properties.put("version", version.version());
        properties.put("run", run.id().toString());
        properties.put("runEnteredAt", run.enteredAt().toString());
        return properties;
    }

    private static void putIfThere(Map<String, Object> properties, String name, @Nullable String value) {
        if (value != null) {
            properties.put(name, value);
        }
    }
}
