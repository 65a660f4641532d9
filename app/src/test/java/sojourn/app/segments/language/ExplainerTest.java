package sojourn.app.segments.language;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.segments.language.ContactState.Occurrence;
import sojourn.testing.Database;

/**
 * An explanation says what the matcher says, and flips when the matcher does. {@code -Dsegments.trees=100000} asks more,
 * {@code -Dsegments.seed=...} repeats a run that failed.
 */
class ExplainerTest {

    private static final int TREES = Integer.getInteger("segments.trees", 200);
    private static final long SEED = Long.getLong("segments.seed", new Random().nextLong());

    /** Around clock changes, ends of months and leap days. */
    private static final List<Instant> MOMENTS = Stream.of(
                    "2026-03-29T01:30:00.000001Z",
                    "2026-10-25T00:30:00Z",
                    "2026-11-01T05:00:00Z",
                    "2026-04-04T15:15:00Z",
                    "2028-03-31T12:00:00Z",
                    "2028-02-29T23:59:59.999999Z",
                    "2010-11-07T02:45:00Z",
                    "2017-10-15T03:00:00Z",
                    "2026-12-31T23:30:00Z")
            .map(Instant::parse)
            .toList();

    @RegisterExtension
    static final Database database = new Database();

    @Test
    void an_explanation_says_what_the_matcher_says() {
        forRandomTrees((tree, contact, now, zone) -> {
            var explanation = Explainer.explain(tree, contact, now, zone, Map.of(), Set.of());

            assertThat(explanation.holds())
                    .as(about(tree, contact, now, zone))
                    .isEqualTo(QueryMatcher.matches(tree, contact, now, zone));
        });
    }

    @Test
    void operands_from_left_to_right_say_what_the_tree_says() {
        forRandomTrees((tree, contact, now, zone) -> {
            var holds = false;
            for (var operand : Operands.of(tree, "")) {
                var here = QueryMatcher.matches(operand.query(), contact, now, zone);
                holds = switch (operand.operator()) {
                    case null -> here;
                    case UNION -> holds || here;
                    case INTERSECT -> holds && here;
                    case EXCEPT -> holds && !here;
                };
            }

            assertThat(holds)
                    .as(about(tree, contact, now, zone))
                    .isEqualTo(QueryMatcher.matches(tree, contact, now, zone));
        });
    }

    @Test
    void a_query_flips_at_until_and_not_before() {
        var random = new Random(SEED);
        forRandomTrees((tree, contact, now, zone) -> {
            if (TreeWalk.readsTime(tree)) {
                return;
            }
            var explanation = Explainer.explain(tree, contact, now, zone, Map.of(), Set.of());
            var until = explanation.until();
            if (until == null && TreeWalk.readsClock(tree)) {
                // A year ahead is looked at, and filters that compare with today are not: there it is not known.
                return;
            }

            var last = until == null ? now.plus(Duration.ofDays(1200)) : until.minus(1, ChronoUnit.MICROS);
            for (var at : samples(random, contact, now, last, zone)) {
                assertThat(QueryMatcher.matches(tree, contact, at, zone))
                        .as("at %s, until %s: %s", at, until, about(tree, contact, now, zone))
                        .isEqualTo(explanation.holds());
            }
            if (until != null) {
                assertThat(QueryMatcher.matches(tree, contact, until, zone))
                        .as("at until %s: %s", until, about(tree, contact, now, zone))
                        .isNotEqualTo(explanation.holds());
            }
        });
    }

    @Test
    void a_block_has_been_so_since_and_not_before() {
        var random = new Random(SEED);
        forRandomTrees((tree, contact, now, zone) -> {
            if (!(tree instanceof Query.Interactions) || TreeWalk.readsClock(tree)) {
                return;
            }
            var explanation = Explainer.explain(tree, contact, now, zone, Map.of(), Set.of());
            var since = explanation.since();

            var first = since == null ? now.minus(Duration.ofDays(1200)) : since;
            for (var at : samples(random, contact, first, now, zone)) {
                assertThat(QueryMatcher.matches(tree, contact, at, zone))
                        .as("at %s, since %s: %s", at, since, about(tree, contact, now, zone))
                        .isEqualTo(explanation.holds());
            }
            if (since != null) {
                assertThat(QueryMatcher.matches(tree, contact, since.minus(1, ChronoUnit.MICROS), zone))
                        .as("before since %s: %s", since, about(tree, contact, now, zone))
                        .isNotEqualTo(explanation.holds());
            }
        });
    }

    /** Instants between two others: at random, and where something may happen to the interactions that there are. */
    private static List<Instant> samples(
            Random random, ContactState contact, Instant first, Instant last, ZoneId zone) {
        var samples = new ArrayList<Instant>();
        var micros = ChronoUnit.MICROS.between(first, last);
        if (micros < 0) {
            return samples;
        }
        IntStream.range(0, 40)
                .mapToObj(i -> first.plus((long) (random.nextDouble() * micros), ChronoUnit.MICROS))
                .forEach(samples::add);
        for (var occurrence :
                contact.interactions().values().stream().flatMap(List::stream).toList()) {
            var local = occurrence.occurredAt().atZone(zone);
            for (var count = 0; count < 5; count++) {
                for (var edge : List.of(
                        local.plusDays(count),
                        local.plusWeeks(count),
                        local.plusMonths(count),
                        local.plusYears(count),
                        local.plusMonths(count).plusDays(1).truncatedTo(ChronoUnit.DAYS))) {
                    samples.add(edge.toInstant().minus(1, ChronoUnit.MICROS));
                    samples.add(edge.toInstant());
                    samples.add(edge.toInstant().plus(random.nextInt(7200), ChronoUnit.SECONDS));
                }
            }
        }
        var rules = zone.getRules();
        var change = rules.nextTransition(first);
        for (var i = 0; i < 6 && change != null; i++) {
            for (var minutes : List.of(-61, -31, -1, 0, 1, 29, 59, 61)) {
                samples.add(change.getInstant().plus(Duration.ofMinutes(minutes)));
            }
            change = rules.nextTransition(change.getInstant());
        }
        return samples.stream()
                .filter(at -> !at.isBefore(first) && !at.isAfter(last))
                .toList();
    }

    private interface Check {
        void check(Query tree, ContactState contact, Instant now, ZoneId zone);
    }

    private static void forRandomTrees(Check check) {
        database.jdbi().useHandle(handle -> {
            for (var done = 0; done < TREES; done += 50) {
                var random = new Random(SEED + done);
                var now = MOMENTS.get(random.nextInt(MOMENTS.size()));
                var values = new RandomValues(random, now);
                var shop = new StoredShop(random, values, handle);
                shop.store(20);
                var generator = new RandomTrees(random, values);
                for (var i = 0; i < 50; i++) {
                    var zone = ZoneId.of(values.pick(RandomValues.ZONES));
                    var tree = generator.query(i % 3);
                    shop.states().values().forEach(contact -> check.check(tree, contact, now, zone));
                }
            }
        });
    }

    private static String about(Query tree, ContactState contact, Instant now, ZoneId zone) {
        return "-Dsegments.seed=%d: %s at %s in %s of %s"
                .formatted(SEED, SegmentLanguage.print(tree), now, zone, contact);
    }

    private static final Instant NOON = Instant.parse("2026-11-20T12:00:00Z");

    private static ContactState buyer(Map<String, Object> attributes, String... bought) {
        var purchases = new ArrayList<Occurrence>();
        for (var at : bought) {
            purchases.add(new Occurrence(Instant.parse(at), Map.of("amount", BigDecimal.TEN)));
        }
        purchases.sort(Comparator.comparing(Occurrence::occurredAt));
        return new ContactState(new HashMap<>(attributes), Map.of("Purchase", purchases), Set.of("vip"), Map.of());
    }

    private static Explanation explain(String query, ContactState contact) {
        var tree = SegmentLanguage.parse(query, Shop.CATALOG);
        return Explainer.explain(
                tree,
                contact,
                NOON,
                ZoneId.of("Europe/Berlin"),
                Map.of("vip", Instant.parse("2026-01-02T03:04:05Z")),
                Set.of("email"));
    }

    @Test
    void a_having_shows_its_window_what_it_counted_and_when_it_became_and_ceases_to_be_so() {
        var contact = buyer(
                Map.of(),
                "2026-08-01T00:00:00Z",
                "2026-11-01T10:00:00Z",
                "2026-11-05T10:00:00Z",
                "2026-11-06T10:00:00Z");

        var having = explain("INTERACTION(Purchase).HAVING(COUNT() >= 3, DAYS(30))", contact)
                .parts()
                .getFirst();

        assertThat(having.is()).isEqualTo("having");
        assertThat(having.text()).isEqualTo("HAVING(COUNT() >= 3, DAYS(30))");
        assertThat(having.holds()).isTrue();
        assertThat(having.values()).containsExactly(Map.entry("COUNT()", BigDecimal.valueOf(3)));
        assertThat(having.interactions()).isEqualTo(new Explanation.Looked(4, 3));
        assertThat(having.window()).isEqualTo(new Explanation.Looking(Instant.parse("2026-10-21T11:00:00Z"), NOON));
        assertThat(having.since()).isEqualTo("2026-11-06T10:00:00Z");
        assertThat(having.until()).isEqualTo("2026-12-01T10:00:00Z");
    }

    @Test
    void a_condition_shows_the_values_that_it_saw_but_not_those_that_are_hidden() {
        var contact = buyer(Map.of("age", BigDecimal.valueOf(42), "email", "ada@example.com"));

        var all = explain("PROFILE(contact).FILTER(age / 2 > 20 && email == 'x' && ISNULL(motto))", contact)
                .parts()
                .getFirst();

        assertThat(all.is()).isEqualTo("all");
        assertThat(all.holds()).isFalse();
        var expected = new HashMap<String, Object>();
        expected.put("age / 2", new BigDecimal("21.0000000000"));
        expected.put("age", BigDecimal.valueOf(42));
        assertThat(all.parts().getFirst().values()).isEqualTo(expected);
        assertThat(all.parts().get(1).values()).isEmpty();
        assertThat(all.parts().get(2).values()).containsEntry("motto", null);
        assertThat(all.parts()).extracting(Explanation::holds).containsExactly(true, false, true);
    }

    @Test
    void a_filter_of_interactions_shows_how_many_passed_and_what_the_newest_has() {
        var block = explain(
                "INTERACTION(Purchase).FILTER(amount > 9 && ISNULL(product))",
                buyer(Map.of(), "2026-11-05T10:00:00Z", "2026-11-06T10:00:00Z", "2026-11-20T12:00:01Z"));

        assertThat(block.interactions()).isEqualTo(new Explanation.Looked(2, 2));
        assertThat(block.since()).isEqualTo("2026-11-05T10:00:00Z");
        assertThat(block.until()).isNull();
        var filter = block.parts().getFirst();
        assertThat(filter.interactions()).isEqualTo(new Explanation.Looked(2, 2));
        assertThat(filter.parts().getFirst().values()).containsEntry("amount", BigDecimal.TEN);
    }

    @Test
    void a_membership_tells_since_when() {
        var union = explain("SEGMENT(vip) UNION SEGMENT(loyal)", buyer(Map.of()));

        assertThat(union.is()).isEqualTo("union");
        assertThat(union.holds()).isTrue();
        assertThat(union.parts().getFirst().since()).isEqualTo("2026-01-02T03:04:05Z");
        assertThat(union.parts().get(1).holds()).isFalse();
    }
}
