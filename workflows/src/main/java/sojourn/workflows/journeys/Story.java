package sojourn.workflows.journeys;

import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the Temporal UI shows of a run as its current details, in Markdown: what it does now and until when, where it may go
 * from there, and the path by which it came. None of this is part of the history's events.
 */
final class Story {

    private static final int LINES = 30;

    /** A wait that may take longer has no end that anybody is interested in. */
    private static final Duration FOR_EVER = Duration.ofDays(50 * 365);

    private final Deque<String> path = new ArrayDeque<>();
    private List<String> ahead = List.of();

    /** Takes in what came with an instruction; answers the instruction alone. */
    Instruction hear(Next next) {
        return switch (next) {
            case Instruction instruction -> instruction;
            case Next.Explained explained -> hear(explained);
        };
    }

    private Instruction hear(Next.Explained explained) {
        explained.path().forEach(path::add);
        while (path.size() > LINES) {
            path.remove();
        }
        ahead = explained.ahead();
        return explained.instruction();
    }

    /**
     * Shows it.
     *
     * @param until the latest that the run goes on, null when that is not known
     */
    void tell(String now, @Nullable Instant until) {
        var lines = new StringBuilder("**" + now + "**");
        if (until != null && Duration.between(now(), until).compareTo(FOR_EVER) < 0) {
            lines.append(", until ").append(until).append(" at the latest");
        }
        if (!ahead.isEmpty()) {
            lines.append("\n\nThen: ").append(String.join(" or ", ahead));
        }
        if (!path.isEmpty()) {
            lines.append("\n\nSo far:\n");
            path.forEach(line -> lines.append("\n- ").append(line));
        }
        Workflow.setCurrentDetails(lines.toString());
    }

    private static Instant now() {
        return Instant.ofEpochMilli(Workflow.currentTimeMillis());
    }
}
