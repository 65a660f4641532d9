package sojourn.app.journeys;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Size;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.SqlStatement;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Contacts;
import sojourn.app.platform.Instants;
import sojourn.app.platform.ProblemError;

/**
 * Which runs of a journey: all that fit everything that is given; null asks for nothing.
 *
 * @param tile where they are, or were when they ended
 * @param reason why they stopped or failed
 * @param contact by UUID or {@code external:} and its external id; who is unknown has none, and one that others were merged
 *     into has theirs too
 * @param segment by key: runs of its members
 * @param enteredAfter at or after
 * @param enteredBefore before
 * @param runs these and no others
 */
record RunFilter(
        @Nullable RunStatus status,
        @Nullable String tile,
        @Nullable Integer version,
        @Nullable String reason,
        @Nullable String contact,
        @Nullable String segment,
        @Nullable Instant enteredAfter,
        @Nullable Instant enteredBefore,
        @Nullable @Size(min = 1, max = MOST_RUNS) List<@NotNull UUID> runs) {

    static final RunFilter ALL = new RunFilter(null, null, null, null, null, null, null, null, null);

    static final int MOST_RUNS = 10_000;

    /** A condition over a row {@code r} of {@code run}, and what it is to be bound with. */
    record Condition(String sql, Map<String, Object> values) {

        <S extends SqlStatement<S>> S bind(S statement) {
            return statement.bindMap(values);
        }

        Condition and(String more, String name, Object value) {
            var all = new LinkedHashMap<>(values);
            all.put(name, value);
            return new Condition(sql + " and " + more, all);
        }
    }

    /** Everything that is wrong with it; {@code pointer} leads to it. */
    List<ProblemError> check(Handle handle, String pointer) {
        var errors = new ArrayList<ProblemError>();
        Instants.check(pointer + "/enteredAfter", enteredAfter, errors);
        Instants.check(pointer + "/enteredBefore", enteredBefore, errors);
        if (enteredAfter != null && enteredBefore != null && !enteredAfter.isBefore(enteredBefore)) {
            errors.add(ProblemError.at(
                    pointer + "/enteredBefore", "runs-backward", "`enteredBefore` must come after `enteredAfter`"));
        }
        if (segment != null && !exists(handle, segment)) {
            errors.add(
                    ProblemError.at(pointer + "/segment", "unknown-segment", "There is no segment '" + segment + "'"));
        }
        return errors;
    }

    private static boolean exists(Handle handle, String segment) {
        return handle.select("select exists (select from segment where key = ? or uuid::text = ?)", segment, segment)
                .mapTo(Boolean.class)
                .one();
    }

    Condition over(Handle handle, Contacts contacts, int journey) {
        var condition = new Condition("r.journey_id = :journey", Map.of("journey", journey));
        if (status != null) {
            condition = condition.and("r.status = :status", "status", status.name());
        }
        if (tile != null) {
            condition = condition.and("r.tile = :tile", "tile", tile);
        }
        if (version != null) {
            condition = condition.and("r.version = :version", "version", version);
        }
        if (reason != null) {
            condition = condition.and("r.reason = :reason", "reason", reason);
        }
        if (contact != null) {
            condition = condition.and(
                    "r.contact_id in (select m.id from contact m where m.id = :contact or m.merged_into = :contact)",
                    "contact",
                    contacts.resolve(handle, contact).orElse(-1));
        }
        if (segment != null) {
            condition = condition.and("""
                    r.contact_id in (select m.contact_id from membership m join segment s on s.id = m.segment_id
                                     where s.key = :segment or s.uuid::text = :segment)""", "segment", segment);
        }
        if (enteredAfter != null) {
            condition = condition.and("r.entered_at >= :enteredAfter", "enteredAfter", enteredAfter);
        }
        if (enteredBefore != null) {
            condition = condition.and("r.entered_at < :enteredBefore", "enteredBefore", enteredBefore);
        }
        if (runs != null) {
            condition = condition.and("r.id = any(:runs)", "runs", runs.toArray(UUID[]::new));
        }
        return condition;
    }
}
