package sojourn.app.journeys;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.mapper.reflect.ConstructorMapper;
import org.jdbi.v3.json.Json;
import org.jspecify.annotations.Nullable;
import sojourn.app.contacts.Contacts;
import sojourn.app.platform.Problem;
import sojourn.app.platform.Temporal;
import sojourn.workflows.journeys.Instruction;

/** Reads runs for people: where each is, since when, what it waits for, and the path so far. */
final class RunReading {

    private static final String SELECT = """
            select r.id, j.key as journey, r.version, c.uuid as contact, c.external_id, r.status, r.entered_at, r.tile,
                   r.instruction, r.until, r.outcome, r.reason, r.ended_at, r.run_no
            from run r
            join journey j on j.id = r.journey_id
            join contact c on c.id = r.contact_id
            """;

    private final Jdbi jdbi;
    private final Contacts contacts;
    private final Temporal temporal;

    RunReading(Jdbi jdbi, Contacts contacts, Temporal temporal) {
        this.jdbi = jdbi;
        this.contacts = contacts;
        this.temporal = temporal;
    }

    Run get(UUID id) {
        return jdbi
                .withHandle(handle -> complete(
                        handle,
                        handle.createQuery(SELECT + "where r.id = :id")
                                .bind("id", id)
                                .map(ConstructorMapper.of(Row.class))
                                .list()))
                .stream()
                .findFirst()
                .orElseThrow(() -> Problem.notFound("run", id));
    }

    /** Runs of a journey after one, in the order of their ids. */
    List<Run> page(int journey, RunFilter filter, UUID after, int limit) {
        return jdbi.withHandle(handle -> {
            var where = filter.over(handle, contacts, journey);
            return complete(
                    handle,
                    where.bind(handle.createQuery(
                                    SELECT + "where r.id > :after and " + where.sql() + " order by r.id limit :limit"))
                            .bind("after", after)
                            .bind("limit", limit)
                            .map(ConstructorMapper.of(Row.class))
                            .list());
        });
    }

    /** Runs of a contact in a journey, and of those merged into it, the newest first. */
    List<Run> latest(Handle handle, int journey, long contact, int limit) {
        return complete(
                handle,
                handle.createQuery(SELECT + """
                                where r.journey_id = :journey
                                  and r.contact_id in (select m.id from contact m
                                                       where m.id = :contact or m.merged_into = :contact)
                                order by r.id desc limit :limit
                                """)
                        .bind("journey", journey)
                        .bind("contact", contact)
                        .bind("limit", limit)
                        .map(ConstructorMapper.of(Row.class))
                        .list());
    }

    /** Runs of a contact in all journeys, and of those merged into it, before one, the newest first. */
    List<Run> ofContact(String reference, @Nullable RunStatus status, @Nullable UUID before, int limit) {
        return jdbi.withHandle(handle -> complete(
                handle,
                handle.createQuery(SELECT + """
                                where r.contact_id in (select m.id from contact m
                                                       where m.id = :contact or m.merged_into = :contact)
                                  and (cast(:status as text) is null or r.status = :status)
                                  and (cast(:before as uuid) is null or r.id < :before)
                                order by r.id desc limit :limit
                                """)
                        .bind(
                                "contact",
                                contacts.resolve(handle, reference).orElseThrow(() -> Contacts.unknown(reference)))
                        .bind("status", status == null ? null : status.name())
                        .bind("before", before)
                        .bind("limit", limit)
                        .map(ConstructorMapper.of(Row.class))
                        .list()));
    }

    private List<Run> complete(Handle handle, List<Row> rows) {
        var ids = rows.stream().map(Row::id).toList();
        var paths =
                handle
                        .createQuery("""
                        select run_id, tile, pass, entered_at, left_at, coalesce(outcome, status) as outcome, branch,
                               why #>> '{}' as why, reason, seen, status
                        from tile_visit where run_id = any(:ids) order by run_id, no
                        """)
                        .bindArray("ids", UUID.class, ids)
                        .map(ConstructorMapper.of(StepRow.class))
                        .stream()
                        .collect(Collectors.groupingBy(StepRow::runId));
        var deliveries =
                handle
                        .createQuery("""
                        select run_id, id, tile, channel, state, reason,
                               case when ended_at is null then last_error end as last_error,
                               case when ended_at is null then next_try_at end as next_try_at
                        from delivery where run_id = any(:ids) order by run_id, visit
                        """)
                        .bindArray("ids", UUID.class, ids)
                        .map(ConstructorMapper.of(SentRow.class))
                        .stream()
                        .collect(Collectors.groupingBy(SentRow::runId));
        return rows.stream().map(row -> run(row, paths, deliveries)).toList();
    }

    private Run run(Row row, Map<UUID, List<StepRow>> paths, Map<UUID, List<SentRow>> deliveries) {
        var path = paths.getOrDefault(row.id(), List.of());
        var open = row.endedAt() == null;
        var workflowId = "journey/" + row.journey() + "/contact/" + row.contact() + "/" + row.runNo();
        return new Run(
                row.id(),
                row.journey(),
                row.version(),
                row.contact(),
                row.externalId(),
                row.status(),
                row.enteredAt(),
                row.tile(),
                path.isEmpty() ? null : path.getLast().enteredAt(),
                open ? waitingFor(row.instruction()) : null,
                open ? row.until() : null,
                row.outcome(),
                row.reason(),
                row.endedAt(),
                workflowId,
                temporal.workflowUrl(workflowId).orElse(null),
                path.stream().map(StepRow::toStep).toList(),
                deliveries.getOrDefault(row.id(), List.of()).stream()
                        .map(SentRow::toSent)
                        .toList());
    }

    private static @Nullable String waitingFor(@Nullable Instruction instruction) {
        return switch (instruction) {
            case null -> null;
            case Instruction.Hold hold -> hold.waitingFor();
            case Instruction.Await await -> await.waitingFor();
            case Instruction.Call call -> "the end of " + call.workflow();
            case Instruction.Deliver deliver -> "the " + deliver.kind() + " to be sent";
            case Instruction.Finish _ -> null;
        };
    }

    /** Public for the row mapper. */
    public record Row(
            UUID id,
            String journey,
            int version,
            UUID contact,
            @Nullable String externalId,
            RunStatus status,
            Instant enteredAt,
            @Nullable String tile,
            @Json @Nullable Instruction instruction,
            @Nullable Instant until,
            @Nullable String outcome,
            @Nullable String reason,
            @Nullable Instant endedAt,
            int runNo) {}

    /** Public for the row mapper. */
    public record StepRow(
            UUID runId,
            String tile,
            int pass,
            Instant enteredAt,
            @Nullable Instant leftAt,
            String outcome,
            @Nullable String branch,
            @Nullable String why,
            @Nullable String reason,
            @Json @Nullable Seen seen,
            String status) {

        Run.Step toStep() {
            return new Run.Step(
                    tile,
                    pass,
                    enteredAt,
                    leftAt,
                    status.equals("processing") ? null : outcome,
                    branch,
                    why,
                    reason,
                    seen);
        }
    }

    /** Public for the row mapper. */
    public record SentRow(
            UUID runId,
            UUID id,
            String tile,
            String channel,
            String state,
            @Nullable String reason,
            @Nullable String lastError,
            @Nullable Instant nextTryAt) {

        Run.Sent toSent() {
            return new Run.Sent(id, tile, channel, state, reason, lastError, nextTryAt);
        }
    }
}
