package sojourn.app.journeys;

import java.math.BigDecimal;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.ContactFields;
import sojourn.app.interactions.EmittedInteractions;
import sojourn.app.messages.Personalization;
import sojourn.app.platform.Nearest;
import sojourn.app.platform.Temporal;
import sojourn.workflows.journeys.AbTest;
import sojourn.workflows.journeys.CallWorkflow;
import sojourn.workflows.journeys.CreateLead;
import sojourn.workflows.journeys.Emit;
import sojourn.workflows.journeys.Split;
import sojourn.workflows.journeys.StartJourney;
import sojourn.workflows.journeys.Tile;
import sojourn.workflows.journeys.UpdateContact;

/** What a tile that does something lacks by itself. */
final class ActingCheck {

    private static final BigDecimal HUNDRED = BigDecimal.valueOf(100);

    private final JourneyCheck.Names names;
    private final Findings findings;

    ActingCheck(JourneyCheck.Names names, Findings findings) {
        this.names = names;
        this.findings = findings;
    }

    void check(String id, String pointer, Tile.Acting tile) {
        switch (tile) {
            case Split split -> checkSplit(id, pointer, split);
            case AbTest _ -> {} // has a check of its own
            case UpdateContact update -> checkUpdate(id, pointer, update);
            case Tile.Picking picking -> checkPicking(id, pointer, picking);
            case Emit emit -> checkEmit(id, pointer, emit);
            case Tile.ToDo toDo -> checkToDo(id, pointer, toDo);
            case CreateLead lead -> checkLead(id, pointer, lead);
            case StartJourney start -> checkStart(id, pointer + "/journey", start.journey());
        }
    }

    private void checkUpdate(String id, String pointer, UpdateContact tile) {
        if (tile.attributes().findAny().isEmpty()) {
            findings.error(
                    id, pointer, "nothing-to-update", "Say what to set, clear or increment, like {\"tier\": \"gold\"}");
        }
        var change = new ContactFields.Change(tile.sets(), tile.clears(), tile.increments());
        names.acting()
                .contact()
                .check(change)
                .forEach(wrong -> findings.error(id, pointer + wrong.pointer(), wrong.code(), wrong.detail()));
    }

    private void checkPicking(String id, String pointer, Tile.Picking tile) {
        var segment = tile.segment();
        if (segment == null) {
            findings.error(id, pointer + "/segment", "missing-segment", "Name the segment");
            return;
        }
        JourneyCheck.checkSegment(segment, id, pointer + "/segment", names, findings);
        if (names.acting().sentSegments().contains(segment)) {
            findings.error(
                    id,
                    pointer + "/segment",
                    "members-are-sent",
                    "The members of '" + segment + "' are sent by another system; another segment would fit");
        }
    }

    private void checkEmit(String id, String pointer, Emit tile) {
        var at = pointer + "/interaction";
        var key = tile.interaction();
        if (key == null) {
            findings.error(id, at, "missing-type", "Name an interaction type, like PointsGranted");
            return;
        }
        var type = names.acting().interactionTypes().get(key);
        if (type == null) {
            findings.error(
                    id,
                    at,
                    "unknown-interaction-type",
                    "There is no interaction type '" + key + "'"
                            + Nearest.advice(
                                    key, names.acting().interactionTypes().keySet()));
            return;
        }
        if (type.builtIn()) {
            findings.error(
                    id,
                    at,
                    "built-in-type",
                    "'" + key + "' is recorded by what it is about; a type of your own would fit");
            return;
        }
        var literal = new LinkedHashMap<String, Object>();
        tile.allProperties().forEach((name, value) -> {
            if (value instanceof String text
                    && Personalization.isIn(text)
                    && type.properties().containsKey(name)) {
                checkText(id, pointer + "/properties/" + DocumentProblem.escaped(name), text);
            } else {
                literal.put(name, value);
            }
        });
        EmittedInteractions.check(type, literal)
                .forEach(wrong -> findings.error(id, pointer + wrong.pointer(), wrong.code(), wrong.detail()));
    }

    private void checkStart(String id, String pointer, @Nullable String journey) {
        var states = names.acting().journeyStates();
        if (journey == null) {
            findings.error(id, pointer, "missing-journey", "Name the journey to enter");
        } else if (!states.containsKey(journey)) {
            findings.error(
                    id,
                    pointer,
                    "unknown-journey",
                    "There is no journey '" + journey + "'" + Nearest.advice(journey, states.keySet()));
        } else if (!"live".equals(states.get(journey))) {
            findings.warning(
                    id,
                    pointer,
                    "journey-not-live",
                    "The journey '" + journey + "' is " + states.get(journey) + "; it lets nobody in until it is live");
        }
    }

    private void checkToDo(String id, String pointer, Tile.ToDo tile) {
        if (tile.user() != null && tile.team() != null) {
            findings.error(
                    id,
                    pointer + "/team",
                    "user-or-team",
                    "Give a user or a team; without both it is the contact's owner's");
        }
        if (tile.subject() == null || tile.subject().isBlank()) {
            findings.error(id, pointer + "/subject", "missing-subject", "Say what is to be done");
        } else {
            checkText(id, pointer + "/subject", tile.subject());
        }
        if (tile.text() != null) {
            checkText(id, pointer + "/text", tile.text());
        }
    }

    private void checkLead(String id, String pointer, CreateLead tile) {
        var known = names.acting().lead();
        var literal = new LinkedHashMap<String, Object>();
        tile.allAttributes().forEach((name, value) -> {
            if (value instanceof String text
                    && Personalization.isIn(text)
                    && known.attributes().containsKey(name)) {
                checkText(id, pointer + "/attributes/" + DocumentProblem.escaped(name), text);
            } else {
                literal.put(name, value);
            }
        });
        known.check(literal)
                .forEach(wrong -> findings.error(id, pointer + wrong.pointer(), wrong.code(), wrong.detail()));
        if (tile.due() != null && !tile.allAttributes().containsKey(CreateLead.DUE_AT)) {
            known.check(Map.of(CreateLead.DUE_AT, Instant.EPOCH.toString()))
                    .forEach(wrong -> findings.error(
                            id,
                            pointer + "/due",
                            wrong.code(),
                            "It goes into the attribute `dueAt` of leads, which takes no instant here: "
                                    + wrong.detail()));
        }
    }

    private void checkText(String id, String pointer, String text) {
        Personalization.check(
                        pointer, text, names.acting().contact().attributes().keySet(), names.trigger())
                .forEach(wrong -> findings.inText(
                        id,
                        pointer,
                        new ConditionCheck.Flaw(
                                wrong.line() == null ? 1 : wrong.line(),
                                wrong.column() == null ? 1 : wrong.column(),
                                wrong.code(),
                                wrong.detail())));
    }

    void checkCall(String id, String pointer, CallWorkflow tile) {
        if (tile.workflow() == null || tile.workflow().isBlank()) {
            findings.error(id, pointer + "/workflow", "missing-workflow", "Name the type of the workflow to start");
        }
        var queue = tile.taskQueue();
        if (queue == null || queue.isBlank()) {
            findings.error(
                    id,
                    pointer + "/taskQueue",
                    "missing-task-queue",
                    "Name the task queue whose workers know the workflow");
        } else if (Set.of(Temporal.JOURNEYS, Temporal.SEGMENTS).contains(queue) || queue.startsWith("channel-")) {
            findings.error(
                    id, pointer + "/taskQueue", "reserved-task-queue", "Only Sojourn itself works on '" + queue + "'");
        }
        if (!tile.waits() && !tile.all().isEmpty()) {
            findings.error(
                    id,
                    pointer + "/branches",
                    "not-waited-for",
                    "Branches tell results apart; with `wait` there is one");
        }
        if (!tile.all().isEmpty()) {
            TileCheck.checkBranchNames(
                    id,
                    pointer,
                    tile.all().stream()
                            .<@Nullable String>map(CallWorkflow.Way::name)
                            .toList(),
                    findings);
        }
        for (var index = 0; index < tile.all().size(); index++) {
            var at = pointer + "/branches/" + index;
            if (tile.all().get(index).any().isEmpty()) {
                findings.error(id, at + "/results", "missing-results", "The branch can never be taken; name a result");
            }
            if (CallWorkflow.FAILED.equals(tile.all().get(index).name())) {
                findings.error(id, at + "/name", "reserved-name", "'failed' is what `failed` is counted as");
            }
        }
    }

    private void checkSplit(String id, String pointer, Split tile) {
        TileCheck.checkBranchNames(
                id,
                pointer,
                tile.all().stream().<@Nullable String>map(Split.Way::name).toList(),
                findings);
        for (var index = 0; index < tile.all().size(); index++) {
            checkWay(id, pointer + "/branches/" + index, tile.all().get(index));
        }
        var shares = tile.all().stream()
                .map(Split.Way::share)
                .filter(Objects::nonNull)
                .toList();
        var sum = shares.stream().reduce(BigDecimal.ZERO, BigDecimal::add);
        if (!tile.all().isEmpty() && shares.isEmpty()) {
            findings.error(
                    id,
                    pointer + "/branches",
                    "missing-share",
                    "Nothing takes those who come when all counts are full; a last branch with the share 100 would fit");
        } else if (!shares.isEmpty() && sum.compareTo(HUNDRED) != 0) {
            findings.error(
                    id,
                    pointer + "/branches",
                    "shares-not-100",
                    "The shares add up to " + sum.toPlainString() + "; they are percentages and make 100 together");
        }
        if (tile.all().stream()
                        .filter(way -> Boolean.TRUE.equals(way.control()))
                        .count()
                > 1) {
            findings.error(id, pointer + "/branches", "several-controls", "Only one branch can be the control group");
        }
    }

    private void checkWay(String id, String pointer, Split.Way way) {
        if ((way.share() == null) == (way.count() == null)) {
            findings.error(
                    id, pointer, "share-or-count", "Give either a share, like 50, or a count of contacts, like 1000");
        }
        if (way.share() != null
                && (way.share().signum() <= 0
                        || way.share().stripTrailingZeros().scale() > 2)) {
            findings.error(
                    id,
                    pointer + "/share",
                    "out-of-range",
                    "A share is more than 0 and has two decimals at most, like 33.33");
        }
        if (way.count() != null && way.count() < 1) {
            findings.error(
                    id, pointer + "/count", "out-of-range", "The count is " + way.count() + "; 1 or more would fit");
        }
    }
}
