package sojourn.app.segments;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.jdbi.v3.sqlobject.config.RegisterRowMapper;
import org.jdbi.v3.sqlobject.customizer.BindMethods;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;
import org.jspecify.annotations.Nullable;

@RegisterRowMapper(SegmentMapper.class)
interface SegmentDao {

    @SqlQuery("select * from segment where key = :key")
    Optional<Segment> find(String key);

    @SqlQuery("select * from segment where uuid = :uuid")
    Optional<Segment> findByUuid(UUID uuid);

    @SqlQuery("select * from segment where key = any(:keys)")
    List<Segment> findAll(String[] keys);

    @SqlQuery("select * from segment where key = :key for update")
    Optional<Segment> lock(String key);

    @SqlQuery("select * from segment where id = :id for update")
    Optional<Segment> lock(int id);

    /** Empty as well when somebody else has it. */
    @SqlQuery("select * from segment where id = :id for update skip locked")
    Optional<Segment> lockIfFree(int id);

    @SqlQuery("select * from segment where id = :id")
    Segment get(int id);

    @SqlQuery("select * from segment where id = any(:ids) order by id")
    List<Segment> getAll(int[] ids);

    @SqlQuery("select key from segment")
    Set<String> keys();

    @SqlQuery("select * from segment where kind = 'dynamic' and state in ('goingLive', 'live') order by id")
    List<Segment> evaluated();

    /** Those whose query, or the edit beside it, has a keyword somewhere: found by the text, before anything is read. */
    @SqlQuery("""
            select * from segment
            where kind = 'dynamic' and state in ('goingLive', 'live')
              and (query ilike '%' || :keyword || '%' or draft ->> 'query' ilike '%' || :keyword || '%')
            order by id
            """)
    List<Segment> mentioning(String keyword);

    @SqlQuery("select * from segment where kind = 'dynamic' order by key")
    List<Segment> dynamic();

    @SqlQuery("""
            select * from segment
            where kind = 'dynamic' and state in ('goingLive', 'live') and next_evaluation_at <= :now::timestamptz
            order by next_evaluation_at
            """)
    List<Segment> due(Instant now);

    /** Empty when the key is taken. */
    @SqlQuery("""
            insert into segment (key, name, description, kind, time_zone, query, state, owner, scope, tags,
                                 external_source, external_url, evaluate_every, created_at, created_by, updated_at, updated_by, first_live_at, first_live_by)
            values (:key, :d.name, :d.description, :kind, :d.timeZone, :d.query, :state, :d.owner, :d.scope, :d.tags,
                    :d.externalSource, :d.externalUrl, :d.evaluateEveryText, :now::timestamptz, :by, :now::timestamptz, :by, case when :state = 'live' then :now::timestamptz end, case when :state = 'live' then :by end)
            on conflict (key) do nothing
            returning *
            """)
    Optional<Segment> add(
            String key, String kind, @BindMethods("d") Definition definition, String state, String by, Instant now);

    /** Empty when the key is taken by another. */
    @SqlQuery("""
            update segment
            set key = :key, name = :d.name, description = :d.description, time_zone = :d.timeZone, query = :d.query,
                owner = :d.owner, scope = :d.scope, tags = :d.tags, external_source = :d.externalSource,
                external_url = :d.externalUrl, evaluate_every = :d.evaluateEveryText, version = version + 1, updated_at = :now::timestamptz, updated_by = :by
            where id = :id and not exists (select from segment other where other.key = :key and other.id <> :id)
            returning *
            """)
    Optional<Segment> update(int id, String key, @BindMethods("d") Definition definition, String by, Instant now);

    @SqlQuery("""
            update segment
            set draft = :draft::jsonb, version = version + 1, updated_at = :now::timestamptz, updated_by = :by,
                next_evaluation_at = case when :evaluate then :now::timestamptz else next_evaluation_at end
            where id = :id
            returning *
            """)
    Segment setDraft(int id, @Nullable String draft, boolean evaluate, String by, Instant now);

    /** The edit stays, to be saved or discarded; one that was about to become the segment waits for that again. */
    @SqlQuery("""
            update segment
            set state = :state, cause = null, draft = draft || '{"saving": false}', version = version + 1, updated_at = :now::timestamptz, updated_by = :by,
                next_evaluation_at = case when :state = 'goingLive' then :now::timestamptz end,
                stopped_at = case when :state = 'live' then null
                                  when :state = 'stopped' and state = 'live' then :now::timestamptz
                                  when :state = 'stopped' then coalesce(stopped_at, :now::timestamptz)
                                  else stopped_at end,
                first_live_by = case when first_live_at is null and :state in ('goingLive', 'live') then :by else first_live_by end
            where id = :id
            returning *
            """)
    Segment setState(int id, String state, String by, Instant now);

    @SqlQuery("update segment set next_evaluation_at = :now::timestamptz where id = :id returning *")
    Segment makeDue(int id, Instant now);

    /** How many there are. */
    @SqlUpdate("""
            update segment set next_evaluation_at = least(next_evaluation_at, :now::timestamptz)
            where kind = 'dynamic' and state = 'live'
            """)
    int makeAllDue(Instant now);

    /** An audit has failed and is tried again later; says whether the segment is still live. */
    @SqlUpdate("""
            update segment set next_evaluation_at = :next::timestamptz, cause = :cause where id = :id and state = 'live'
            """)
    boolean postpone(int id, Instant next, @Nullable String cause);

    /** What these segments ask for means something else from now on, so that they are to be evaluated in full. */
    @SqlUpdate("""
            update segment set rescoped = rescoped + 1, next_evaluation_at = :at::timestamptz
            where id = any(:ids) and state in ('goingLive', 'live')
            """)
    void redefine(int[] ids, Instant at);

    /** As evaluated, which makes up for so many changes of its scope; says whether the segment is still live. */
    @SqlUpdate("""
            update segment
            set next_evaluation_at = case when rescoped > :rescoped then next_evaluation_at else :next::timestamptz end,
                rescoped = rescoped - :rescoped, cause = null
            where id = :id and state = 'live'
            """)
    boolean stayLive(int id, int rescoped, Instant next);

    /** Says whether the segment was still going live. */
    @SqlUpdate("""
            update segment
            set state = 'live', stopped_at = null, first_live_at = coalesce(first_live_at, :now::timestamptz),
                next_evaluation_at = case when rescoped > :rescoped then next_evaluation_at else :next::timestamptz end,
                rescoped = rescoped - :rescoped, version = version + 1
            where id = :id and state = 'goingLive'
            """)
    boolean becomeLive(int id, int rescoped, Instant now, Instant next);

    /** Lets the edit become the segment; says whether it was still to be saved as it was read. */
    @SqlUpdate("""
            update segment
            set name = draft ->> 'name', description = draft ->> 'description', time_zone = draft ->> 'timeZone',
                query = draft ->> 'query', owner = draft ->> 'owner', scope = draft ->> 'scope', evaluate_every = draft ->> 'evaluateEvery',
                tags = array(select jsonb_array_elements_text(draft -> 'tags')), draft = null, cause = null,
                next_evaluation_at = case when rescoped > :rescoped then next_evaluation_at else :next::timestamptz end,
                rescoped = rescoped - :rescoped, version = version + 1
            where id = :id and version = :version and state = 'live' and (draft ->> 'saving')::boolean
            """)
    boolean becomeEdit(int id, int version, int rescoped, Instant next);

    /** The evaluation has failed for good; says whether the segment was still to be evaluated. */
    @SqlUpdate("""
            update segment
            set state = 'error', cause = :cause, next_evaluation_at = null, version = version + 1, updated_at = :now::timestamptz
            where id = :id and state in ('goingLive', 'live')
            """)
    boolean fail(int id, String cause, Instant now);

    @SqlUpdate("delete from segment where id = :id")
    void delete(int id);
}
