package sojourn.app.segments;

import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import sojourn.app.segments.MembersJob.Moved;

/** Adds to a static segment, or removes from it, the contacts that an upload names, as they come. */
record MembersImport(StaticMembers members) implements MembersJob.Work {

    @Override
    public Moved take(Handle handle, UUID job, Segment segment, Set<Long> join, List<Long> leave) {
        var moved = members.change(handle, segment, join, leave);
        return new Moved(moved.joined(), moved.left());
    }

    @Override
    public Moved end(Handle handle, UUID job, Segment segment, MembersJob.Position all) {
        return Moved.NOBODY;
    }
}
