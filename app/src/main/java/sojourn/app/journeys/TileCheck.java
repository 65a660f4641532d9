package sojourn.app.journeys;

import java.time.Instant;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Nearest;
import sojourn.workflows.journeys.AbTest;
import sojourn.workflows.journeys.CallWorkflow;
import sojourn.workflows.journeys.JourneyDocument;
import sojourn.workflows.journeys.Planner;
import sojourn.workflows.journeys.SendingTile;
import sojourn.workflows.journeys.Tile;
import sojourn.workflows.journeys.Tile.AttributeBranch;
import sojourn.workflows.journeys.Tile.End;
import sojourn.workflows.journeys.Tile.IfThen;
import sojourn.workflows.journeys.Tile.WaitFor;
import sojourn.workflows.journeys.Tile.WaitUntil;

/** What each tile of a document lacks by itself. */
final class TileCheck {

    private final JourneyDocument journey;
    private final JourneyCheck.Names names;
    private final ConditionCheck conditions;
    private final SendingCheck sendings;
    private final Findings findings;

    TileCheck(
            JourneyDocument journey,
            JourneyCheck.Names names,
            ConditionCheck conditions,
            SendingCheck sendings,
            Findings findings) {
        this.journey = journey;
        this.names = names;
        this.conditions = conditions;
        this.sendings = sendings;
        this.findings = findings;
    }

    void check(ZoneId zone, Instant now) {
        journey.allTiles().forEach((id, tile) -> {
            var pointer = DocumentProblem.tilePointer(id);
            switch (tile) {
                case SendingTile.OfMessage sending
                when sending.variants() != null ->
                    new AbTestCheck(journey, names, sendings, findings)
                            .checkSending(id, pointer, AbTest.of(sending).orElseThrow());
                case SendingTile sending -> sendings.check(id, pointer, sending, names, findings);
                case WaitFor wait -> {
                    if (wait.duration() == null) {
                        findings.error(id, pointer + "/duration", "missing-duration", "Say how long to wait, like P5D");
                    }
                }
                case WaitUntil wait ->
                    new WaitUntilCheck(journey, conditions, findings).check(id, pointer, wait, zone, now);
                case IfThen ifThen -> checkIfThen(id, pointer, ifThen);
                case AttributeBranch branch -> checkAttributeBranch(id, pointer, branch);
                case CallWorkflow call -> new ActingCheck(names, findings).checkCall(id, pointer, call);
                case AbTest test -> new AbTestCheck(journey, names, sendings, findings).check(id, pointer, test);
                case Tile.Acting acting -> new ActingCheck(names, findings).check(id, pointer, acting);
                case End _ -> {}
            }
        });
    }

    private void checkIfThen(String id, String pointer, IfThen tile) {
        if (tile.timeLimit() == null) {
            findings.error(
                    id,
                    pointer + "/timeLimit",
                    "missing-time-limit",
                    "Say how long to wait for a branch, like P3D; PT0S only looks back");
        }
        checkSince(id, pointer, tile.since());
        checkBranchNames(
                id,
                pointer,
                tile.all().stream().<@Nullable String>map(Tile.Branch::name).toList());
        var before = new HashSet<Tile.Condition>();
        for (var index = 0; index < tile.all().size(); index++) {
            var branch = tile.all().get(index);
            var at = pointer + "/branches/" + index;
            if (branch.any().isEmpty()) {
                findings.error(id, at + "/when", "missing-condition", "The branch can never hold; give it a condition");
            } else if (before.containsAll(branch.any())) {
                neverHolds(id, at + "/when", "an earlier branch asks for the same, and would be taken");
            }
            before.addAll(branch.any());
            for (var each = 0; each < branch.any().size(); each++) {
                checkCondition(id, at + "/when/" + each, branch.any().get(each));
                checkTime(id, at + "/when/" + each, tile, branch.any().get(each));
            }
        }
    }

    private void neverHolds(String id, String pointer, String why) {
        findings.error(id, pointer, "never-holds", "This can never hold: " + why);
    }

    /** Without a time limit there is no time since the tile in which something could happen. */
    private void checkTime(String id, String pointer, IfThen tile, Tile.Condition condition) {
        var happens = condition.interaction() != null
                || condition.is() == Tile.Relation.joined
                || condition.is() == Tile.Relation.left;
        if (happens
                && "tile".equals(tile.since())
                && tile.timeLimit() != null
                && tile.timeLimit().isZero()) {
            neverHolds(id, pointer, "`since` the tile nothing has happened yet, and `timeLimit` leaves no time for it");
        }
    }

    private void checkSince(String id, String pointer, @Nullable String since) {
        if (since == null || Set.of("run", "tile", id).contains(since) || Planner.looksLikeSpan(since)) {
            return;
        }
        if (journey.allTiles().containsKey(since)) {
            if (!new Paths(journey).lead(since, id)) {
                findings.error(
                        id,
                        pointer + "/since",
                        "not-before",
                        "No path leads from '" + since + "' to here, so nothing counts from there");
            }
        } else {
            findings.error(
                    id,
                    pointer + "/since",
                    "unknown-since",
                    "'" + since + "' is neither run, tile, a tile of this journey nor a duration like P7D"
                            + Nearest.advice(since, journey.allTiles().keySet()));
        }
    }

    private void checkCondition(String id, String pointer, Tile.Condition condition) {
        if ((condition.interaction() == null) == (condition.segment() == null)) {
            findings.error(id, pointer, "interaction-or-segment", "Give either an interaction or a segment");
            return;
        }
        if (condition.segment() != null) {
            JourneyCheck.checkSegment(condition.segment(), id, pointer + "/segment", names, findings);
            if (condition.is() == null) {
                findings.error(
                        id,
                        pointer + "/is",
                        "missing-is",
                        "Say what the contact is to it: joined, left, member or notMember");
            }
        }
        var happening = condition.interaction();
        if (happening != null) {
            var at = pointer + "/interaction";
            JourneyCheck.checkInteraction(happening.type(), happening.filter(), id, at, names, conditions, findings);
            checkOf(id, at + "/of", happening.of());
            if (happening.atLeast() != null && happening.atLeast() < 1) {
                findings.error(
                        id,
                        at + "/atLeast",
                        "out-of-range",
                        "atLeast is " + happening.atLeast() + "; 1 or more would fit");
            }
        }
    }

    /** Something earlier tiles sent: one of them, or a message that one of them sends. */
    private void checkOf(String id, String pointer, @Nullable String of) {
        if (of == null) {
            return;
        }
        if (journey.allTiles().containsKey(of)) {
            if (!new Paths(journey).lead(of, id)) {
                neverHolds(id, pointer, "no path leads from '" + of + "' to here");
            }
            return;
        }
        if (!journey.messages().contains(of)) {
            findings.error(
                    id,
                    pointer,
                    "unknown-of",
                    "'" + of + "' is neither a tile of this journey nor a message that it sends"
                            + Nearest.advice(of, journey.allTiles().keySet()));
        }
    }

    private void checkAttributeBranch(String id, String pointer, AttributeBranch tile) {
        checkBranchNames(
                id,
                pointer,
                tile.all().stream().<@Nullable String>map(Tile.Case::name).toList());
        var before = new HashSet<String>();
        for (var index = 0; index < tile.all().size(); index++) {
            var at = pointer + "/branches/" + index + "/when";
            var when = tile.all().get(index).when();
            if (when != null && !before.add(when.strip())) {
                neverHolds(id, at, "an earlier branch asks for the same, and would be taken");
            } else if (when == null) {
                findings.error(
                        id, at, "missing-condition", "The branch can never hold; give it a condition like age >= 18");
            } else {
                conditions.overContact(when, journey.triggerType()).forEach(flaw -> findings.inText(id, at, flaw));
                conditions
                        .segmentsIn(when, journey.triggerType())
                        .forEach(key -> JourneyCheck.checkSegment(key, id, at, names, findings));
            }
        }
    }

    private void checkBranchNames(String id, String pointer, List<@Nullable String> branches) {
        checkBranchNames(id, pointer, branches, findings);
    }

    static void checkBranchNames(String id, String pointer, List<@Nullable String> branches, Findings findings) {
        if (branches.isEmpty()) {
            findings.error(id, pointer + "/branches", "missing-branches", "A branching tile needs at least one branch");
        }
        var seen = new HashSet<String>();
        for (var index = 0; index < branches.size(); index++) {
            var name = branches.get(index);
            var at = pointer + "/branches/" + index + "/name";
            if (name == null || name.isBlank()) {
                findings.error(id, at, "missing-name", "Name the branch: its figures hang on the name");
            } else if (name.equals(Tile.OTHERWISE)) {
                findings.error(id, at, "reserved-name", "'no' is what `otherwise` is counted as; choose another name");
            } else if (!seen.add(name)) {
                findings.error(id, at, "duplicate-name", "Another branch of this tile is called '" + name + "'");
            }
        }
    }
}
