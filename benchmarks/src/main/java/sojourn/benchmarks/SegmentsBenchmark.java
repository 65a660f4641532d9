package sojourn.benchmarks;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import sojourn.app.contacts.Declaration;
import sojourn.app.contacts.ProfileTypes;
import sojourn.app.contacts.Relationships;
import sojourn.app.interactions.InteractionTypes;
import sojourn.app.sandbox.SandboxTemporal;
import sojourn.app.segments.language.Catalog;
import sojourn.app.segments.language.QueryToSql;
import sojourn.app.segments.language.Relation;
import sojourn.app.segments.language.SegmentLanguage;
import sojourn.app.segments.language.Sql;
import sojourn.app.segments.language.SqlContext;

/**
 * Ten segments of the language, counted over all contacts, against what a person who knows the tables would write by
 * hand; then evaluated by the product itself, with the difference stored, against their plain count.
 */
final class SegmentsBenchmark {

    /** A query, and the same by hand: a condition on {@code contact c}, or a join with it. */
    private record Reference(String name, String query, String joins, String where) {}

    private static final int EVALUATIONS = 3;

    private final Options options;
    private final Table table;

    SegmentsBenchmark(Options options, Table table) {
        this.options = options;
        this.table = table;
    }

    void run() throws IOException, InterruptedException {
        try (var installation = Installation.open("segments", SandboxTemporal.Choice.IN_MEMORY)) {
            var server = installation.serve("-Xmx512m");
            var jdbi = installation.jdbi();
            new ShopData(options.number("contacts", 200_000), options.number("interactions", 2_000_000))
                    .fill(server, jdbi);
            var counted = count(jdbi);
            evaluate(server, jdbi, counted);
        }
    }

    private Map<String, Double> count(Jdbi jdbi) {
        var rounds = options.number("rounds", 7);
        var ratios = new Samples();
        var least = new HashMap<String, Double>();
        var now = Instant.now().truncatedTo(ChronoUnit.MICROS);
        for (var reference : references(jdbi, now)) {
            var compiled = jdbi.withHandle(handle -> compile(handle, reference.query(), now));
            var byHand = new Sql(
                    "select count(*) from contact c " + reference.joins() + " where c.state <> 'erased' and "
                            + reference.where(),
                    List.of());
            var ours = new Samples();
            var bare = new Samples();
            for (var round = -1; round < rounds; round++) {
                var mine = timed(jdbi, compiled);
                var other = timed(jdbi, byHand);
                if (mine.count() != other.count()) {
                    throw new IllegalStateException(reference.name() + " by hand means something else: " + mine.count()
                            + " and " + other.count());
                }
                if (round >= 0) {
                    ours.add(mine.millis());
                    bare.add(other.millis());
                } else {
                    System.err.println(reference.name() + ": " + mine.count() + " contacts");
                }
            }
            var ratio = ours.least() / bare.least();
            ratios.add(ratio);
            least.put(reference.name(), ours.least());
            table.note(
                    reference.name() + ", ms (least of " + rounds + ")",
                    "%.1f".formatted(ours.least()),
                    "%.1f".formatted(bare.least()),
                    "%.2f".formatted(ratio));
        }
        table.add(
                "ten segments: median and worst ratio to SQL by hand",
                "",
                "",
                "%.2f, %.2f".formatted(ratios.median(), ratios.most()),
                "<= 1.25, none > 2",
                ratios.median() <= 1.25 && ratios.most() <= 2);
        return least;
    }

    private record Timed(long count, double millis) {}

    /** As the product runs it: planned with its values, with room to hash. */
    private static Timed timed(Jdbi jdbi, Sql sql) {
        return jdbi.inTransaction(handle -> {
            handle.execute("set local work_mem = '128MB'");
            handle.execute("set local plan_cache_mode = force_custom_plan");
            var query = handle.createQuery(sql.text());
            for (var index = 0; index < sql.values().size(); index++) {
                query.bind(index, sql.values().get(index));
            }
            var began = System.nanoTime();
            var count = query.mapTo(Long.class).one();
            return new Timed(count, (System.nanoTime() - began) / 1e6);
        });
    }

    private static Sql compile(Handle handle, String query, Instant now) {
        var properties = new HashMap<String, Map<String, Declaration>>();
        var ids = new HashMap<String, Short>();
        InteractionTypes.all(handle).forEach((key, type) -> {
            properties.put(key, type.properties());
            ids.put(key, type.id());
        });
        var profileTypes = new HashMap<String, Map<String, Declaration>>();
        ProfileTypes.all(handle).forEach((key, type) -> profileTypes.put(key, type.attributes()));
        var relations = new HashMap<String, Relation>();
        var relationships = new HashMap<String, Short>();
        Relationships.all(handle).forEach((key, one) -> {
            relations.put(key, new Relation(one.from(), one.to()));
            relationships.put(key, one.id());
        });
        var catalog = new Catalog(profileTypes, relations, properties, Set.of("a", "b"));
        var compiled = QueryToSql.compile(
                SegmentLanguage.parse(query, catalog),
                new SqlContext(
                        now,
                        ZoneOffset.UTC,
                        ids,
                        relationships,
                        Map.of("a", segment(handle, "a"), "b", segment(handle, "b"))));
        return new Sql(
                "select count(*) from contact c where c.state <> 'erased' and (" + compiled.text() + ")",
                compiled.values());
    }

    private static int segment(Handle handle, String key) {
        return handle.select("select id from segment where key = ?", key)
                .mapTo(Integer.class)
                .one();
    }

    /** The product's own full evaluations, after each of which some memberships are put wrong for the next to find. */
    private void evaluate(Server server, Jdbi jdbi, Map<String, Double> counted)
            throws IOException, InterruptedException {
        var ratios = new Samples();
        var large = new Samples();
        var contacts = jdbi.withHandle(handle ->
                handle.select("select count(*) from contact").mapTo(Long.class).one());
        for (var reference : references(jdbi, Instant.now())) {
            var key =
                    reference.name().substring(0, reference.name().indexOf(' ')).toLowerCase(java.util.Locale.ROOT);
            server.send(
                    "POST",
                    "/v1/segments",
                    "{\"key\": \"%s\", \"name\": \"%s\", \"kind\": \"dynamic\", \"timeZone\": \"UTC\", \"query\": \"%s\"}"
                            .formatted(key, key, reference.query()));
            server.send("POST", "/v1/segments/" + key + "/go-live", "");
            await(jdbi, key, 1);
            var took = new Samples();
            for (var round = 1; round <= EVALUATIONS; round++) {
                jdbi.useHandle(handle -> handle.execute(
                        "delete from membership where segment_id = ? and contact_id % 100 = 7", segment(handle, key)));
                server.send("POST", "/v1/segments/" + key + "/evaluate", "");
                took.add(await(jdbi, key, round + 1));
            }
            var size = jdbi.withHandle(handle -> handle.select(
                            "select count(*) from membership where segment_id = ?", segment(handle, key))
                    .mapTo(Long.class)
                    .one());
            var ratio = took.least() / counted.getOrDefault(reference.name(), 1.0);
            (size * 4 > contacts ? large : ratios).add(ratio);
            System.err.printf("%s with the difference stored: %.0f ms, %.2f of its count%n", key, took.least(), ratio);
            server.send("POST", "/v1/segments/" + key + "/stop", "");
        }
        table.note(
                "evaluation with 1 % stored as difference / count: segments of <= 25 % of contacts (median, worst)",
                "", "", "%.2f, %.2f".formatted(ratios.median(), ratios.most()));
        if (large.count() > 0) {
            table.note(
                    "the same, of larger segments (median, worst)",
                    "",
                    "",
                    "%.2f, %.2f".formatted(large.median(), large.most()));
        }
    }

    /** Waits until a segment has been evaluated so often; how long the last took, in milliseconds. */
    private static double await(Jdbi jdbi, String key, int evaluations) throws InterruptedException {
        var end = System.nanoTime() + Duration.ofMinutes(5).toNanos();
        while (System.nanoTime() < end) {
            List<Long> took = jdbi.withHandle(handle -> handle.select(
                            "select took_ms from evaluation where segment_id = ? order by at", segment(handle, key))
                    .mapTo(Long.class)
                    .list());
            if (took.size() >= evaluations) {
                return Math.max(took.getLast(), 1);
            }
            Thread.sleep(50);
        }
        throw new IllegalStateException(key + " was not evaluated; see target/bench/server.log");
    }

    private static List<Reference> references(Jdbi jdbi, Instant now) {
        return jdbi.withHandle(handle -> {
            var types = new HashMap<String, Short>();
            InteractionTypes.all(handle).forEach((key, type) -> types.put(key, type.id()));
            var relationships = new HashMap<String, Short>();
            Relationships.all(handle).forEach((key, one) -> relationships.put(key, one.id()));
            return references(types, relationships, segment(handle, "a"), segment(handle, "b"), now);
        });
    }

    private static List<Reference> references(
            Map<String, Short> types, Map<String, Short> relationships, int a, int b, Instant now) {
        var purchases = "i.type_id = " + types.get("Purchase") + " and i.occurred_at <= '" + now + "'";
        var opens = "i.type_id = " + types.get("EmailOpened") + " and i.occurred_at <= '" + now + "'";
        var clicks = "i.type_id = " + types.get("EmailClicked") + " and i.occurred_at <= '" + now + "'";
        var all = new ArrayList<Reference>();
        all.add(new Reference(
                "S1 region is X",
                "PROFILE(contact).FILTER(address.region == 'Region7')",
                "",
                "c.folded @> '{\"address.region\": \"region7\"}'"));
        all.add(new Reference(
                "S2 custom option and number",
                "PROFILE(contact).FILTER(colour == 'blue' && nps >= 9)",
                "",
                "c.folded @> '{\"colour\": \"blue\"}' and (c.attributes ->> 'nps')::numeric >= 9"));
        all.add(new Reference(
                "S3 not purchased in 90 days",
                "PROFILE(contact) EXCEPT INTERACTION(Purchase).HAVING(COUNT() > 0, DAYS(90))",
                "",
                "not exists (select from interaction i where i.contact_id = c.id and " + purchases + since(now, 90)
                        + ")"));
        all.add(new Reference(
                "S4 clicked on journey X in 45 days",
                "INTERACTION(EmailClicked).FILTER(journey == 'j3').HAVING(COUNT() > 0, DAYS(45))",
                "",
                "c.id in (select i.contact_id from interaction i where i.journey = 'j3' and " + clicks + since(now, 45)
                        + ")"));
        all.add(new Reference(
                "S5 opened 3 times in 14 days, and also in a city",
                "INTERACTION(EmailOpened).HAVING(COUNT() >= 3, DAYS(14))"
                        + " INTERSECT PROFILE(contact).FILTER(address.city == 'New York')",
                "",
                "c.folded @> '{\"address.city\": \"new york\"}' and c.id in (select i.contact_id from interaction i where "
                        + opens + since(now, 14) + " group by 1 having count(*) >= 3)"));
        all.add(new Reference(
                "S6 exactly 2 purchases in 30 days",
                "INTERACTION(Purchase).HAVING(COUNT() == 2, DAYS(30))",
                "join (select i.contact_id from interaction i where " + purchases + since(now, 30)
                        + " group by 1 having count(*) = 2) two on two.contact_id = c.id",
                "true"));
        all.add(new Reference(
                "S7 segment A but not B",
                "SEGMENT(a) EXCEPT SEGMENT(b)",
                "join membership m on m.contact_id = c.id and m.segment_id = " + a,
                "not exists (select from membership o where o.contact_id = c.id and o.segment_id = " + b + ")"));
        all.add(new Reference(
                "S8 industry of the account, or attended an event",
                "PROFILE(account).FILTER(industry == 'Retail').TRAVERSE(contact_account) UNION"
                        + " PROFILE(event_registration).FILTER(status == 'attended').TRAVERSE(event_registration_contact)",
                "",
                "(c.id in (select l.from_id from link l join profile a on a.id = l.to_id where l.relationship_id = "
                        + relationships.getOrDefault("contact_account", (short) 0)
                        + " and a.folded @> '{\"industry\": \"retail\"}')"
                        + " or c.id in (select l.to_id from link l join profile r on r.id = l.from_id"
                        + " where l.relationship_id = "
                        + relationships.getOrDefault("event_registration_contact", (short) 0)
                        + " and r.folded @> '{\"status\": \"attended\"}'))"));
        all.add(new Reference(
                "S9 (country and also opened in 30 days) or industry, but not purchased in 90 days",
                "((PROFILE(contact).FILTER(address.country == 'US')"
                        + " INTERSECT INTERACTION(EmailOpened).HAVING(COUNT() > 0, DAYS(30)))"
                        + " UNION PROFILE(contact).FILTER(industry == 'Retail'))"
                        + " EXCEPT INTERACTION(Purchase).HAVING(COUNT() > 0, DAYS(90))",
                "",
                "(c.folded @> '{\"address.country\": \"us\"}' and exists (select from interaction i where"
                        + " i.contact_id = c.id and " + opens + since(now, 30)
                        + ") or c.folded @> '{\"industry\": \"retail\"}')"
                        + " and not exists (select from interaction i where i.contact_id = c.id and " + purchases
                        + since(now, 90) + ")"));
        all.add(new Reference(
                "S10 2 purchases over 100 in 60 days",
                "INTERACTION(Purchase).FILTER(amount > 100).HAVING(COUNT() >= 2, DAYS(60))",
                "",
                "c.id in (select i.contact_id from interaction i where " + purchases + since(now, 60)
                        + " and (i.properties ->> 'amount')::numeric > 100 group by 1 having count(*) >= 2)"));
        return all;
    }

    private static String since(Instant now, int days) {
        return " and i.occurred_at > '" + now.minus(days, ChronoUnit.DAYS) + "'";
    }
}
