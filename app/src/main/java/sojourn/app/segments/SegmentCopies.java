package sojourn.app.segments;

import java.time.InstantSource;
import java.util.ArrayList;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemError;
import sojourn.app.platform.Transactions;
import sojourn.app.security.Deed;
import sojourn.app.segments.NewSegment.Checked;

/** Makes segments like others: a dynamic one as a draft, a static one with the members that the other has now. */
final class SegmentCopies {

    private final Jdbi jdbi;
    private final SegmentEditor editor;
    private final StaticMembers staticMembers;
    private final InstantSource clock;

    SegmentCopies(Jdbi jdbi, SegmentEditor editor, StaticMembers staticMembers, InstantSource clock) {
        this.jdbi = jdbi;
        this.editor = editor;
        this.staticMembers = staticMembers;
        this.clock = clock;
    }

    /** Overrides are decisions about one segment and stay there; where members come from stays there, too. */
    Segment copy(String reference, @Nullable String key, @Nullable String name, Deed deed) {
        var problems = new ArrayList<ProblemError>();
        var checkedKey = NewSegment.key(key, problems);
        NewSegment.text(problems, "/name", name);
        if (!problems.isEmpty()) {
            throw Problem.invalid(problems);
        }
        var copy = Transactions.in(jdbi, handle -> {
            var original = SegmentReadings.find(handle, reference);
            var definition = original.definition().like(name == null ? original.name() : name);
            var checked = new Checked(checkedKey, original.kind(), definition);
            var made = editor.createWithoutCircle(handle, checked, MadeFrom.copy(original.key()), deed);
            if (!original.isDynamic()) {
                copyMembers(handle, original, made);
            }
            return made;
        });
        staticMembers.kick();
        return copy;
    }

    private void copyMembers(Handle handle, Segment from, Segment to) {
        var now = clock.instant();
        Locks.exclusive(handle, to.id());
        var members = Statement.of(
                "(exists (select 1 from membership o where o.segment_id = ? and o.contact_id = c.id))", from.id());
        Delta.write(handle, to.id(), members, now).tellDependents(handle, to.key(), now);
    }
}
