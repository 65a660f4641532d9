package sojourn.app.delivery;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jspecify.annotations.Nullable;
import sojourn.workflows.journeys.Instruction;

/** Runs of one visit each, kept in a table so that what is rolled back is forgotten. */
final class FakeRuns implements Passages {

    static final Instant ENTERED = Instant.parse("2026-11-20T09:00:00Z");

    private final Jdbi jdbi;

    @Nullable
    Instant expiresAt;

    Runnable beforeLastLook = () -> {};
    Runnable whileLeaving = () -> {};
    Runnable beforeNext = () -> {};
    private int looks;

    FakeRuns(Jdbi jdbi) {
        this.jdbi = jdbi;
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
    public Optional<Sending> lock(Handle handle, UUID run, int visit) {
        return handle.createQuery("select contact_id from fake_run where id = ? and ended is null for update")
                .bind(0, run)
                .mapTo(Long.class)
                .findOne()
                .map(contact -> new Sending(
                        run,
                        contact,
                        visit,
                        "win-back",
                        3,
                        "remind",
                        1,
                        "email",
                        "hello",
                        "commercial",
                        expiresAt,
                        ENTERED,
                        ENTERED.plusSeconds(60)));
    }

    /** The second look of an attempt is the last one. */
    @Override
    public Optional<String> mustStop(Handle handle, UUID run) {
        if (++looks % 2 == 0) {
            beforeLastLook.run();
        }
        return handle.createQuery("select stop from fake_run where id = ? and stop is not null")
                .bind(0, run)
                .mapTo(String.class)
                .findOne();
    }

    void startLooksAnew() {
        looks = 0;
    }

    @Override
    public void leave(Handle handle, UUID run, int visit, VisitEnd end) {
        handle.execute("update fake_run set ended = ? where id = ?", text(end), run);
        whileLeaving.run();
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
    public Instruction next(UUID run, int visit) {
        beforeNext.run();
        return new Instruction.Finish("completed", null);
    }
}
