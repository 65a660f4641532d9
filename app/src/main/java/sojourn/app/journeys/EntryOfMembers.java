package sojourn.app.journeys;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Columns;
import sojourn.app.platform.Transactions;

/**
 * Lets in who was in the audience when a journey went live, or joined it during a pause: page after page of members in the order of contacts, each in
 * one transaction with how far it came. Who joins meanwhile comes through {@link MembershipIntake} as well; both find the
 * other's row.
 */
final class EntryOfMembers {

    private static final int PAGE = 500;

    private final Jdbi jdbi;
    private final InstantSource clock;
    private final LiveVersions versions;
    private final Enrolment enrolment;

    EntryOfMembers(Jdbi jdbi, InstantSource clock, LiveVersions versions, Enrolment enrolment) {
        this.jdbi = jdbi;
        this.clock = clock;
        this.versions = versions;
        this.enrolment = enrolment;
    }

    /** @param from only those who have joined since; null for all */
    private record Paging(
            int journey, int version, long after, @Nullable Instant from) {}

    /** Enters one page of one journey; says whether there was one. */
    boolean enterPage() {
        return Transactions.in(jdbi, handle -> {
            var paging = next(handle);
            paging.ifPresent(each -> enter(handle, each));
            return paging.isPresent();
        });
    }

    private static Optional<Paging> next(Handle handle) {
        return handle.createQuery("""
                        select id, live_version, paged_to, paged_from from journey
                        where state = 'live' and paged_to is not null
                        order by live_at limit 1 for no key update skip locked
                        """)
                .map((rows, context) -> new Paging(
                        rows.getInt(1), rows.getInt(2), rows.getLong(3), Columns.instantOrNull(rows, "paged_from")))
                .findOne();
    }

    private void enter(Handle handle, Paging paging) {
        var version = versions.get(handle, paging.journey(), paging.version());
        var members = handle.createQuery("""
                        select distinct page.contact_id
                        from unnest(:audience) as audience (segment_id),
                             lateral (select m.contact_id from membership m
                                      where m.segment_id = audience.segment_id and m.contact_id > :after
                                        and (:from::timestamptz is null or m.joined_at >= :from::timestamptz)
                                      order by m.contact_id limit :limit) page
                        order by page.contact_id limit :limit
                        """)
                .bindArray("audience", Integer.class, version.audience())
                .bind("after", paging.after())
                .bind("from", paging.from())
                .bind("limit", PAGE)
                .mapTo(Long.class)
                .list();
        enrolment.enter(
                handle, version, members, clock.instant().truncatedTo(ChronoUnit.MICROS), Enrolment.BY_AUDIENCE);
        handle.execute(
                "update journey set paged_to = ? where id = ?",
                members.size() < PAGE ? null : members.getLast(),
                paging.journey());
    }
}
