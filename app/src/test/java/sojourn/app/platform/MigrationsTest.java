package sojourn.app.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jdbi.v3.core.Jdbi;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.testing.Database;

class MigrationsTest {

    @RegisterExtension
    final Database database = new Database();

    @Test
    void every_change_can_be_undone_and_done_again() {
        var jdbi = database.jdbi();
        var count = jdbi.withHandle(handle -> handle.select("select count(*) from databasechangelog")
                .mapTo(Integer.class)
                .one());

        Migrations.rollback(jdbi, count);
        assertThat(Migrations.missing(jdbi)).isEqualTo(count);
        assertThat(tables(jdbi)).containsExactlyInAnyOrder("databasechangelog", "databasechangeloglock");
        Migrations.apply(jdbi);

        assertThat(Migrations.missing(jdbi)).isZero();
    }

    @Test
    void uploads_that_wait_while_it_migrates_line_up_as_they_came() {
        var jdbi = database.jdbi();
        var since = jdbi.withHandle(
                handle -> handle.select("""
                        select count(*) from databasechangelog where orderexecuted >=
                            (select orderexecuted from databasechangelog where id = 'segments-005')
                        """).mapTo(Integer.class).one());
        Migrations.rollback(jdbi, since);
        jdbi.useHandle(handle -> handle.execute("""
                insert into job (kind, state, input, position, created_at, created_by) values
                ('segment-members-import', 'queued', '{"segment": 7, "action": "AS_SAID"}', '{}', now(), 'a'),
                ('segment-members-replacement', 'running', '{"segment": 7}', '{"rows": 9}', now() - interval '1 hour', 'b'),
                ('segment-members-replacement', 'failed', '{"segment": 7}', '{}', now(), 'c'),
                ('contact-import', 'queued', '{}', '{}', now(), 'd')
                """));

        Migrations.apply(jdbi);

        List<String> lined =
                jdbi.withHandle(handle -> handle.select("""
                        select created_by || ' ' || serial || ' ' || turn || ' ' || coalesce(input ->> 'action', '')
                               || ' ' || position
                        from job where serial is not null order by turn
                        """).mapTo(String.class).list());
        assertThat(lined)
                .containsExactly(
                        "b segment-members/7 1 REPLACE {\"left\": 0, \"rows\": 9, \"joined\": 0}",
                        "a segment-members/7 2 AS_SAID {}");
    }

    @Test
    void journeys_that_were_there_have_the_milestones_that_are_known() {
        var jdbi = database.jdbi();
        var since = jdbi.withHandle(
                handle -> handle.select("""
                        select count(*) from databasechangelog where orderexecuted >=
                            (select orderexecuted from databasechangelog where id = 'journeys-007')
                        """).mapTo(Integer.class).one());
        Migrations.rollback(jdbi, since);
        jdbi.useHandle(handle -> handle.execute("""
                with made as (
                    insert into journey (key, state, live_version, created_at, created_by, updated_at, updated_by, ended_at)
                    values ('old', 'stopped', 2, '2026-01-01Z', 'ada', '2026-01-04Z', 'eva', '2026-01-04Z') returning id)
                insert into journey_version (journey_id, version, document, listens, segments, live_at, live_by)
                select id, version, '{}', '{}', '{}', '2026-01-01Z'::timestamptz + version * interval '1 day', 'bob'
                from made, generate_series(1, 2) version
                """));

        Migrations.apply(jdbi);

        List<String> milestones =
                jdbi.withHandle(handle -> handle.select("""
                select kind || ' ' || by || ' ' || coalesce(version::text, '') || ' ' || (at at time zone 'UTC')::date
                from journey_milestone order by id
                """).mapTo(String.class).list());
        assertThat(milestones)
                .containsExactly(
                        "created ada  2026-01-01",
                        "live bob 1 2026-01-02",
                        "live bob 2 2026-01-03",
                        "stopped sojourn 2 2026-01-04");
    }

    @Test
    void an_instance_that_was_killed_while_it_migrated_blocks_nobody() {
        var jdbi = database.jdbi();
        Migrations.rollback(jdbi, 1);
        jdbi.useHandle(handle -> handle.execute("""
                update databasechangeloglock set locked = true, lockgranted = now(), lockedby = 'the dead'
                """));

        assertTimeoutPreemptively(Duration.ofSeconds(20), () -> Migrations.apply(jdbi));

        assertThat(Migrations.missing(jdbi)).isZero();
    }

    @Test
    void instances_that_start_at_once_migrate_one_after_another() {
        var jdbi = database.jdbi();
        Migrations.rollback(jdbi, 2);

        var all = IntStream.range(0, 4)
                .mapToObj(each -> CompletableFuture.runAsync(() -> Migrations.apply(jdbi)))
                .toArray(CompletableFuture<?>[]::new);
        CompletableFuture.allOf(all).join();

        assertThat(Migrations.missing(jdbi)).isZero();
    }

    private static List<String> tables(Jdbi jdbi) {
        return jdbi.withHandle(handle -> handle.select("""
                        select relname from pg_class
                        where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')
                        """).mapTo(String.class).list());
    }
}
