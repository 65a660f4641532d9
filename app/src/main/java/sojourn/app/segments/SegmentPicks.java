package sojourn.app.segments;

import java.time.InstantSource;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Erasure;

/**
 * Puts single contacts into segments, or takes them out, for other features and in their transactions: as members of static
 * segments, by overrides of dynamic ones, which follow soon after the commit.
 */
public final class SegmentPicks {

    /**
     * What became of it.
     *
     * @param changed whether anything is different now
     * @param refused a slug that says why nothing could be done, else null
     */
    public record Result(boolean changed, @Nullable String refused, String detail) {

        private static Result refused(String why, String detail) {
            return new Result(false, why, detail);
        }
    }

    private final StaticMembers members;
    private final Overrides overrides;
    private final InstantSource clock;

    SegmentPicks(StaticMembers members, Overrides overrides, InstantSource clock) {
        this.members = members;
        this.overrides = overrides;
        this.clock = clock;
    }

    /** Takes the locks of a segment in their order, and holds off erasures; before the caller's own of runs. */
    public void lock(Handle handle, String key) {
        var segments = handle.attach(SegmentDao.class);
        var isStatic = segments.find(key).filter(found -> !found.isDynamic()).isPresent();
        var locked = isStatic ? segments.lock(key) : segments.find(key);
        Erasure.holdOff(handle);
        if (isStatic) {
            locked.ifPresent(segment -> Locks.exclusive(handle, segment.id()));
        }
    }

    /**
     * Makes the contact a member or not, behind {@link #lock}. After the commit the caller calls {@link #kick}.
     *
     * @param by who decides, e.g. {@code journey/win-back}
     */
    public Result pick(Handle handle, String key, long contact, boolean in, String by) {
        var segment = handle.attach(SegmentDao.class).find(key).orElse(null);
        if (segment == null) {
            return Result.refused("unknown-segment", "There is no segment '" + key + "'");
        }
        return segment.isDynamic() ? override(handle, segment, contact, in, by) : move(handle, segment, contact, in);
    }

    private Result override(Handle handle, Segment segment, long contact, boolean in, String by) {
        var kind = in ? OverrideKind.INCLUDE : OverrideKind.EXCLUDE;
        var known = handle.select(
                        "select kind from segment_override where segment_id = ? and contact_id = ?",
                        segment.id(),
                        contact)
                .mapTo(String.class)
                .findOne();
        if (known.filter(kind.word()::equals).isPresent()) {
            return new Result(false, null, "an override has said so before");
        }
        overrides.put(handle, segment, contact, kind, null, by, clock.instant());
        return new Result(true, null, "by an override, whatever the query says");
    }

    private Result move(Handle handle, Segment segment, long contact, boolean in) {
        if (!segment.isLive()) {
            return Result.refused(
                    "segment-not-live", "The segment is " + segment.state().word() + " and keeps its last members");
        }
        if (segment.external() != null) {
            return Result.refused("members-are-sent", "The segment's members are sent by another system");
        }
        if (in && members.addable(handle, segment, List.of(contact)).isEmpty()) {
            return Result.refused("out-of-scope", "The contact is not in the segment's scope");
        }
        var one = List.of(contact);
        var moved = in ? members.move(handle, segment, one, List.of()) : members.move(handle, segment, List.of(), one);
        var changed = moved.joined() + moved.left() > 0;
        return new Result(changed, null, changed ? "as a member" : in ? "was a member before" : "was no member");
    }

    /** After the commit: wakes those who react. */
    public void kick() {
        members.kick();
    }
}
