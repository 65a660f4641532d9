package sojourn.app.segments;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/**
 * The difference between who is in a segment and who should be, written by one statement: memberships, past
 * memberships and outbox rows.
 *
 * <p>Leavers are named by an array, so that they are looked up by the index whatever the statistics say: of a segment that
 * has just been filled they know nothing, and a join would go through all its members for each leaver.
 *
 * @param changes the outbox rows
 */
record Delta(int segment, long size, long joined, long left, List<Long> changes) {

    /** Of a segment that has what it should. */
    static Delta none(Handle handle, int segment) {
        var size = handle.select("select count(*) from membership where segment_id = ?", segment)
                .mapTo(Long.class)
                .one();
        return new Delta(segment, size, 0, 0, List.of());
    }

    /** The caller holds the segment's lock for itself alone. {@code condition} is about {@code contact c}. */
    static Delta write(Handle handle, int segment, Statement condition, Instant now) {
        return write(handle, segment, statement(segment, condition, now));
    }

    /** The same, looking at these contacts only. */
    static Delta among(Handle handle, int segment, Statement condition, Long[] contacts, Instant now) {
        return write(handle, segment, statement(segment, condition, contacts, now));
    }

    private static Delta write(Handle handle, int segment, Statement statement) {
        return statement
                .query(handle)
                .map((row, _) -> {
                    var joined = row.getLong("joined");
                    var left = row.getLong("gone");
                    return new Delta(segment, row.getLong("size_before") + joined - left, joined, left, List.of((Long[])
                            row.getArray("changes").getArray()));
                })
                .one();
    }

    static Statement statement(int segment, Statement condition, Instant now) {
        return statement(segment, condition, Statement.of("segment_id = ?", segment), now);
    }

    private static Statement statement(int segment, Statement condition, Long[] contacts, Instant now) {
        return statement(
                segment,
                Statement.of("c.id = any(?) and ", (Object) contacts).add(condition),
                Statement.of("segment_id = ? and contact_id = any(?)", segment, contacts),
                now);
    }

    /** @param current a condition on {@code membership}: what is compared with whom the condition is true of */
    private static Statement statement(int segment, Statement condition, Statement current, Instant now) {
        return Statement.of("""
                        with delta as materialized (
                            select coalesce(due.id, m.contact_id) as contact_id, due.id is not null as joins
                            from (select c.id from contact c where c.state <> 'erased' and\s""")
                .add(condition)
                .add(Statement.of(") as due full join (select contact_id from membership where "))
                .add(current)
                .add(Statement.of("""
                        ) as m
                              on m.contact_id = due.id
                            where due.id is null or m.contact_id is null),
                        joined as (
                            insert into membership (segment_id, contact_id, joined_at)
                            select ?, contact_id, ?::timestamptz from delta where joins),
                        gone as (
                            delete from membership m
                            where m.segment_id = ? and m.contact_id = any(array(select contact_id from delta where not joins))
                            returning m.contact_id, m.joined_at),
                        past as (
                            insert into past_membership (segment_id, contact_id, joined_at, left_at)
                            select ?, contact_id, joined_at, ?::timestamptz from gone),
                        outbox as (
                            insert into membership_change (segment_id, joined, left_, at)
                            select ?, coalesce(array_agg(contact_id order by contact_id) filter (where joins), '{}'),
                                   coalesce(array_agg(contact_id order by contact_id) filter (where not joins), '{}'), ?::timestamptz
                            from (select contact_id, joins, (row_number() over (order by contact_id) - 1) / 1000 as part
                                  from delta) as numbered
                            group by part
                            order by part
                            returning seq, cardinality(joined) as joined, cardinality(left_) as gone)
                        select (select count(*) from membership where segment_id = ?) as size_before,
                               coalesce(sum(joined), 0) as joined,
                               coalesce(sum(gone), 0) as gone,
                               coalesce(array_agg(seq), '{}') as changes
                        from outbox
                        """, segment, now, segment, segment, now, segment, now, segment));
    }

    Evaluation evaluation(EvaluationKind kind, Instant at, Duration took, int drift) {
        return new Evaluation(at, took, size, joined, left, kind.word(), drift);
    }

    /** Leaves word for the segments that build on this one. */
    void tellDependents(Handle handle, String key, Instant now) {
        handle.createUpdate("""
                        insert into change (consumer, contact_ids, causes, at)
                        select 'segments', joined || left_, array[:cause::text], :now::timestamptz
                        from membership_change
                        where seq = any(:changes)
                        order by seq
                        """)
                .bind("cause", new Cause.Membership(key).word())
                .bind("now", now)
                .bind("changes", changes.toArray(Long[]::new))
                .execute();
    }

    /** Those who were members and are not any more. */
    Set<Long> leavers(Handle handle) {
        return handle.createQuery("select unnest(left_) from membership_change where seq = any(:changes)")
                .bind("changes", changes.toArray(Long[]::new))
                .mapTo(Long.class)
                .set();
    }

    /**
     * The contacts that joined or left and wait in no change row that would have told the incremental path.
     *
     * @param upstream the segments that this one builds on: what others have moved says nothing about it
     */
    Set<Long> unannounced(Handle handle, Set<String> upstream) {
        return handle.createQuery("""
                        select unnest(joined || left_) from membership_change where seq = any(:changes)
                        except
                        select unnest(contact_ids) from change
                        where consumer = 'segments'
                          and (segment_id = :segment
                               or segment_id is null and exists (
                                   select from unnest(causes) as cause
                                   where not starts_with(cause, :membership) or cause = any(:upstream)))
                        """)
                .bind("membership", Cause.MEMBERSHIP)
                .bind(
                        "upstream",
                        upstream.stream()
                                .map(key -> new Cause.Membership(key).word())
                                .toArray(String[]::new))
                .bind("changes", changes.toArray(Long[]::new))
                .bind("segment", segment)
                .mapTo(Long.class)
                .set();
    }
}
