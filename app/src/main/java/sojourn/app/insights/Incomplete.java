package sojourn.app.insights;

import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jspecify.annotations.Nullable;
import sojourn.app.platform.Cursor;
import sojourn.app.platform.Page;
import sojourn.app.platform.Problem;

/** The runs and visits behind a figure, one by one: who did not come through, where and why. */
final class Incomplete {

    static final List<String> KINDS = List.of("stopped", "failed", "expired", "blocked", "unconfirmed");

    private Incomplete() {}

    /**
     * One of them.
     *
     * @param visit which of the run's visits; 0 when it was stopped before its first
     * @param contactPoint null for those who may not see it
     */
    public record Entry(
            UUID contactId,
            @Nullable String externalId,
            UUID run,
            int visit,
            @Nullable String tile,
            @Nullable String message,
            @Nullable String contactPoint,
            @Nullable String reason,
            @Nullable Instant at) {

        Entry withoutContactPoint() {
            return new Entry(contactId, externalId, run, visit, tile, message, null, reason, at);
        }
    }

    static void checkKind(@Nullable String kind) {
        if (kind == null || !KINDS.contains(kind)) {
            throw Problem.invalid(
                    "/kind", kind == null ? "missing" : "unknown-kind", "Say which kind: " + String.join(", ", KINDS));
        }
    }

    /** In the order in which the runs began. */
    static Page<Entry> page(Handle handle, Selection selection, @Nullable Cursor after, int limit) {
        var query = handle.createQuery(
                selection.figure().source() == Figure.Source.RUN ? ofRuns(selection) : ofVisits(selection));
        var rows = selection
                .bind(query)
                .bind("run", after == null ? new UUID(0, 0) : after.uuid(0))
                .bind("visit", after == null ? -1 : after.number(1))
                .bind("limit", limit + 1)
                .map(ConstructorMapper.of(Entry.class))
                .list();
        return Page.of(rows, limit, row -> Cursor.of(row.run(), row.visit()));
    }

    private static String ofRuns(Selection selection) {
        return """
                select c.uuid as contact_id, c.external_id, r.id as run, r.visit, r.tile, null as message,
                       null as contact_point, r.reason, r.ended_at as at
                from (select r.* %s) r
                join contact c on c.id = r.contact_id
                where (r.id, r.visit) > (:run, :visit)
                order by r.id, r.visit limit :limit
                """.formatted(selection.rows());
    }

    private static String ofVisits(Selection selection) {
        return """
                select c.uuid as contact_id, c.external_id, v.run_id as run, v.no as visit, v.tile, d.message,
                       d.contact_point, v.reason, v.left_at as at
                from (select v.* %s) v
                join contact c on c.id = v.contact_id
                left join delivery d on d.run_id = v.run_id and d.visit = v.no
                where (v.run_id, v.no) > (:run, :visit)
                order by v.run_id, v.no limit :limit
                """.formatted(selection.rows());
    }
}
