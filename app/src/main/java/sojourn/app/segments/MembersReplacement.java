package sojourn.app.segments;

import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemType;
import sojourn.app.segments.MembersJob.Moved;

/**
 * Lets the contacts that an upload names be the members of an external segment, and no others. They are laid aside batch by
 * batch and become the members in one transaction at the end: until then nothing has changed, then everything has.
 *
 * <p>That transaction may take long, so it holds nobody off. Whoever is erased or merged meanwhile may be among those who
 * join; the word of them that it leaves sees to that, as does the word of whom {@link Pass} finds erased.
 */
final class MembersReplacement implements MembersJob.Work {

    private final Scopes scopes;
    private final InstantSource clock;

    MembersReplacement(Scopes scopes, InstantSource clock) {
        this.scopes = scopes;
        this.clock = clock;
    }

    @Override
    public Moved take(Handle handle, UUID job, Segment segment, Set<Long> join, List<Long> leave) {
        handle.createUpdate("""
                        insert into member_sync_contact (job_id, contact_id)
                        select :job, contact from unnest(:contacts) as contact
                        on conflict do nothing
                        """)
                .bind("job", job)
                .bind("contacts", new TreeSet<>(join).toArray(Long[]::new))
                .execute();
        return Moved.NOBODY;
    }

    @Override
    public Moved end(Handle handle, UUID job, Segment segment, MembersJob.Position all) {
        Locks.exclusive(handle, segment.id());
        refuseNobody(all);
        var now = clock.instant();
        var wanted = Statement.of(
                        "exists (select 1 from member_sync_contact s where s.job_id = ? and s.contact_id = c.id) and ",
                        job)
                .add(Objects.requireNonNull(scopes.of(handle, List.of(segment)).get(segment.id()))
                        .condition());
        var delta = Delta.write(handle, segment.id(), wanted, now);
        delta.tellDependents(handle, segment.key(), now);
        handle.execute("delete from member_sync_contact where job_id = ?", job);
        return new Moved(delta.joined(), delta.left());
    }

    private static void refuseNobody(MembersJob.Position all) {
        if (all.rows() == 0) {
            throw new Problem(
                    ProblemType.INVALID,
                    "The list is empty, which is more often a failed export than meant; nothing was changed. To remove"
                            + " all members, PATCH their removal");
        }
        if (all.rows() == all.rejected()) {
            throw new Problem(
                    ProblemType.INVALID,
                    "None of the " + all.rows() + " rows names a contact that could be a member; nothing was changed");
        }
    }

    /** Forgets what jobs that failed or were cancelled have laid aside. */
    static void cleanUp(Handle handle) {
        handle.execute("""
                delete from member_sync_contact s
                where not exists (select from job where id = s.job_id and state in ('queued', 'running'))
                """);
    }
}
