package sojourn.workflows.journeys;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import java.util.List;

/** What a workflow hears when it asks what its run is to do: an instruction, alone or explained. Stored in histories. */
@JsonTypeInfo(use = JsonTypeInfo.Id.NAME, property = "do")
@JsonSubTypes({
    @JsonSubTypes.Type(Instruction.class),
    @JsonSubTypes.Type(value = Next.Explained.class, name = "explained")
})
public sealed interface Next permits Instruction, Next.Explained {

    /**
     * An instruction, and what an operator wants to read beside it; nothing hangs on the words, and they name nobody.
     *
     * @param path a line for each tile that was left since the workflow last heard, the oldest first
     * @param ahead where the run may go from here
     */
    record Explained(List<String> path, List<String> ahead, Instruction instruction) implements Next {

        public Explained {
            path = List.copyOf(path);
            ahead = List.copyOf(ahead);
        }
    }
}
