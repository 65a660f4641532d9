package sojourn.app.messages;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.json.Json;
import org.jdbi.v3.sqlobject.SqlObject;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;
import org.jspecify.annotations.Nullable;

@RegisterConstructorMapper(MessageRow.class)
interface MessageDao extends SqlObject {

    @SqlQuery("""
            select m.*, v.content as live
            from message m left join message_version v on v.message_id = m.id and v.version = m.live_version
            where m.key = :reference or m.uuid::text = :reference
            """)
    Optional<MessageRow> find(String reference);

    @SqlQuery("""
            select m.*, v.content as live
            from message m left join message_version v on v.message_id = m.id and v.version = m.live_version
            where m.key = :reference or m.uuid::text = :reference
            for update of m
            """)
    Optional<MessageRow> lock(String reference);

    @SqlQuery("""
            select m.*, v.content as live
            from message m left join message_version v on v.message_id = m.id and v.version = m.live_version
            where (:after::text is null or m.key > :after)
              and (:state::text is null or m.state = :state)
              and (:search::text is null or m.key ilike :search or coalesce(v.content, m.draft) ->> 'name' ilike :search)
            order by m.key
            limit :limit
            """)
    List<MessageRow> list(@Nullable String after, @Nullable String state, @Nullable String search, int limit);

    /** Those that were live, of which segments know nothing yet. */
    @SqlQuery("""
            select m.*, v.content as live
            from message m join message_version v on v.message_id = m.id and v.version = m.live_version
            where not exists (select from named_record n where n.kind = 'message' and n.key = m.key)
            """)
    List<MessageRow> unnamed();

    /** False when the key is taken. */
    @SqlUpdate("""
            insert into message (key, channel, state, draft, created_at, created_by, updated_at, updated_by)
            values (:key, :channel, 'draft', :draft, :at, :by, :at, :by)
            on conflict (key) do nothing
            """)
    boolean add(String key, String channel, @Json MessageContent draft, Instant at, String by);

    @SqlUpdate("""
            update message set draft = :draft, version = version + 1, updated_at = :at, updated_by = :by
            where id = :id
            """)
    void setDraft(int id, @Json MessageContent draft, Instant at, String by);

    @SqlQuery("""
            insert into message_version (message_id, version, content, live_at, live_by)
            select :id, coalesce(max(version), 0) + 1, :content, :at, :by from message_version where message_id = :id
            returning version
            """)
    int addVersion(int id, @Json MessageContent content, Instant at, String by);

    @SqlUpdate("""
            update message
            set state = :state, live_version = :liveVersion, draft = null,
                version = version + 1, updated_at = :at, updated_by = :by
            where id = :id
            """)
    void setLive(int id, String state, int liveVersion, Instant at, String by);

    @SqlUpdate("""
            update message set state = 'stopped', version = version + 1, updated_at = :at, updated_by = :by
            where id = :id
            """)
    void stop(int id, Instant at, String by);

    @SqlUpdate("delete from message where id = :id")
    void delete(int id);
}
