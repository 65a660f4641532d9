package sojourn.app.journeys;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jspecify.annotations.Nullable;
import sojourn.app.security.AuditLog;
import sojourn.app.security.Deed;

/** Keeps what becomes of journeys: who did what, when and why. Each is written by the transaction that does it. */
final class Milestones {

    /** What the audit log calls a journey. */
    static final String JOURNEY = "journey";

    private Milestones() {}

    /** Names as in the API. */
    enum Kind {
        created,
        edited,
        /** A version was published. */
        live,
        /** The start of its schedule has come. */
        started,
        /** The start of its schedule has come, and something that it needs is gone. */
        failed,
        paused,
        /** The end of a pause was asked for. */
        resuming,
        /** It goes on. */
        resumed,
        /** Its stop was asked for. */
        stopping,
        /** All its runs have ended. */
        stopped,
        /** The end of its schedule has come. */
        completing,
        /** All its runs have ended. */
        completed
    }

    /** Notes what somebody has done, in the audit log too. */
    static void note(Handle handle, Journey journey, Kind kind, @Nullable Integer version, Deed deed, Instant at) {
        handle.createUpdate("""
                        insert into journey_milestone (journey_id, kind, at, by, version, reason)
                        values (:journey, :kind, :at, :by, :version, :reason)
                        """)
                .bind("journey", journey.number())
                .bind("kind", kind.name())
                .bind("at", at)
                .bind("by", deed.by())
                .bind("version", version)
                .bind("reason", deed.reason())
                .execute();
        var details = version == null ? Map.<String, Object>of() : Map.<String, Object>of("version", version);
        AuditLog.note(handle, at, deed, new AuditLog.Done(kind.name(), JOURNEY, journey.key()).with(details));
    }

    /** Notes what the product has done by itself. */
    static void note(Handle handle, int journey, Kind kind, Instant at) {
        handle.createUpdate("""
                        insert into journey_milestone (journey_id, kind, at, by, version)
                        select id, :kind, :at, :by, live_version from journey where id = :journey
                        """)
                .bind("journey", journey)
                .bind("kind", kind.name())
                .bind("at", at)
                .bind("by", Deed.ITSELF.by())
                .execute();
    }

    /** Newest first, before a number. */
    static List<Milestone> page(Handle handle, int journey, long before, int limit) {
        return handle.select("""
                        select id, kind, at, by, version, reason from journey_milestone
                        where journey_id = ? and id < ? order by id desc limit ?
                        """, journey, before, limit)
                .map(ConstructorMapper.of(Milestone.class))
                .list();
    }
}
