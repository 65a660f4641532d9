package sojourn.app.journeys;

import static java.util.stream.Collectors.joining;

import java.util.List;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemType;
import sojourn.app.platform.TimeLimit;
import sojourn.workflows.journeys.JourneyDocument;

/**
 * What is said before a journey goes live of how many it is about: nobody, most of all contacts, or some to whom other live
 * journeys talk too. Counted as the memberships are now; warnings, since they may be others a moment later. And whether the
 * quota has room for it.
 */
final class AudienceCheck {

    /** Such a part of all contacts is much, where there are more than a few. */
    private static final double LARGE = 0.5;

    private static final int FEW = 1000;
    private static final int MOST_NAMED = 5;
    private static final String POINTER = "/audience/segments";

    private final Jdbi jdbi;
    private final SystemSegments systemSegments;

    AudienceCheck(Jdbi jdbi, SystemSegments systemSegments) {
        this.jdbi = jdbi;
        this.systemSegments = systemSegments;
    }

    /** Members of one audience and another, by journey; of all journeys together when {@code journey} is null. */
    public record Shared(@Nullable String journey, long contacts) {}

    List<DocumentProblem> check(Journey journey) {
        var findings = new Findings();
        var document = journey.next();
        try {
            var before = journey.state() == JourneyState.live ? journey.document() : null;
            jdbi.useTransaction(handle -> systemSegments.require(handle, document, before));
        } catch (Problem full) {
            if (full.type() != ProblemType.QUOTA_EXCEEDED) {
                throw full;
            }
            findings.error("/audience", "quota", String.valueOf(full.getMessage()));
        }
        if (!document.audienceSegments().isEmpty()) {
            try {
                TimeLimit.read(jdbi, handle -> {
                    count(handle, journey.number(), document, findings);
                    return null;
                });
            } catch (Problem late) {
                if (late.type() != ProblemType.UNAVAILABLE) {
                    throw late;
                }
                findings.warning(
                        null, POINTER, "audience-not-counted", "Counting the audience takes too long to be done here");
            }
        }
        return findings.all();
    }

    private static void count(Handle handle, int journey, JourneyDocument document, Findings findings) {
        var shared = shared(handle, journey, document);
        var members = shared.getFirst().contacts();
        var all = handle.select("select count(*) from contact where state <> 'erased'")
                .mapTo(Long.class)
                .one();
        if (members == 0) {
            findings.warning(null, POINTER, "empty-audience", "Nobody is in the audience now");
        } else if (all > FEW && members > LARGE * all) {
            findings.warning(
                    null,
                    POINTER,
                    "large-audience",
                    "%,d of all %,d contacts are in the audience; are all of them meant?".formatted(members, all));
        }
        var talkedTo = shared.get(1).contacts();
        if (talkedTo > 0) {
            var others = shared.subList(2, shared.size());
            var named = others.stream()
                    .limit(MOST_NAMED)
                    .map(other -> "%s (%,d)".formatted(other.journey(), other.contacts()))
                    .collect(joining(", "));
            findings.warning(
                    null,
                    POINTER,
                    "shared-contacts",
                    "%,d of %,d in the audience are in those of other live journeys too: %s%s"
                            .formatted(talkedTo, members, named, others.size() > MOST_NAMED ? " and more" : ""));
        }
    }

    /** How many there are, how many of them are in the audience of another live journey, and in which, the most first. */
    private static List<Shared> shared(Handle handle, int journey, JourneyDocument document) {
        return handle.createQuery("""
                        with mine as materialized (
                            select m.contact_id from membership m join segment s on s.id = m.segment_id
                            where s.key = any(:segments)
                            group by m.contact_id
                            having count(*) >= :wanted),
                        other as materialized (
                            select j.key, s.id as segment_id,
                                   case when v.document -> 'audience' ->> 'combine' = 'intersection'
                                        then json_array_length(v.document -> 'audience' -> 'segments') else 1 end as wanted
                            from journey j
                            join journey_version v on v.journey_id = j.id and v.version = j.live_version
                            cross join lateral json_array_elements_text(v.document -> 'audience' -> 'segments')
                                               as named (segment)
                            join segment s on s.key = named.segment
                            where j.state in ('goingLive', 'live', 'paused') and j.id <> :journey),
                        shared as materialized (
                            select other.key, m.contact_id
                            from other
                            join membership m on m.segment_id = other.segment_id
                            join mine on mine.contact_id = m.contact_id
                            group by other.key, other.wanted, m.contact_id
                            having count(*) >= other.wanted)
                        select null as journey, count(*) as contacts, 1 as place from mine
                        union all
                        select null, count(distinct contact_id), 2 from shared
                        union all
                        select key, count(*), 3 from shared group by key
                        order by place, contacts desc, journey
                        """)
                .bindArray("segments", String.class, document.audienceSegments())
                .bind(
                        "wanted",
                        document.audienceIsIntersection()
                                ? document.audienceSegments().size()
                                : 1)
                .bind("journey", journey)
                .map((row, _) -> new Shared(row.getString(1), row.getLong(2)))
                .list();
    }
}
