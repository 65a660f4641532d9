package sojourn.app.delivery;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.app.interactions.OwnInteractions;
import sojourn.app.interactions.OwnInteractions.Own;
import sojourn.workflows.journeys.AbTest;
import sojourn.workflows.journeys.Instruction;
import sojourn.workflows.journeys.Next;
import sojourn.workflows.journeys.SendingTile;

/** Runs of one visit each, kept in a table so that what is rolled back is forgotten. */
final class FakeRuns implements Passages {

    static final Instant ENTERED = Instant.parse("2026-11-20T09:00:00Z");

    private final Jdbi jdbi;
    private final OwnInteractions interactions;

    @Nullable
    Instant expiresAt;

    @Nullable
    Instant waitsUntil;

    Map<String, Object> trigger = Map.of();

    SendingTile what = new SendingTile.Email("hello", null, null);

    AbTest.@Nullable Variant variant;

    Runnable beforeLastLook = () -> {};
    Runnable whileLeaving = () -> {};
    Runnable beforeNext = () -> {};
    private int looks;

    FakeRuns(Jdbi jdbi, OwnInteractions interactions) {
        this.jdbi = jdbi;
        this.interactions = interactions;
        jdbi.useHandle(handle -> handle.execute("""
                create table fake_run (id uuid primary key default uuidv7(), contact_id bigint, ended text, stop text)
                """));
    }

    UUID enter(long contact) {
        return jdbi.withHandle(handle -> handle.createQuery("insert into fake_run (contact_id) values (?) returning id")
                .bind(0, contact)
                .mapTo(UUID.class)
                .one());
    }

    void stop(UUID run, String reason) {
        jdbi.useHandle(handle -> handle.execute("update fake_run set stop = ? where id = ?", reason, run));
    }

    List<String> ends() {
        return jdbi.withHandle(handle -> handle.createQuery("select ended from fake_run order by id")
                .mapTo(String.class)
                .list());
    }

    @Override
    public Passage lock(Handle handle, UUID run, int visit) {
        var contact = handle.createQuery("select contact_id from fake_run where id = ? and ended is null for update")
                .bind(0, run)
                .mapTo(Long.class)
                .findOne();
        return new Passage() {
            @Override
            public Optional<Sending> sending() {
                return contact.map(id -> FakeRuns.this.sending(run, id, visit));
            }

            @Override
            public Hindrance hindrance() {
                return FakeRuns.this.hindrance(handle, run);
            }

            @Override
            public Optional<Next> putOff() {
                return Optional.of(new Instruction.Hold(
                        visit, "remind", Objects.requireNonNull(waitsUntil), "for the send window"));
            }

            @Override
            public Optional<Next> leave(VisitEnd end, List<Own> facts) {
                interactions.record(handle, facts);
                if (contact.isPresent()) {
                    handle.execute("update fake_run set ended = ? where id = ?", text(end), run);
                    whileLeaving.run();
                }
                return Optional.empty();
            }
        };
    }

    private Sending sending(UUID run, long contact, int visit) {
        return new Sending(
                run,
                contact,
                visit,
                "win-back",
                3,
                "remind",
                1,
                what,
                variant,
                "commercial",
                expiresAt,
                waitsUntil,
                ENTERED,
                ENTERED.plusSeconds(60),
                trigger);
    }

    /** The second look of an attempt is the last one. */
    @Override
    public Hindrance hindrance(Handle handle, UUID run) {
        if (++looks % 2 == 0) {
            beforeLastLook.run();
        }
        var stop = handle.createQuery("select stop from fake_run where id = ? and stop is not null")
                .bind(0, run)
                .mapTo(String.class)
                .findOne();
        return new Hindrance(stop.orElse(null), false);
    }

    void startLooksAnew() {
        looks = 0;
    }

    private static String text(VisitEnd end) {
        return switch (end) {
            case VisitEnd.Processed(var outcome, var reason) -> outcome + (reason == null ? "" : " " + reason);
            case VisitEnd.Expired() -> "expired";
            case VisitEnd.Stopped(var reason) -> "stopped " + reason;
            case VisitEnd.Failed(var reason) -> "failed " + reason;
        };
    }

    @Override
    public Next next(UUID run, int visit) {
        beforeNext.run();
        return new Instruction.Finish("completed", null);
    }
}
