package sojourn.faults;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Jdbi;

/**
 * Slows transactions down at chosen points, in the database and for a few seconds only, so that whoever is there can be
 * seen and killed; and keeps what was announced, taken and evaluated, whatever becomes of the rows.
 */
final class Halts {

    /** Where a transaction may be slowed down: after such a statement, before its commit. */
    enum Point {
        FULL_EVALUATION("insert", "evaluation"),
        ANNOUNCEMENT("insert", "membership_change"),
        BATCH_TAKEN("delete", "change"),
        WORD_OF_RECORDS("delete", "record_change"),
        CLOCK("update", "segment_clock"),
        INGESTION("insert", "interaction"),
        LAYING_ASIDE("insert", "member_sync_contact"),
        SWAP("delete", "member_sync_contact"),
        SYNC("update", "member_sync"),
        JOB("update", "job"),
        EDIT_OR_LIFE("update", "segment"),
        OVERRIDE("insert", "segment_override"),
        ANSWER("update", "idempotent_request"),
        RUN("insert", "run");

        private final String action;
        private final String table;

        Point(String action, String table) {
            this.action = action;
            this.table = table;
        }
    }

    private static final List<String> KEEPING = List.of("""
            create function kept.halt() returns trigger language plpgsql as $$
            begin
                if exists (select from kept.aim where point = tg_argv[0] and until > clock_timestamp()) then
                    perform pg_sleep(0.6);
                end if;
                return null;
            end$$;
            """, """
            create table kept.announced (like membership_change, transaction xid8 not null);
            create function kept.announced() returns trigger language plpgsql as $$
            begin
                insert into kept.announced select new.*, pg_current_xact_id();
                return null;
            end$$;
            create trigger kept after insert on membership_change for each row execute function kept.announced();
            """, """
            create table kept.taken (seq bigint not null);
            create function kept.taken() returns trigger language plpgsql as $$
            begin
                insert into kept.taken values (old.seq);
                return null;
            end$$;
            create trigger kept_taken after delete on membership_change for each row execute function kept.taken();
            """, """
            create table kept.evaluated (id uuid not null, counted bigint not null, transaction xid8 not null);
            create function kept.evaluated() returns trigger language plpgsql as $$
            begin
                insert into kept.evaluated
                select new.id, (select count(*) from membership where segment_id = new.segment_id), pg_current_xact_id();
                return null;
            end$$;
            create trigger kept after insert on evaluation for each row execute function kept.evaluated();
            """);

    private static final List<Point> MEMBER_POINTS = List.of(Point.LAYING_ASIDE, Point.SWAP, Point.SYNC);

    private final Jdbi jdbi;

    Halts(Jdbi jdbi) {
        this.jdbi = jdbi;
    }

    void install() {
        jdbi.useHandle(handle -> {
            handle.execute("create schema kept");
            handle.execute("create table kept.aim (point text primary key, until timestamptz not null)");
            for (var statements : KEEPING) {
                handle.execute(statements);
            }
            for (var point : Point.values()) {
                handle.execute("""
                        create trigger halt_%1$s after %1$s on %2$s for each statement execute function kept.halt('%3$s')
                        """.formatted(point.action, point.table, point));
            }
        });
    }

    /** Slows down whoever comes to a point within some seconds, and names the first; nobody may come. */
    Optional<String> first(Point point) {
        var seconds = MEMBER_POINTS.contains(point) ? 10 : 5;
        return jdbi.withHandle(handle -> {
            handle.execute("""
                    insert into kept.aim values (?, clock_timestamp() + make_interval(secs => ?))
                    on conflict (point) do update set until = excluded.until
                    """, point.name(), seconds);
            var until = System.nanoTime() + Duration.ofSeconds(seconds).toNanos();
            while (System.nanoTime() < until) {
                var caught = handle.createQuery("""
                                select application_name from pg_stat_activity
                                where wait_event = 'PgSleep' and datname = current_database()
                                """).mapTo(String.class).findFirst();
                if (caught.isPresent()) {
                    return caught;
                }
                Outside.pause(Duration.ofMillis(10));
            }
            return Optional.empty();
        });
    }

    /** Those of these parts that are at work now. */
    List<String> there(List<String> parts) {
        var connected = jdbi.withHandle(handle -> handle.select("select application_name from pg_stat_activity")
                .mapTo(String.class)
                .set());
        return parts.stream()
                .filter(part -> part.equals("postgres") || connected.contains(part))
                .toList();
    }
}
