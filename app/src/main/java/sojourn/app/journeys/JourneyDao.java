package sojourn.app.journeys;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.json.Json;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;
import org.jspecify.annotations.Nullable;
import sojourn.workflows.journeys.JourneyDocument;

@RegisterConstructorMapper(Journey.class)
interface JourneyDao {

    String COLUMNS = """
            select j.id, j.uuid, j.key, j.state, j.cause, j.live_version, j.version, j.created_at, j.created_by,
                   j.updated_at, j.updated_by, j.live_at, j.ended_at, j.starts_at, j.ends_at,
                   case when j.iterates_from is not null then j.iterated end as iteration, j.next_iteration_at,
                   case when j.resuming then jsonb_build_object('done', j.resume_done, 'total', j.resume_total) end as resuming,
                   case when j.move_to is not null
                        then jsonb_build_object('done', j.move_done, 'total', j.move_total) end as moving,
                   coalesce(v.document, j.draft) as document,
                   case when j.live_version is null then null else j.draft end as draft
            from journey j
            left join journey_version v on v.journey_id = j.id and v.version = j.live_version
            """;

    /** Empty when the key is taken; a journey's key is never used again. */
    @SqlQuery("""
            insert into journey (key, state, draft, created_at, created_by, updated_at, updated_by)
            values (:key, 'draft', :draft, :at, :by, :at, :by)
            on conflict (key) do nothing
            returning id
            """)
    Optional<Integer> add(String key, @Json JourneyDocument draft, Instant at, String by);

    @SqlQuery("select id from journey where key = :key or uuid::text = :key")
    Optional<Integer> idOf(String key);

    /** Waits for whoever enrols into the journey just now, and keeps others from it until the transaction ends. */
    @SqlQuery("select id from journey where key = :key or uuid::text = :key for update")
    Optional<Integer> lock(String key);

    /** Keeps messages as live as they are now until the transaction ends: stopping one locks its row. */
    @SqlQuery("select key from message where key = any(:keys) order by key for share")
    List<String> holdMessages(List<String> keys);

    @SqlQuery(COLUMNS + """
            where j.id = :id
            """)
    Journey get(int id);

    @SqlQuery(COLUMNS + """
            where j.key > :after
              and (cast(:state as text) is null or j.state = :state)
              and (cast(:q as text) is null
                   or strpos(lower(j.key || ' ' || coalesce(coalesce(v.document, j.draft) ->> 'name', '')), lower(:q)) > 0)
            order by j.key
            limit :limit
            """)
    List<Journey> page(String after, @Nullable String state, @Nullable String q, int limit);

    /** Those that were live, of which segments know nothing yet. */
    @SqlQuery(COLUMNS + """
            where j.live_version is not null
              and not exists (select from named_record n where n.kind = 'journey' and n.key = j.key)
            """)
    List<Journey> unnamed();

    @SqlUpdate("""
            update journey set draft = :draft, version = version + 1, updated_at = :at, updated_by = :by where id = :id
            """)
    void saveDraft(int id, @Json @Nullable JourneyDocument draft, Instant at, String by);

    @SqlUpdate("""
            insert into journey_version (journey_id, version, document, listens, goal, trigger_type, segments, live_at,
                                         live_by)
            values (:id, :version, :document, :listens, :goal, :trigger, :segments, :at, :by)
            """)
    void addVersion(
            int id,
            int version,
            @Json JourneyDocument document,
            List<String> listens,
            @Nullable String goal,
            @Nullable String trigger,
            List<Integer> segments,
            Instant at,
            String by);

    /**
     * Live from here on, or from when it is to start, or when its pause is over; the members that are there already are
     * paged in from the first contact. What happens until this is committed is gone through as after a pause: whoever took
     * word of it took it for a journey that was not live.
     */
    @SqlUpdate("""
            update journey
            set state = case when state = 'paused' then 'paused' when cast(:startsAt as timestamptz) > :at then 'goingLive'
                             else 'live' end,
                cause = null,
                starts_at = :startsAt, ends_at = :endsAt, live_version = :version, draft = null, paged_to = 0, paged_from = null,
                version = version + 1, updated_at = :at, updated_by = :by, live_at = coalesce(live_at, :at),
                ended_at = null, entering_since = case when state in ('live', 'paused') then entering_since else :at end,
                missed_from = case when state = 'paused' then missed_from else coalesce(missed_from, :at) end,
                missed_until = case when state = 'paused' then missed_until
                                    else cast(:at as timestamptz) + interval '1 minute' end
            where id = :id
            """)
    void goLive(int id, int version, @Nullable Instant startsAt, @Nullable Instant endsAt, Instant at, String by);

    /** Runs of older versions are to be taken to this one. */
    @SqlUpdate("""
            update journey
            set move_to = :version, move_mapping = cast(:mapping as jsonb), move_done = 0,
                move_total = (select count(*) from run r
                              where r.journey_id = :id and r.status in ('pending', 'active') and r.version < :version)
            where id = :id
            """)
    void moveRuns(int id, int version, String mapping);

    /** When its live version was published. */
    @SqlQuery("""
            select v.live_at from journey j join journey_version v on v.journey_id = j.id and v.version = j.live_version
            where j.id = :id
            """)
    Instant liveSince(int id);

    /**
     * One whose start has come is live. What happened since then is gone through as after a pause, until this is committed:
     * whoever took word of it took it for a journey that had not begun.
     */
    @SqlUpdate("""
            update journey
            set state = 'live', paged_to = 0, paged_from = null, entering_since = starts_at,
                missed_from = coalesce(missed_from, starts_at), missed_until = cast(:now as timestamptz) + interval '1 minute',
                version = version + 1, updated_at = :now
            where id = :id
            """)
    void begin(int id, Instant now);

    /** Those whose end has come let nobody in any more, and their runs are ended. */
    @SqlUpdate("""
            with ending as (
                update journey set state = 'completing', resuming = false, version = version + 1, updated_at = :now
                where state in ('goingLive', 'live', 'paused', 'error') and ends_at <= :now
                returning id, live_version)
            insert into journey_milestone (journey_id, kind, at, by, version)
            select id, 'completing', :now, 'sojourn', live_version from ending
            """)
    int complete(Instant now);

    @SqlUpdate("""
            update journey
            set state = :state, cause = :cause, version = version + 1, updated_at = :at, updated_by = :by,
                ended_at = case when :state in ('stopped', 'completed') then :at else ended_at end
            where id = :id
            """)
    void setState(int id, JourneyState state, @Nullable String cause, Instant at, String by);

    /**
     * Lets nobody in from here on. What waits to be looked at when this is committed is gone through at the resume: what the
     * queue has, and what is just being written.
     */
    @SqlUpdate("""
            update journey
            set state = 'paused', paused_at = :at, waits_hold = :waitsHold, resuming = false, moved_to = null,
                missed_from = coalesce(missed_from, least(:at, (select min(at) from change where consumer = 'runs'))
                                                    - interval '1 minute'),
                version = version + 1, updated_at = :at, updated_by = :by
            where id = :id
            """)
    void pause(int id, boolean waitsHold, Instant at, String by);

    /** Whether its pause is being ended. */
    @SqlQuery("select resuming from journey where id = :id")
    boolean resuming(int id);

    /** The pause ends as soon as the deadlines of its runs are what they are to be. */
    @SqlUpdate("""
            update journey
            set resuming = true, resumed_at = :at, version = version + 1, updated_at = :at, updated_by = :by,
                resume_done = 0, resume_total = case when waits_hold then (
                    select count(*) from run r join tile_visit v on v.run_id = r.id and v.no = r.visit
                    where r.journey_id = :id and r.status = 'active'
                      and v.type in ('waitFor', 'ifThen') and v.entered_at < :at) else 0 end
            where id = :id and not resuming
            """)
    int resume(int id, Instant at, String by);

    @SqlUpdate("delete from journey where id = :id")
    void delete(int id);
}
