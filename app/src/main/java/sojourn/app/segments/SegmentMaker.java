package sojourn.app.segments;

import java.util.Collection;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Transactions;
import sojourn.app.security.Deed;

/** Makes segments for other features, by the rules that hold for those that people make. */
public final class SegmentMaker {

    private final Jdbi jdbi;
    private final SegmentEditor editor;
    private final StaticMembers staticMembers;
    private final SegmentAnswers answers;

    SegmentMaker(Jdbi jdbi, SegmentEditor editor, StaticMembers staticMembers, SegmentAnswers answers) {
        this.jdbi = jdbi;
        this.editor = editor;
        this.staticMembers = staticMembers;
        this.answers = answers;
    }

    /** What a new segment is called. */
    public record Label(
            @Nullable String key,
            @Nullable String name,
            @Nullable String description) {}

    /** Finds contacts in the transaction that makes the segment. */
    @FunctionalInterface
    public interface Members {
        Collection<Long> find(Handle handle);
    }

    /** A dynamic segment, still a draft, with this query. */
    public SegmentAnswer draft(Label label, String query, MadeFrom origin, Deed deed) {
        var checked = editor.check(sent(label, SegmentKind.DYNAMIC, query));
        return Transactions.in(jdbi, handle -> answers.of(handle, editor.create(handle, checked, origin, deed)));
    }

    /** A static segment, live, with all of these members. */
    public SegmentAnswer live(Label label, Members members, MadeFrom origin, Deed deed) {
        var checked = editor.check(sent(label, SegmentKind.STATIC, null));
        var made = Transactions.in(jdbi, handle -> {
            var segment = editor.create(handle, checked, origin, deed);
            staticMembers.change(handle, segment, members.find(handle), List.of());
            return answers.of(handle, segment);
        });
        staticMembers.kick();
        return made;
    }

    private static NewSegment sent(Label label, SegmentKind kind, @Nullable String query) {
        return new NewSegment(
                label.key(),
                label.name(),
                label.description(),
                kind.word(),
                null,
                query,
                null,
                null,
                null,
                null,
                null,
                null);
    }
}
