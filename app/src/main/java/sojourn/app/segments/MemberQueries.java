package sojourn.app.segments;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Contacts;
import sojourn.app.contacts.Erasure;
import sojourn.app.platform.Columns;
import sojourn.app.platform.Cursor;
import sojourn.app.platform.Page;
import sojourn.app.platform.Problem;
import sojourn.app.platform.ProblemError;
import sojourn.app.platform.ProblemType;
import sojourn.app.platform.TimeLimit;
import sojourn.app.platform.Transactions;
import sojourn.app.security.Deed;
import sojourn.app.segments.SegmentDeeds.How;
import sojourn.app.segments.language.Query;

/**
 * Queries for members of static segments. A query changes nothing: whom it finds is kept for a day, and it is that very
 * result that is added or removed, whatever has happened since.
 */
final class MemberQueries {

    private static final Duration KEPT = Duration.ofHours(24);

    /** As long as a job that failed for it can be read. */
    private static final Duration EXPIRY_KNOWN = Duration.ofDays(30);

    private final Jdbi jdbi;
    private final Vocabulary vocabulary;
    private final Contacts contacts;
    private final StaticMembers members;
    private final Scopes scopes;
    private final Duration timeLimit;
    private final InstantSource clock;

    MemberQueries(
            Jdbi jdbi,
            Vocabulary vocabulary,
            Contacts contacts,
            StaticMembers members,
            Scopes scopes,
            Duration timeLimit,
            InstantSource clock) {
        this.jdbi = jdbi;
        this.vocabulary = vocabulary;
        this.contacts = contacts;
        this.members = members;
        this.scopes = scopes;
        this.timeLimit = timeLimit;
        this.clock = clock;
    }

    /** Among whom a query looks. */
    enum Among {
        CONTACTS("contacts"),
        MEMBERS("members");

        private final String word;

        Among(String word) {
            this.word = word;
        }

        static Among of(@Nullable String word) {
            if (word == null || word.equals(CONTACTS.word)) {
                return CONTACTS;
            }
            if (word.equals(MEMBERS.word)) {
                return MEMBERS;
            }
            throw Problem.invalid("/among", "unknown-word", "among is '" + word + "'; contacts or members would fit");
        }
    }

    /** What a query has found. */
    record Result(UUID id, long count, Instant expiresAt) {}

    /** A contact of a result. */
    record Found(
            UUID contactId,
            @Nullable String externalId,
            @Nullable String firstName,
            @Nullable String lastName) {}

    private record Row(long id, Found found) {}

    Result ask(Segment segment, SentForm sent, ZoneId zone, Among among, String by) {
        StaticMembers.requirePicked(segment);
        var words = vocabulary.read();
        var understood = sent.require(words);
        try {
            return Transactions.in(
                    jdbi,
                    handle -> ask(handle, segment, words, understood.query(), understood.text(), zone, among, by));
        } catch (JdbiException failure) {
            if (Statement.tookTooLong(failure)) {
                throw new Problem(
                        ProblemType.UNAVAILABLE, "The query took longer than " + timeLimit.toSeconds() + " seconds");
            }
            throw failure;
        }
    }

    private Result ask(
            Handle handle,
            Segment segment,
            Vocabulary.Words words,
            Query query,
            String text,
            ZoneId zone,
            Among among,
            String by) {
        var now = clock.instant().truncatedTo(ChronoUnit.MICROS);
        var expiresAt = now.plus(KEPT);
        var id = handle.createQuery("""
                        insert into member_query (segment_id, query, time_zone, among, size, at, by_, expires_at)
                        values (:segment, :query, :zone, :among, 0, :now::timestamptz, :by, :expires::timestamptz)
                        returning id
                        """)
                .bind("segment", segment.id())
                .bind("query", text)
                .bind("zone", zone.getId())
                .bind("among", among.word)
                .bind("now", now)
                .bind("by", by)
                .bind("expires", expiresAt)
                .mapTo(UUID.class)
                .one();
        Statement.limitTime(handle, timeLimit);
        var found = Statement.of("""
                        with found as (
                            insert into member_query_contact (query_id, contact_id)
                            select ?::uuid, c.id from contact c where c.state <> 'erased' and\s""", id.toString())
                .add(Statement.compile(handle, words, query, now, zone))
                .add(Statement.of(" and "))
                .add(scopes.of(handle, segment.scope(), segment.owner()).condition())
                .add(among == Among.CONTACTS ? Statement.of("") : Statement.of("""
                                         and exists (select 1 from membership o where o.segment_id = ? and o.contact_id = c.id)\
                                        """, segment.id()))
                .add(Statement.of(" returning 1) select count(*) from found"));
        var count = found.query(handle).mapTo(Long.class).one();
        handle.execute("update member_query set size = ? where id = ?", count, id);
        return new Result(id, count, expiresAt);
    }

    /** A result that has not expired. */
    Result get(Handle handle, int segment, UUID id) {
        var result = handle.createQuery("""
                        select id, size, expires_at from member_query where id = :id and segment_id = :segment
                        """)
                .bind("id", id)
                .bind("segment", segment)
                .map((row, _) ->
                        new Result(Columns.uuid(row, "id"), row.getLong("size"), Columns.instant(row, "expires_at")))
                .findOne()
                .orElseThrow(() -> Problem.notFound("result of a query for members", id));
        if (!result.expiresAt().isAfter(clock.instant())) {
            throw new Problem(
                    ProblemType.EXPIRED,
                    "This result was kept for " + KEPT.toHours() + " hours, until " + result.expiresAt()
                            + "; ask the query again with POST, and act on the new result");
        }
        return result;
    }

    Page<Found> page(String segment, UUID id, @Nullable Cursor after, int limit) {
        return TimeLimit.read(jdbi, handle -> {
            get(handle, SegmentReadings.find(handle, segment).id(), id);
            var rows = handle.createQuery("""
                            select c.id, c.uuid, c.external_id, c.first_name, c.last_name
                            from member_query_contact q
                            join contact c on c.id = q.contact_id
                            where q.query_id = :query and q.contact_id > :after and c.state <> 'erased'
                            order by q.contact_id
                            limit :limit
                            """)
                    .bind("query", id)
                    .bind("after", after == null ? 0 : after.number(0))
                    .bind("limit", limit + 1)
                    .map((row, _) -> new Row(row.getLong("id"), found(row)))
                    .list();
            return Page.of(rows, limit, row -> Cursor.of(row.id())).map(Row::found);
        });
    }

    private static Found found(ResultSet row) throws SQLException {
        return new Found(
                Columns.uuid(row, "uuid"),
                row.getString("external_id"),
                row.getString("first_name"),
                row.getString("last_name"));
    }

    /** Adds or removes some contacts of a result by their names; nothing when any of them is not in it. */
    StaticMembers.Result change(String segment, UUID id, List<String> names, boolean remove, Deed deed) {
        if (names.size() > StaticMembers.MOST_AT_ONCE) {
            throw new Problem(
                    ProblemType.TOO_LARGE, "At most " + StaticMembers.MOST_AT_ONCE + " contacts at once would fit");
        }
        var result = Transactions.in(jdbi, handle -> {
            var found = lock(handle, segment, id);
            Erasure.holdOff(handle);
            return change(handle, found, chosen(handle, id, names), remove, deed);
        });
        members.kick();
        return result;
    }

    /** Adds or removes all contacts of a result that is small enough to do so at once. */
    StaticMembers.Result changeAll(String segment, UUID id, boolean remove, Deed deed) {
        var result = Transactions.in(jdbi, handle -> {
            var found = lock(handle, segment, id);
            Erasure.holdOff(handle);
            return change(handle, found, next(handle, id, 0, StaticMembers.MOST_AT_ONCE), remove, deed);
        });
        members.kick();
        return result;
    }

    /** Keeps a result for a job for another day. */
    void keep(Handle handle, UUID id) {
        handle.createUpdate("update member_query set expires_at = :expires::timestamptz where id = :id")
                .bind("expires", clock.instant().plus(KEPT))
                .bind("id", id)
                .execute();
    }

    private Segment lock(Handle handle, String reference, UUID id) {
        var segment = SegmentEditor.lock(
                handle, SegmentReadings.find(handle, reference).key());
        StaticMembers.requireByHand(segment);
        get(handle, segment.id(), id);
        return segment;
    }

    private StaticMembers.Result change(Handle handle, Segment segment, List<Long> picked, boolean remove, Deed deed) {
        var moved = change(handle, segment, picked, remove);
        SegmentDeeds.membersChanged(handle, clock.instant(), deed, segment.key(), How.QUERY, moved);
        return moved;
    }

    StaticMembers.Result change(Handle handle, Segment segment, List<Long> picked, boolean remove) {
        return remove
                ? members.change(handle, segment, List.of(), picked)
                : members.change(handle, segment, members.addable(handle, segment, picked), List.of());
    }

    /** The contacts of a result after one of them, in their order. */
    static List<Long> next(Handle handle, UUID id, long after, int limit) {
        return handle.createQuery("""
                        select contact_id from member_query_contact
                        where query_id = :query and contact_id > :after
                        order by contact_id
                        limit :limit
                        """)
                .bind("query", id)
                .bind("after", after)
                .bind("limit", limit)
                .mapTo(Long.class)
                .list();
    }

    private List<Long> chosen(Handle handle, UUID id, List<String> names) {
        var known = contacts.resolveAll(handle, names);
        var inResult = new HashSet<>(handle.createQuery("""
                        select contact_id from member_query_contact
                        where query_id = :query and contact_id = any(:contacts)
                        """)
                .bind("query", id)
                .bind("contacts", known.values().toArray(Long[]::new))
                .mapTo(Long.class)
                .list());
        var problems = new ArrayList<ProblemError>();
        for (var index = 0; index < names.size(); index++) {
            var contact = known.get(names.get(index));
            if (contact == null || !inResult.contains(contact)) {
                problems.add(ProblemError.at(
                        "/contacts/" + index, "not-in-result", "The result of the query has no such contact"));
            }
        }
        if (!problems.isEmpty()) {
            throw Problem.invalid(problems);
        }
        return names.stream()
                .map(name -> Objects.requireNonNull(known.get(name)))
                .distinct()
                .toList();
    }

    /** Forgets whom results that have expired had found, and what was asked; a while later, that there was one. */
    static void cleanUp(Handle handle, Instant now) {
        handle.createUpdate("""
                        with expired as (
                            update member_query set query = '' where expires_at <= :now::timestamptz and query <> ''
                            returning id)
                        delete from member_query_contact where query_id in (select id from expired)
                        """).bind("now", now).execute();
        handle.createUpdate("delete from member_query where expires_at <= :before::timestamptz")
                .bind("before", now.minus(EXPIRY_KNOWN))
                .execute();
    }
}
