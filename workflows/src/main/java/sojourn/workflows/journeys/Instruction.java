package sojourn.workflows.journeys;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a run is to do now. Carries ids and keys only, never personal data: it is stored in workflow histories.
 *
 * <p>{@code visit} numbers the tile visits of a run from 1; {@code summary} and {@code waitingFor} are
 * what an operator reads.
 */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "do")
@JsonSubTypes({
    @JsonSubTypes.Type(value = Instruction.Deliver.class, name = "deliver"),
    @JsonSubTypes.Type(value = Instruction.Hold.class, name = "hold"),
    @JsonSubTypes.Type(value = Instruction.Await.class, name = "await"),
    @JsonSubTypes.Type(value = Instruction.Call.class, name = "call"),
    @JsonSubTypes.Type(value = Instruction.Finish.class, name = "finish")
})
public sealed interface Instruction extends Next {

    /**
     * Send the tile's message on the task queue of its channel; the sending activity advances by itself.
     *
     * @param channel {@code email}, {@code text}, {@code push}, {@code webhook}, or the name of a custom one
     * @param type of the tile, where the channel is a custom one; else the channel is called as the tile's type
     * @param priority Temporal's, from 1 (first) to 5; the usual when null
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Deliver(
            int visit,
            String tile,
            String channel,
            String summary,
            @Nullable String type,
            @Nullable Integer priority) implements Instruction {

        /** Over the channel of the tile's type, as soon as the others. */
        public Deliver(int visit, String tile, String channel, String summary) {
            this(visit, tile, channel, summary, null, null);
        }

        /** The type of the tile that sends: what kind of message it is. */
        public String kind() {
            return type == null ? channel : type;
        }
    }

    /** Let time pass until an instant. */
    record Hold(int visit, String tile, Instant until, String waitingFor) implements Instruction {

        public String summary() {
            return tile + ": wait " + waitingFor;
        }
    }

    /** Wait for interactions or memberships that end the visit, until an instant at most. */
    record Await(int visit, String tile, Instant until, String waitingFor) implements Instruction {

        public String summary() {
            return tile + ": await " + waitingFor;
        }
    }

    /**
     * Start a workflow of somebody else, and wait for its end where {@code waits} says so, until an instant at most.
     *
     * @param caller whom it is for
     */
    record Call(
            int visit,
            String tile,
            String workflow,
            String taskQueue,
            boolean waits,
            Instant until,
            CallWorkflow.Caller caller)
            implements Instruction {

        /** Of the visit, so that it is started once. */
        String workflowId() {
            return "call/" + caller.run() + "/" + visit;
        }

        String summary() {
            return tile + (waits ? ": call " + workflow + " and await its end" : ": call " + workflow);
        }

        /** What the workflow is given. */
        Map<String, Object> input() {
            return Map.of(
                    "run", caller.run().toString(),
                    "journey", caller.journey(),
                    "version", caller.version(),
                    "contact", caller.contact().toString(),
                    "tile", tile,
                    "visit", visit);
        }
    }

    /**
     * The run is over.
     *
     * @param status {@code completed}, {@code stopped} or {@code failed}
     * @param why the outcome of a completed run, the reason of any other
     */
    record Finish(String status, @Nullable String why) implements Instruction {

        String summary() {
            return why == null ? status : status + ": " + why;
        }
    }
}
