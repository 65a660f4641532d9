package sojourn.app.journeys;

import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import sojourn.app.journeys.VariantComparison.Counted;
import sojourn.workflows.journeys.AbTest;

/**
 * Counts what became of those who were given a variant by chance: each contact once, by the visit of its assignment. Who got
 * the winner after counts for nothing.
 */
final class AbTestCounts {

    private static final List<String> OPENS = List.of("EmailOpened");
    private static final List<String> CLICKS = List.of("EmailClicked");

    /** What was opened or clicked, by people as far as is known. */
    private static final String HITS = """
            with hit as (
              select distinct i.properties ->> 'run' as run, i.tile, i.properties ->> 'pass' as pass
              from interaction i
              where i.type_id = any(array(select id from interaction_type where key = any(:types))) and i.journey = :journey
                and coalesce(i.properties ->> 'machine', 'false') <> 'true')
            """;

    private static final String OF_THE_MESSAGE = """
            exists (select from hit h
                    where h.run = cast(a.run_id as text) and h.tile = v.tile and h.pass = cast(v.pass as text))
            """;

    /** Of any email that the run sent after the test. */
    private static final String OF_THE_PATH = """
            exists (select from tile_visit w join hit h on h.tile = w.tile and h.pass = cast(w.pass as text)
                    where w.run_id = a.run_id and w.no > a.visit and h.run = cast(a.run_id as text))
            """;

    private static final String OF_THE_GOAL = """
            exists (select from run r where r.id = a.run_id and r.goal_at >= a.assigned_at)
            """;

    private AbTestCounts() {}

    /** In the order of the variants. */
    static List<Counted> count(Handle handle, int id, String journey, AbTest test) {
        var sends = test.sends() != null;
        var goal = test.metric() == AbTest.Metric.goal;
        var sent = sends ? "v.outcome in ('sent', 'bounced')" : "true";
        var done = goal ? OF_THE_GOAL : sends ? OF_THE_MESSAGE : OF_THE_PATH;
        var query = handle.createQuery((goal ? "" : HITS) + """
                select a.variant, count(*) as assigned, count(*) filter (where %1$s) as sent,
                       count(*) filter (where %1$s and %2$s) as measured
                from ab_assignment a
                left join tile_visit v on v.run_id = a.run_id and v.no = a.visit
                where a.test_id = :test
                group by a.variant
                """.formatted(sent, done))
                .bind("test", id);
        if (!goal) {
            query.bind("journey", journey)
                    .bindArray("types", String.class, test.metric() == AbTest.Metric.click ? CLICKS : OPENS);
        }
        var counted = query
                .map((row, _) -> new Counted(
                        row.getString("variant"),
                        row.getLong("assigned"),
                        sends ? row.getLong("sent") : null,
                        row.getLong("measured")))
                .stream()
                .collect(Collectors.toMap(Counted::name, Function.identity()));
        return test.branchNames().stream()
                .map(name -> counted.getOrDefault(name, new Counted(name, 0, sends ? 0L : null, 0)))
                .toList();
    }
}
