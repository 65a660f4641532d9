package sojourn.app.journeys;

import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import sojourn.app.journeys.MessageVerdict.WentInstead;
import sojourn.workflows.journeys.JourneyDocument;
import sojourn.workflows.journeys.SendingTile;

/** Says of each sending tile of a journey what became of its message, from a contact's runs. */
final class MessageVerdicts {

    private final LiveVersion version;
    private final IntFunction<JourneyDocument> documents;
    private final List<Run> runs;

    /**
     * @param documents of the journey, by version
     * @param runs of one contact, the newest first
     */
    MessageVerdicts(LiveVersion version, IntFunction<JourneyDocument> documents, List<Run> runs) {
        this.version = version;
        this.documents = documents;
        this.runs = runs;
    }

    List<MessageVerdict> all() {
        return version.document().allTiles().entrySet().stream()
                .flatMap(each ->
                        Stream.ofNullable(each.getValue().sending()).map(sending -> verdict(each.getKey(), sending)))
                .toList();
    }

    private MessageVerdict verdict(String tile, SendingTile sending) {
        return runs.stream()
                .filter(run -> run.path().stream().anyMatch(step -> step.tile().equals(tile)))
                .findFirst()
                .map(run -> reached(tile, sending, run))
                .orElseGet(() -> new MessageVerdict(
                        tile,
                        sending.message(),
                        sending.channelOrDefault(),
                        MessageVerdict.NOT_REACHED,
                        null,
                        null,
                        runs.stream().map(run -> elsewhere(tile, run)).toList()));
    }

    private static MessageVerdict reached(String tile, SendingTile sending, Run run) {
        var sent = run.deliveries().reversed().stream()
                .filter(each -> each.tile().equals(tile))
                .findFirst()
                .orElse(null);
        var outcome = run.path().reversed().stream()
                .filter(step -> step.tile().equals(tile))
                .findFirst()
                .map(Run.Step::outcome)
                .orElse(MessageVerdict.WAITING);
        return new MessageVerdict(
                tile,
                sending.message(),
                sending.channelOrDefault(),
                sent == null ? outcome : sent.state(),
                sent == null ? (tile.equals(run.tile()) ? run.reason() : null) : sent.reason(),
                run.id(),
                List.of());
    }

    private WentInstead elsewhere(String tile, Run run) {
        var document = documents.apply(run.version());
        if (!document.allTiles().containsKey(tile)) {
            var detail = "Version " + run.version() + ", which the run is of, has no such tile";
            return new WentInstead(run.id(), null, null, null, detail);
        }
        var leading = leadingTo(document, tile);
        var last = -1;
        for (var index = 0; index < run.path().size(); index++) {
            last = leading.contains(run.path().get(index).tile()) ? index : last;
        }
        if (last < 0) {
            return new WentInstead(run.id(), null, null, null, "The run " + state(run) + " before its first tile");
        }
        var step = run.path().get(last);
        var next = last + 1 < run.path().size() ? run.path().get(last + 1).tile() : null;
        return new WentInstead(run.id(), step.tile(), step.branch(), step.why(), detail(run, step, next));
    }

    private static String detail(Run run, Run.Step step, @Nullable String next) {
        var by = step.branch() == null ? "" : " by '" + step.branch() + "'";
        if (next != null) {
            return "The run left '" + step.tile() + "'" + by + " for '" + next + "'";
        }
        return run.status() == RunStatus.completed
                ? "The run left '" + step.tile() + "'" + by + " and " + state(run)
                : "The run " + state(run) + " at '" + step.tile() + "'";
    }

    private static String state(Run run) {
        return switch (run.status()) {
            case pending, active -> run.waitingFor() == null ? "still is" : "waits for " + run.waitingFor();
            case completed -> "was completed";
            case stopped -> "was stopped (" + run.reason() + ")";
            case failed -> "failed (" + run.reason() + ")";
        };
    }

    /** The tiles from which there is a way to one, which is not among them. */
    private static Set<String> leadingTo(JourneyDocument document, String tile) {
        var leading = new HashSet<String>();
        var waiting = new ArrayDeque<>(List.of(tile));
        while (!waiting.isEmpty()) {
            var to = waiting.pop();
            document.allTiles().forEach((id, from) -> {
                if (from.exits().values().stream().filter(Objects::nonNull).anyMatch(to::equals) && leading.add(id)) {
                    waiting.add(id);
                }
            });
        }
        return leading;
    }
}
