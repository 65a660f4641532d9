package sojourn.app.segments;

import static java.util.stream.Collectors.toCollection;
import static java.util.stream.Collectors.toSet;

import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemError;
import sojourn.app.platform.ProblemType;
import sojourn.app.platform.Transactions;
import sojourn.app.security.Caller;
import sojourn.app.security.Deed;
import sojourn.app.security.Role;
import sojourn.app.segments.NewSegment.Checked;
import sojourn.app.segments.SegmentText.Block;

/** Makes segments of text, all of them or none; they may build on one another in any order. */
final class SegmentTexts {

    private static final int MOST_SEGMENTS = 1000;

    private final Jdbi jdbi;
    private final Vocabulary vocabulary;
    private final References references;
    private final SegmentEditor editor;
    private final ZoneId defaultZone;
    private final Scopes scopes;

    SegmentTexts(
            Jdbi jdbi,
            Vocabulary vocabulary,
            References references,
            SegmentEditor editor,
            ZoneId defaultZone,
            Scopes scopes) {
        this.jdbi = jdbi;
        this.vocabulary = vocabulary;
        this.references = references;
        this.editor = editor;
        this.defaultZone = defaultZone;
        this.scopes = scopes;
    }

    private record Read(Block block, Checked checked) {}

    /** Everything that is wrong is said at once, by its line. */
    List<Segment> make(String text, Caller caller) {
        var problems = new ArrayList<ProblemError>();
        var blocks = SegmentText.read(text, problems);
        if (blocks.size() > MOST_SEGMENTS) {
            throw new Problem(ProblemType.TOO_LARGE, "At most " + MOST_SEGMENTS + " segments at once would fit");
        }
        var words = vocabulary
                .read()
                .withSegments(blocks.stream()
                        .map(block -> block.text("key"))
                        .filter(Objects::nonNull)
                        .collect(toSet()));
        var read = jdbi.withHandle(handle -> check(handle, words, blocks, caller, problems));
        refuse(problems);
        return Transactions.in(jdbi, handle -> make(handle, words, read, Deed.of(caller, null)));
    }

    private List<Read> check(
            Handle handle, Vocabulary.Words words, List<Block> blocks, Caller caller, List<ProblemError> problems) {
        var taken = taken(handle, blocks);
        var read = new ArrayList<Read>();
        for (var block : blocks) {
            var key = String.valueOf(block.text("key"));
            if (!taken.add(key)) {
                problems.add(
                        block.placed(ProblemError.at("/key", "key-taken", "There is a segment " + key + " already")));
            }
            var scope = block.text("scope");
            if (scope != null && !scope.equals(Scopes.ORGANIZATION) && !caller.is(Role.ADMIN)) {
                problems.add(block.placed(
                        ProblemError.at("/scope", "admins-only", "Only admins limit segments to a business unit")));
            }
            try {
                var check = scopes.check(handle, Scopes.ORGANIZATION);
                read.add(new Read(block, block.segment().check(words, defaultZone, check)));
            } catch (Problem refused) {
                refused.errors().forEach(error -> problems.add(block.placed(error)));
            }
        }
        return read;
    }

    private static Set<String> taken(Handle handle, List<Block> blocks) {
        var keys = blocks.stream().map(block -> block.text("key")).toArray(String[]::new);
        return handle.attach(SegmentDao.class).findAll(keys).stream()
                .map(Segment::key)
                .collect(toCollection(HashSet::new));
    }

    private List<Segment> make(Handle handle, Vocabulary.Words words, List<Read> read, Deed deed) {
        Locks.definitions(handle);
        var made = read.stream()
                .map(each -> editor.create(handle, each.checked(), MadeFrom.TEXT, deed))
                .toList();
        var problems = new ArrayList<ProblemError>();
        for (var each : read) {
            try {
                references.refuseCycle(handle, words, each.checked());
            } catch (Problem cycle) {
                cycle.errors().forEach(error -> problems.add(each.block().placed(error)));
            }
        }
        refuse(problems);
        return made;
    }

    private static void refuse(List<ProblemError> problems) {
        if (!problems.isEmpty()) {
            throw Problem.invalid(problems);
        }
    }
}
