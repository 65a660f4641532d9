package sojourn.app.segments;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Cursor;
import sojourn.app.platform.Page;

/** Lists who is in a segment, or was at an instant, in the order in which contacts were made. */
final class SegmentMembers {

    private SegmentMembers() {}

    /**
     * A member as the API shows it.
     *
     * @param leftAt of one that was a member at the instant asked for, but has left since
     */
    record Member(
            UUID contactId,
            @Nullable String externalId,
            Instant joinedAt,

            @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable
            Instant leftAt) {}

    record Row(long contact, Member member) {

        static Row read(ResultSet row) throws SQLException {
            var left = row.getObject(5, OffsetDateTime.class);
            return new Row(
                    row.getLong(1),
                    new Member(
                            row.getObject(2, UUID.class),
                            row.getString(3),
                            row.getObject(4, OffsetDateTime.class).toInstant(),
                            left == null ? null : left.toInstant()));
        }
    }

    /**
     * Which members.
     *
     * @param contact only this one
     * @param q folded; only those whose external id, first, last or whole name begins with it, or whose email does where
     *     {@code withContactPoints} says that it may be seen
     * @param asOf those that were members then; now when null
     * @param joinedFrom only those who joined at or after it
     * @param joinedTo only those who joined before it
     */
    record Filter(
            @Nullable Long contact,
            @Nullable String q,
            boolean withContactPoints,
            @Nullable Instant asOf,
            @Nullable Instant joinedFrom,
            @Nullable Instant joinedTo) {

        /** As of a moment, or an earlier one where that was asked for. */
        Filter asOf(Instant moment) {
            var earlier = asOf != null && asOf.isBefore(moment) ? asOf : moment;
            return new Filter(contact, q, withContactPoints, earlier, joinedFrom, joinedTo);
        }
    }

    static Page<Member> page(Handle handle, int segment, Filter filter, @Nullable Cursor after, int limit) {
        var rows = statement(segment, filter, after == null ? 0 : after.number(0))
                .add(Statement.of(" limit ?", limit + 1))
                .query(handle)
                .map((row, _) -> Row.read(row))
                .list();
        return Page.of(rows, limit, row -> Cursor.of(row.contact())).map(Row::member);
    }

    /** All that come after a contact, as {@link Row} reads them. */
    static Statement statement(int segment, Filter filter, long after) {
        var statement = Statement.of("""
                        select m.contact_id, c.uuid, c.external_id, m.joined_at, m.left_at
                        from (""")
                .add(stays(segment, filter.asOf()))
                .add(Statement.of(") m join contact c on c.id = m.contact_id where m.contact_id > ? ", after));
        if (filter.contact() != null) {
            statement = statement.add(Statement.of("and m.contact_id = ? ", filter.contact()));
        }
        if (filter.joinedFrom() != null) {
            statement = statement.add(Statement.of("and m.joined_at >= ? ", utc(filter.joinedFrom())));
        }
        if (filter.joinedTo() != null) {
            statement = statement.add(Statement.of("and m.joined_at < ? ", utc(filter.joinedTo())));
        }
        if (filter.q() != null) {
            statement = statement.add(beginsWith(filter.q(), filter.withContactPoints()));
        }
        return statement.add(Statement.of("order by m.contact_id"));
    }

    /** Someone who left at an instant is no member then, someone who joined at it is one: nobody is one twice. */
    private static Statement stays(int segment, @Nullable Instant asOf) {
        var now = Statement.of(
                "select contact_id, joined_at, null::timestamptz as left_at from membership where segment_id = ? ",
                segment);
        return asOf == null ? now : now.add(Statement.of("""
                        and joined_at <= ?
                        union all
                        select contact_id, joined_at, left_at from past_membership
                        where segment_id = ? and joined_at <= ? and left_at > ?""", utc(asOf), segment, utc(asOf), utc(asOf)));
    }

    private static Statement beginsWith(String q, boolean withContactPoints) {
        var names = Statement.of("""
                and (starts_with(c.folded ->> 'externalId', ?) or starts_with(c.folded ->> 'firstName', ?)
                 or starts_with(c.folded ->> 'lastName', ?)
                 or starts_with(concat_ws(' ', c.folded ->> 'firstName', c.folded ->> 'lastName'), ?)""", q, q, q, q);
        return names.add(
                withContactPoints ? Statement.of(" or starts_with(c.folded ->> 'email', ?)) ", q) : Statement.of(") "));
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
