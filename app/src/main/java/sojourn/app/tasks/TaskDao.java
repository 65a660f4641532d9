package sojourn.app.tasks;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.sqlobject.config.RegisterConstructorMapper;
import org.jdbi.v3.sqlobject.customizer.BindMethods;
import org.jdbi.v3.sqlobject.statement.SqlQuery;
import org.jdbi.v3.sqlobject.statement.SqlUpdate;
import org.jspecify.annotations.Nullable;

interface TaskDao {

    String COLUMNS = """
            select t.id, t.kind, t.state, c.uuid as contact_id, c.external_id, t.owner, t.team, t.subject, t.text, t.due_at,
                   t.journey, t.version, t.tile, t.pass, t.run_id as run, t.outcome, t.created_at, t.ended_at, t.ended_by
            from task t join contact c on c.id = t.contact_id
            """;

    /** What to list; null means any. */
    record Filter(
            @Nullable String state,
            @Nullable String owner,
            @Nullable String team,
            @Nullable Long contact,
            @Nullable UUID after) {}

    /** Newest first. */
    @SqlQuery(COLUMNS + """
            where (:f.after::uuid is null or t.id < :f.after)
              and (:f.state::text is null or t.state = :f.state)
              and (:f.owner::text is null or t.owner = :f.owner)
              and (:f.team::text is null or t.team = :f.team)
              and (:f.contact::bigint is null or t.contact_id = :f.contact)
            order by t.id desc
            limit :limit
            """)
    @RegisterConstructorMapper(Task.class)
    List<Task> list(@BindMethods("f") Filter filter, int limit);

    @SqlQuery(COLUMNS + "where t.id = :id")
    @RegisterConstructorMapper(Task.class)
    Optional<Task> find(UUID id);

    /** The short key of its contact; the task is nobody else's until the transaction ends. */
    @SqlQuery("select contact_id from task where id = :id for update")
    Optional<Long> lock(UUID id);

    @SqlUpdate("""
            insert into task (contact_id, kind, state, owner, team, subject, text, due_at, journey, version, tile, pass, run_id,
                              visit, created_at)
            values (:t.contactId, :t.kind, 'open', :t.owner, :t.team, :t.subject, :t.text, :t.due, :t.journey, :t.version, :t.tile,
                    :t.pass, :t.run, :t.visit, :now)
            """)
    void add(@BindMethods("t") Tasks.NewTask task, Instant now);

    @SqlUpdate("""
            update task set state = :state, outcome = :outcome, ended_at = :now, ended_by = :by where id = :id
            """)
    void end(UUID id, Task.State state, @Nullable String outcome, String by, Instant now);

    @SqlUpdate("""
            update task
            set owner = null, subject = null, text = null, outcome = null, ended_by = null,
                ended_at = case when state = 'open' then :now else ended_at end,
                state = case when state = 'open' then 'cancelled' else state end
            where contact_id = :contact
            """)
    void erase(long contact, Instant now);

    @SqlUpdate("update task set contact_id = :winner where contact_id = :loser")
    void merge(long loser, long winner);
}
