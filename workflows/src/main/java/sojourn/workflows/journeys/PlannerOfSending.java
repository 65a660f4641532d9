package sojourn.workflows.journeys;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import sojourn.workflows.journeys.Planner.Decision;
import sojourn.workflows.journeys.Planner.Visit;
import sojourn.workflows.journeys.Planner.World;

/** What a visit of a sending tile does: have its message delivered, or wait for its send window. */
final class PlannerOfSending {

    private static final int FIRST = 1;
    private static final int LAST = 5;

    private PlannerOfSending() {}

    static Decision decide(SendingTile tile, Visit visit, World world) {
        var opens = opens(tile, visit, world);
        return opens.isAfter(world.now())
                ? new Decision.Stay(
                        new Instruction.Hold(visit.no(), visit.tile(), opens, "for the send window"), opens, List.of())
                : new Decision.Stay(deliver(tile, visit), null, List.of());
    }

    /**
     * When the message is to be dealt with, now or later. When it expires before the window opens that is then: the
     * delivery finds it expired.
     */
    static Instant opens(SendingTile tile, Visit visit, World world) {
        var window = tile.sendWindow();
        if (window == null) {
            return world.now();
        }
        var opens = window.opens(world.now(), world.contactZone());
        var expires = expiry(tile, visit, world);
        return expires != null && expires.isBefore(opens) ? expires : opens;
    }

    static @Nullable Instant expiry(SendingTile tile, Visit visit, World world) {
        var expiry = tile.expiry();
        return expiry == null ? null : expiry.after(visit.enteredAt(), world.contactZone());
    }

    private static Instruction deliver(SendingTile tile, Visit visit) {
        var channel = tile.channelOrDefault();
        var what = tile instanceof SendingTile.Webhook webhook
                ? webhook.methodOrDefault().name()
                : tile.message();
        return new Instruction.Deliver(
                visit.no(),
                visit.tile(),
                channel,
                visit.tile() + ": " + tile.type() + " " + what,
                channel.equals(tile.type()) ? null : tile.type(),
                priority(tile));
    }

    private static @Nullable Integer priority(SendingTile tile) {
        return switch (tile.priority()) {
            case high -> FIRST;
            case low -> LAST;
            case normal -> null;
            case null -> null;
        };
    }
}
