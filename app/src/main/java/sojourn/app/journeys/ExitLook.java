package sojourn.app.journeys;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Columns;
import sojourn.workflows.journeys.JourneyDocument.SegmentExit;

/**
 * Whether a run must end early, and why: what was asked for ({@code exit_requested}) and what can be seen in the caller's
 * snapshot, so that a signal that comes late or never makes no difference. The earliest reason wins.
 */
final class ExitLook {

    /** A reason to stop, and since when there is one. */
    record Due(String reason, Instant at) {}

    /**
     * What a look found.
     *
     * @param due the earliest reason to stop; null when there is none
     * @param paused whether the journey is paused: then nothing goes on but what ends
     */
    record Found(@Nullable Due due, boolean paused) {}

    private ExitLook() {}

    static Found look(Handle handle, RunRow run, LiveVersion version, RunWorld world) {
        var found = new ArrayList<Due>();
        var around = surroundings(handle, run, version);
        addGone(found, around);
        if (run.exitRequested() != null) {
            found.add(new Due(run.exitRequested(), run.exitAt() == null ? world.now() : run.exitAt()));
        }
        for (var fact : version.document().exitInteractions()) {
            world.first(fact, run.since())
                    .ifPresent(first -> found.add(new Due(StopReason.EXIT_INTERACTION, first.occurredAt())));
        }
        addSurroundings(found, around, run, version, world.now());
        return new Found(
                found.stream().min(Comparator.comparing(Due::at)).orElse(null),
                around.journeyState().equals("paused"));
    }

    /** Before all others, since it takes the contact out of segments at the same instant. */
    private static void addGone(List<Due> found, Surroundings around) {
        if (around.merged()) {
            found.add(new Due(StopReason.CONTACT_MERGED, around.contactUpdatedAt()));
        } else if (around.contactState().equals("erased")) {
            found.add(new Due(StopReason.CONTACT_ERASED, around.contactUpdatedAt()));
        }
    }

    private static void addSurroundings(
            List<Due> found, Surroundings around, RunRow run, LiveVersion version, Instant now) {
        if (around.contactState().equals("inactive")) {
            found.add(new Due(StopReason.CONTACT_INACTIVE, around.contactUpdatedAt()));
        }
        if (around.suppressedAt() != null) {
            found.add(new Due(StopReason.SUPPRESSION_SEGMENT, around.suppressedAt()));
        }
        if (around.exitSegmentAt() != null) {
            found.add(new Due(StopReason.EXIT_SEGMENT, around.exitSegmentAt()));
        }
        if (around.withdrawnAt() != null && version.document().exitsWhenConsentWithdrawn()) {
            found.add(new Due(StopReason.CONSENT_WITHDRAWN, around.withdrawnAt()));
        }
        var wanted =
                version.document().audienceIsIntersection() ? version.audience().size() : 1;
        if (version.document().exitsWhenLeavingAudience()
                && run.enteredBy().equals(Enrolment.BY_AUDIENCE)
                && around.audienceCount() < wanted) {
            found.add(new Due(StopReason.LEFT_AUDIENCE, now));
        }
        if (around.nextIterationAt() != null) {
            found.add(new Due(StopReason.RESTARTED, around.nextIterationAt()));
        }
        switch (around.journeyState()) {
            case "stopping", "stopped" -> found.add(new Due(StopReason.JOURNEY_STOPPED, now));
            case "completing", "completed" -> found.add(new Due(StopReason.JOURNEY_ENDED, now));
            default -> {}
        }
    }

    private static Surroundings surroundings(Handle handle, RunRow run, LiveVersion version) {
        return handle.createQuery("""
                        select c.state as contact_state, c.updated_at as contact_updated_at,
                               c.merged_into is not null as merged, j.state as journey_state,
                               case when j.iteration > :iteration then j.iteration_at end as next_iteration_at,
                               (select m.joined_at from membership m
                                where m.segment_id = :suppression and m.contact_id = c.id) as suppressed_at,
                               (select count(*) from membership m
                                where m.segment_id = any(:audience) and m.contact_id = c.id) as audience_count,
                               (select min(exit.at)
                                from (select m.joined_at as at from membership m
                                      where m.segment_id = any(:joins) and m.contact_id = c.id
                                      union all
                                      select p.joined_at from past_membership p
                                      where p.segment_id = any(:joins) and p.contact_id = c.id
                                      union all
                                      select p.left_at from past_membership p
                                      where p.segment_id = any(:leaves) and p.contact_id = c.id) exit
                                where exit.at >= :entered) as exit_segment_at,
                               (select min(o.at) from consent o
                                where o.contact_id = c.id and o.purpose = :purpose and o.state = 'out'
                                  and o.at >= :entered) as withdrawn_at
                        from contact c, journey j
                        where c.id = :contact and j.id = :journey
                        """)
                .bind("suppression", version.suppression())
                .bindArray("audience", Integer.class, version.audience())
                .bindArray("joins", Integer.class, version.exits(SegmentExit::joins))
                .bindArray("leaves", Integer.class, version.exits(SegmentExit::leaves))
                .bind("purpose", version.document().purposeOrDefault())
                .bind("entered", run.since())
                .bind("iteration", run.iteration())
                .bind("contact", run.contactId())
                .bind("journey", run.journeyId())
                .map(ExitLook::toSurroundings)
                .one();
    }

    private static Surroundings toSurroundings(ResultSet row, StatementContext context) throws SQLException {
        return new Surroundings(
                row.getString("contact_state"),
                Columns.instant(row, "contact_updated_at"),
                row.getBoolean("merged"),
                row.getString("journey_state"),
                Columns.instantOrNull(row, "suppressed_at"),
                Columns.instantOrNull(row, "exit_segment_at"),
                Columns.instantOrNull(row, "next_iteration_at"),
                row.getInt("audience_count"),
                Columns.instantOrNull(row, "withdrawn_at"));
    }

    private record Surroundings(
            String contactState,
            Instant contactUpdatedAt,
            boolean merged,
            String journeyState,
            @Nullable Instant suppressedAt,
            @Nullable Instant exitSegmentAt,
            @Nullable Instant nextIterationAt,
            int audienceCount,
            @Nullable Instant withdrawnAt) {}
}
