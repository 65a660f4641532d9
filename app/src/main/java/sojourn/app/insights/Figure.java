package sojourn.app.insights;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * The figures. Each says what it counts, the condition that picks it among the rows, and the interactions and condition
 * of the segment language that pick the same contacts.
 *
 * <p>All conditions are constants of ours; what narrows a figure is bound by {@link Selection}.
 */
enum Figure {
    ENTERED(
            "entered",
            Source.RUN,
            "true",
            List.of("JourneyEntered"),
            "",
            Set.of(),
            "Runs that began: contacts that were let into the journey."),
    IN_PROGRESS(
            "inProgress",
            Source.RUN,
            "r.status in ('pending', 'active')",
            List.of("JourneyEntered", "JourneyCompleted", "JourneyStopped", "JourneyFailed"),
            "",
            Set.of(),
            "Runs that have not ended, those that wait for their first tile included."),
    COMPLETED(
            "completed",
            Source.RUN,
            "r.status = 'completed'",
            List.of("JourneyCompleted"),
            "",
            Set.of(Narrowing.TILE, Narrowing.OUTCOME),
            "Runs that came to the end of a path; `tile` is the last tile."),
    STOPPED(
            "stopped",
            Source.RUN,
            "r.status = 'stopped'",
            List.of("JourneyStopped"),
            "",
            Set.of(Narrowing.REASON),
            "Runs that ended early for a reason of the journey or the contact, by that reason."),
    FAILED(
            "failed",
            Source.RUN,
            "r.status = 'failed'",
            List.of("JourneyFailed"),
            "",
            Set.of(Narrowing.REASON),
            "Runs that ended because a tile can never succeed."),
    GOAL(
            "goal",
            Source.RUN,
            "r.goal_at is not null",
            List.of("GoalReached"),
            "",
            Set.of(),
            "Runs whose contact did what the journey aims at in time, also after the run had ended; the rate is of entered."),

    INFLOW(
            "inflow",
            Source.VISIT,
            "true",
            List.of("TileEntered"),
            "",
            Set.of(Narrowing.TILE),
            "Visits that began: contacts that came to the tile. It is the sum of processing, processed, stopped, expired"
                    + " and failed, at any moment."),
    PROCESSING(
            "processing",
            Source.VISIT,
            "v.status = 'processing'",
            List.of("TileEntered", "TileProcessed", "TileStopped", "TileExpired", "TileFailed"),
            "",
            Set.of(Narrowing.TILE),
            "Visits that have not ended: contacts that are at the tile now."),
    PROCESSED(
            "processed",
            Source.VISIT,
            "v.status = 'processed'",
            List.of("TileProcessed"),
            "",
            Set.of(Narrowing.TILE, Narrowing.OUTCOME, Narrowing.VARIANT),
            "Visits that ended as the tile intends, those whose message was blocked or unconfirmed included."),
    STOPPED_AT(
            "stopped",
            Source.VISIT,
            "v.status = 'stopped'",
            List.of("TileStopped"),
            "",
            Set.of(Narrowing.TILE, Narrowing.REASON),
            "Visits that ended before their tile was done: the run was stopped there, or moved away (`moved`)."),
    EXPIRED(
            "expired",
            Source.VISIT,
            "v.status = 'expired'",
            List.of("TileExpired"),
            "",
            Set.of(Narrowing.TILE, Narrowing.VARIANT),
            "Visits whose message was given up because it could not be handed over in time."),
    FAILED_AT(
            "failed",
            Source.VISIT,
            "v.status = 'failed'",
            List.of("TileFailed"),
            "",
            Set.of(Narrowing.TILE, Narrowing.REASON),
            "Visits at which the run failed."),
    BRANCH(
            "branch",
            Source.VISIT,
            "v.status = 'processed' and v.branch is not null",
            List.of("TileProcessed"),
            "",
            Set.of(Narrowing.TILE, Narrowing.BRANCH),
            "Visits that left by a branch; `no` is the way out when no branch was taken."),

    SENT(
            "sent",
            Source.VISIT,
            OfMessages.ROWS + " and v.status = 'processed' and v.outcome not in ('blocked', 'unconfirmed')",
            List.of("TileProcessed"),
            OfMessages.FACTS + " && outcome NOT IN ('blocked', 'unconfirmed')",
            Set.of(Narrowing.TILE, Narrowing.VARIANT),
            "Messages that a provider was given: processed without blocked and unconfirmed."),
    UNCONFIRMED(
            "unconfirmed",
            Source.VISIT,
            OfMessages.ROWS + " and v.status = 'processed' and v.outcome = 'unconfirmed'",
            List.of("TileProcessed"),
            OfMessages.FACTS + " && outcome == 'unconfirmed'",
            Set.of(Narrowing.TILE, Narrowing.VARIANT),
            "Messages of which nobody can know whether the provider took them: a crash or a lost connection came between."),
    DELIVERED(
            "delivered",
            Source.VISIT,
            OfMessages.ROWS + " and v.status = 'processed' and v.outcome not in ('blocked', 'unconfirmed', 'bounced')",
            List.of("TileProcessed"),
            OfMessages.FACTS + " && outcome NOT IN ('blocked', 'unconfirmed', 'bounced')",
            Set.of(Narrowing.TILE, Narrowing.VARIANT),
            "Messages that were sent and did not bounce."),
    BLOCKED(
            "blocked",
            Source.VISIT,
            OfMessages.ROWS + " and v.status = 'processed' and v.outcome = 'blocked'",
            List.of("TileProcessed"),
            OfMessages.FACTS + " && outcome == 'blocked'",
            Set.of(Narrowing.TILE, Narrowing.VARIANT, Narrowing.REASON),
            "Messages that were not even tried, by reason; the run went on."),
    HARD_BOUNCED(
            "hardBounced",
            Source.VISIT,
            OfMessages.ROWS + " and v.status = 'processed' and v.outcome = 'bounced' and v.reason = 'hard'",
            List.of("TileProcessed"),
            OfMessages.FACTS + " && outcome == 'bounced' && reason == 'hard'",
            Set.of(Narrowing.TILE, Narrowing.VARIANT),
            "Messages whose address the provider refused for good."),
    SOFT_BOUNCED(
            "softBounced",
            Source.VISIT,
            OfMessages.ROWS + " and v.status = 'processed' and v.outcome = 'bounced' and v.reason = 'soft'",
            List.of("TileProcessed"),
            OfMessages.FACTS + " && outcome == 'bounced' && reason == 'soft'",
            Set.of(Narrowing.TILE, Narrowing.VARIANT),
            "Messages whose mailbox could not take them, like a full one."),
    BLOCK_BOUNCED(
            "blockBounced",
            Source.VISIT,
            OfMessages.ROWS + " and v.status = 'processed' and v.outcome = 'bounced' and v.reason = 'block'",
            List.of("TileProcessed"),
            OfMessages.FACTS + " && outcome == 'bounced' && reason == 'block'",
            Set.of(Narrowing.TILE, Narrowing.VARIANT),
            "Messages that the provider refused because of us or of what they say."),

    OPENED(
            "opened",
            Source.FACT,
            "true",
            List.of("EmailOpened", "PushOpened"),
            "",
            Set.of(Narrowing.TILE, Narrowing.VARIANT),
            "Messages that were opened: `unique` counts each once, `total` every opening. The open rate is unique opens"
                    + " of delivered."),
    CLICKED(
            "clicked",
            Source.FACT,
            "true",
            List.of("EmailClicked", "TextClicked", "PushClicked"),
            "",
            Set.of(Narrowing.TILE, Narrowing.VARIANT, Narrowing.LINK),
            "Messages in which a link was clicked: `unique` counts each once, `total` every click. The click-through rate is"
                    + " unique clicks of delivered, click-to-open unique clicks of unique opens."),
    UNSUBSCRIBED(
            "unsubscribed",
            Source.FACT,
            "true",
            List.of("EmailUnsubscribed", "TextUnsubscribed", "PushUnsubscribed"),
            "",
            Set.of(Narrowing.TILE, Narrowing.VARIANT),
            "Messages by whose link the contact unsubscribed."),
    COMPLAINED(
            "complained",
            Source.FACT,
            "true",
            List.of("EmailComplained"),
            "",
            Set.of(Narrowing.TILE, Narrowing.VARIANT),
            "Messages that were reported as unwanted.");

    /** What the figures of messages have in common: they are of tiles that send one. */
    private static final class OfMessages {

        static final String ROWS = "(v.type in ('email', 'text', 'push', 'webhook')"
                + " or v.type = 'abTest' and v.outcome in ('sent', 'bounced', 'blocked', 'unconfirmed'))";
        static final String FACTS = "channel IN ('email', 'text', 'push', 'webhook')";

        private OfMessages() {}
    }

    /** What a figure counts, and so which beginning {@code from} and {@code to} look at. */
    enum Source {
        RUN("runEnteredAt"),
        VISIT("tileEnteredAt"),
        /** Interactions that came after a visit; the visits are counted. */
        FACT("tileEnteredAt");

        /** The property that has the beginning. */
        private final String began;

        Source(String began) {
            this.began = began;
        }

        String began() {
            return began;
        }
    }

    private final String word;
    private final Source source;
    private final String where;

    @SuppressWarnings("ImmutableEnumChecker") // made by List.of
    private final List<String> types;

    private final String condition;

    @SuppressWarnings("ImmutableEnumChecker") // made by Set.of
    private final Set<Narrowing> narrowings;

    private final String meaning;

    Figure(
            String word,
            Source source,
            String where,
            List<String> types,
            String condition,
            Set<Narrowing> narrowings,
            String meaning) {
        this.word = word;
        this.source = source;
        this.where = where;
        this.types = types;
        this.condition = condition;
        this.narrowings = narrowings;
        this.meaning = meaning;
    }

    /** The figure that a person means: `stopped` and `failed` are the tile's where a tile is named. */
    static Optional<Figure> of(String word, boolean ofTile) {
        var named = Arrays.stream(values())
                .filter(figure -> figure.word.equals(word))
                .toList();
        return named.stream()
                .filter(figure -> named.size() == 1 || (figure.source == Source.VISIT) == ofTile)
                .findFirst();
    }

    static List<String> words() {
        return Arrays.stream(values()).map(Figure::word).distinct().toList();
    }

    String word() {
        return word;
    }

    Source source() {
        return source;
    }

    /** Over {@code run r}, {@code tile_visit v} or {@code interaction i}. */
    String where() {
        return where;
    }

    List<String> types() {
        return types;
    }

    /** Of the segment language; empty when the types say it all. */
    String condition() {
        return condition;
    }

    /** Whether it follows the present: what has begun and not ended. */
    boolean isOfThePresent() {
        return source != Source.FACT && types.size() > 1;
    }

    /** What must hold of the interactions together: one of them is enough, unless another takes it back. */
    String having() {
        if (isOfThePresent()) {
            return ".HAVING(SUM(delta) > 0)";
        }
        return this == FAILED ? ".HAVING(SUM(delta) < 0)" : "";
    }

    boolean takes(Narrowing narrowing) {
        return narrowings.contains(narrowing);
    }

    /** Whether only tiles that send a message have it. */
    boolean isOfMessages() {
        return source == Source.FACT || where.contains("v.type");
    }

    String meaning() {
        return meaning;
    }
}
