package sojourn.app.journeys;

import com.fasterxml.jackson.annotation.JsonIgnore;
import java.time.Instant;
import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jspecify.annotations.Nullable;

/**
 * What entry into a journey looks at in one contact, as it is now.
 *
 * @param contactState {@code active} or {@code inactive}
 * @param segments those that decide who enters
 * @param interactionAt when its latest interaction happened that the journey lets in by; null when there is none
 * @param inside whether a run of the contact goes on
 * @param endedAt when the last of its ended runs did
 * @param waiting where it stands in the line of those whom limits hold back; null when it does not
 * @param boundInside whether a run goes on that the latest interaction has the binding of
 * @param paging whether members of the audience are being let in, and the contact's turn is yet to come
 * @param inIteration whether it has entered in the iteration that goes on, of a recurring journey
 * @param entries how many have entered, as far as a limit counts them
 */
record EntrySeen(
        JourneyState journeyState,
        String contactState,
        List<SeenSegment> segments,
        @Nullable Instant interactionAt,
        @Nullable Instant enteredAt,
        @Nullable Instant endedAt,
        boolean inside,
        @Nullable EntryWaiting waiting,
        @JsonIgnore boolean boundInside,
        @JsonIgnore boolean paging,
        @JsonIgnore boolean inIteration,
        @JsonIgnore @Nullable Instant nextIterationAt,
        @JsonIgnore long entries) {

    /** What a segment is to a journey's entry; the names are the API's. */
    enum EntryRole {
        audience,
        exclusion,
        suppression
    }

    /**
     * A segment and the contact; public for the row mapper.
     *
     * @param since when it joined, or, of one that is no member, when it left last; null when it never was one
     */
    public record SeenSegment(
            String segment,
            EntryRole role,
            boolean member,
            @Nullable Instant since) {}

    /** @param latest the contact's latest interaction that the journey lets in by */
    static EntrySeen of(
            Handle handle, LiveVersion version, long contact, Enrolment.@Nullable Trigger latest, Instant at) {
        var row = handle.createQuery("""
                        select j.state as journey_state, c.state as contact_state, k.entered_at, r.ended_at,
                               coalesce(r.inside, false) as inside, coalesce(r.bound_inside, false) as bound_inside,
                               coalesce(j.paged_to < c.id, false) as paging,
                               coalesce(k.iteration >= j.iteration + (coalesce(j.next_iteration_at <= :at, false))::integer,
                                        false) as in_iteration,
                               j.next_iteration_at, coalesce(p.entries, 0) as entries
                        from contact c
                        join journey j on j.id = :journey
                        left join entry_pace p on p.journey_id = j.id
                        left join journey_contact k on k.journey_id = j.id and k.contact_id = c.id
                        cross join lateral (
                            select max(r.ended_at) as ended_at, bool_or(r.status in ('pending', 'active')) as inside,
                                   bool_or(r.status in ('pending', 'active') and r.binding = :binding::text) as bound_inside
                            from run r where r.contact_id = c.id and r.journey_id = j.id) r
                        where c.id = :contact
                        """)
                .bind("journey", version.journeyId())
                .bind("contact", contact)
                .bind("at", at)
                .bind("binding", latest == null ? null : latest.binding())
                .map(ConstructorMapper.of(Row.class))
                .one();
        return new EntrySeen(
                row.journeyState(),
                row.contactState(),
                segments(handle, version, contact),
                latest == null ? null : latest.at(),
                row.enteredAt(),
                row.endedAt(),
                row.inside(),
                EntryWaiting.of(handle, version, contact, at).orElse(null),
                row.boundInside(),
                row.paging(),
                row.inIteration(),
                row.nextIterationAt(),
                row.entries());
    }

    /** Those with a role to which the contact belongs. */
    List<SeenSegment> in(EntryRole role) {
        return segments.stream()
                .filter(each -> each.role() == role && each.member())
                .toList();
    }

    private static List<SeenSegment> segments(Handle handle, LiveVersion version, long contact) {
        var suppression = version.suppression();
        return handle.createQuery("""
                        select s.key as segment, named.role, m.segment_id is not null as member,
                               coalesce(m.joined_at, (select max(p.left_at) from past_membership p
                                                      where p.contact_id = :contact and p.segment_id = s.id)) as since
                        from (select unnest(:audience) as id, 'audience' as role
                              union all select unnest(:excluded), 'exclusion'
                              union all select unnest(:suppression), 'suppression') named
                        join segment s on s.id = named.id
                        left join membership m on m.segment_id = s.id and m.contact_id = :contact
                        order by named.role, s.key
                        """)
                .bind("contact", contact)
                .bindArray("audience", Integer.class, version.audience())
                .bindArray("excluded", Integer.class, version.excluded())
                .bindArray("suppression", Integer.class, suppression == null ? List.of() : List.of(suppression))
                .map(ConstructorMapper.of(SeenSegment.class))
                .list();
    }

    /** Public for the row mapper. */
    public record Row(
            JourneyState journeyState,
            String contactState,
            @Nullable Instant enteredAt,
            @Nullable Instant endedAt,
            boolean inside,
            boolean boundInside,
            boolean paging,
            boolean inIteration,
            @Nullable Instant nextIterationAt,
            long entries) {}
}
