package sojourn.benchmarks;

import java.io.IOException;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.sandbox.SandboxTemporal;

/**
 * The figures of one journey with very many runs, made by SQL: eight tiles of which three send, spread over ninety days, with
 * opens and clicks, each in the order of its time. Held against the count of the same rows by hand.
 */
final class InsightsBenchmark {

    private final Options options;
    private final Table table;

    InsightsBenchmark(Options options, Table table) {
        this.options = options;
        this.table = table;
    }

    void run() throws IOException, InterruptedException {
        var runs = options.number("runs", 200_000);
        try (var installation = Installation.open("insights", SandboxTemporal.Choice.IN_MEMORY, options.is("reuse"))) {
            var journeys = new Journeys(installation.jdbi(), installation.serve("-Xmx512m"));
            if (!installation.reused()) {
                goLive(journeys);
                make(installation.jdbi(), runs);
            }
            journeys.await("select case when exists (select from figure_delta) then 0 else 1 end", 1);
            // As autovacuum does by and by.
            installation
                    .jdbi()
                    .useHandle(
                            handle -> handle.execute(
                                    "vacuum analyze run, tile_visit, interaction, engagement, figure_delta, figure_sum, figure_day"));
            check(journeys);
            var what = "figures of %d runs with %d visits"
                    .formatted(
                            journeys.count("select count(*) from run"),
                            journeys.count("select count(*) from tile_visit"));
            measure(journeys, "", what);
            measure(
                    journeys,
                    "?version=1&from=2026-07-04T10:17:00Z&to=2026-08-20T00:00:00Z",
                    "the same of one version between two moments");
            measure(journeys, "?contacts=true", "the same of distinct contacts");
        }
    }

    private static void goLive(Journeys journeys) throws IOException, InterruptedException {
        journeys.server().send("POST", "/v1/messages", """
                    {"key": "news", "channel": "email", "purpose": "commercial", "from": "Shop <shop@example.com>",
                     "subject": "News", "html": "<p>News</p>"}""");
        journeys.server().send("POST", "/v1/messages/news/go-live", "");
        journeys.makeAudience("eight");
        journeys.goLive("eight", Journeys.eightTiles("P1D"));
    }

    private void measure(Journeys journeys, String query, String what) throws IOException, InterruptedException {
        var ours = new Samples();
        var bare = new Samples();
        for (var round = 0; round < 7; round++) {
            var began = System.nanoTime();
            journeys.server().get("/v1/journeys/eight/insights" + query);
            ours.add((System.nanoTime() - began) / 1e6);
            began = System.nanoTime();
            journeys.count("""
                    select count(*) from (select tile, status, outcome, branch, count(*) from tile_visit
                                          where journey_id = (select id from journey where key = 'eight') group by 1, 2, 3, 4) as counted
                    """);
            bare.add((System.nanoTime() - began) / 1e6);
        }
        table.add(
                what + ", ms (median of 7)",
                "%.0f".formatted(ours.median()),
                "%.0f (counting the visits)".formatted(bare.median()),
                "%.3f".formatted(ours.median() / bare.median()),
                "< 200 ms",
                ours.median() < 200);
    }

    /** What is shown is what was made. */
    private static void check(Journeys journeys) throws IOException, InterruptedException {
        var shown = journeys.server().get("/v1/journeys/eight/insights");
        require(shown.path("entered").asLong(), journeys.count("select count(*) from run"));
        require(
                shown.path("completed").asLong(),
                journeys.count("select count(*) from run where status = 'completed'"));
        require(
                shown.at("/tiles/second/opens/unique").asLong(),
                journeys.count("select count(distinct properties ->> 'run') from interaction where tile = 'second'"
                        + " and type_id = (select id from interaction_type where key = 'EmailOpened')"));
        require(
                shown.at("/tiles/third/inflow").asLong(),
                journeys.count("select count(*) from tile_visit where tile = 'third'"));
    }

    private static void require(long shown, long there) {
        if (shown != there) {
            throw new IllegalStateException(shown + " are shown, and " + there + " are there");
        }
    }

    private static void make(Jdbi jdbi, int runs) {
        jdbi.useHandle(handle -> {
            handle.execute("""
                    insert into contact (external_id, created_at, updated_at)
                    select 'c' || n, now(), now() from generate_series(1, ?) n
                    """, runs);
            System.err.println("made the contacts");
            handle.execute("""
                    insert into run (contact_id, journey_id, version, run_no, status, entered_at, entered_by, visit, tile, outcome,
                                     reason, ended_at, goal_at)
                    select c.id, j.id, 1, 1,
                           case when c.id % 20 < 14 then 'completed' when c.id % 20 < 17 then 'stopped' when c.id % 20 < 18 then 'failed'
                                else 'active' end,
                           timestamptz '2026-06-01' + (c.id * 7919 % 7776000) * interval '1 second', 'audience',
                           case when c.id % 20 < 14 then 8 else c.id * 31 % 7 + 1 end, 'bye',
                           case when c.id % 20 < 14 then 'done' end,
                           case when c.id % 20 between 14 and 15 then 'exit-interaction' when c.id % 20 = 16 then 'left-audience'
                                when c.id % 20 = 17 then 'message-not-live' end,
                           case when c.id % 20 < 18 then now() end,
                           case when c.id % 10 = 3 then now() end
                    from contact c, journey j where j.key = 'eight'
                    order by c.id * 7919 % 7776000
                    """);
            System.err.println("made the runs");
            handle.execute("""
                    insert into tile_visit (run_id, contact_id, no, journey_id, version, tile, type, pass, entered_at, left_at, status,
                                            outcome, branch, reason)
                    select r.id, r.contact_id, t.no, r.journey_id, 1, t.tile, t.type, 1,
                           r.entered_at + t.no * interval '6 hours', case when t.no < r.visit or r.status <> 'active' then now() end,
                           case when t.no < r.visit or r.status = 'completed' then 'processed'
                                when r.status = 'active' then 'processing' else r.status end,
                           case when t.type = 'email' then case when r.contact_id % 50 = 0 then 'bounced' else 'sent' end else 'waited' end,
                           case when t.tile = 'who' and (t.no < r.visit or r.status = 'completed') then 'no' end,
                           case when t.type = 'email' and r.contact_id % 50 = 0 then 'hard' end
                    from run r
                    join (values (1, 'first', 'email'), (2, 'one', 'waitFor'), (3, 'second', 'email'), (4, 'who', 'attributeBranch'),
                                 (5, 'two', 'waitFor'), (6, 'third', 'email'), (7, 'three', 'waitFor'), (8, 'bye', 'end'))
                         as t (no, tile, type) on t.no <= r.visit
                    order by r.entered_at + t.no * interval '6 hours'
                    """);
            System.err.println("made the visits");
            handle.execute("""
                    insert into interaction (contact_id, occurred_at, received_at, type_id, content_hash, id, journey, tile, properties)
                    select v.contact_id, v.entered_at + interval '1 hour', now(), t.id, gen_random_uuid(),
                           t.key || v.run_id || v.no || '-' || times, 'eight', v.tile,
                           jsonb_build_object('journey', 'eight', 'tile', v.tile, 'version', 1, 'pass', 1, 'run', v.run_id,
                                              'tileEnteredAt', to_char(v.entered_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                                              'link', 'https://shop.example.com/new')
                    from tile_visit v
                    join interaction_type t on t.key in ('EmailOpened', 'EmailClicked')
                    cross join generate_series(1, 2) times
                    where v.type = 'email' and v.outcome = 'sent' and v.status = 'processed'
                      and (v.contact_id + v.no) % (case when t.key = 'EmailOpened' then 3 else 10 end) = 0
                      and (times = 1 or v.contact_id % 4 = 0)
                    order by v.entered_at
                    """);
            System.err.println("made the interactions");
        });
    }
}
