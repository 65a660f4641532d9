package sojourn.app.segments.language;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import sojourn.app.platform.Json;
import sojourn.testing.Database;

/**
 * Text, tree, SQL and Java say the same of random trees on random contacts. {@code -Dsegments.trees=100000} asks more of
 * them, {@code -Dsegments.seed=...} repeats a run that failed.
 */
class AgreementTest {

    private static final int TREES = Integer.getInteger("segments.trees", 400);
    private static final long SEED = Long.getLong("segments.seed", new Random().nextLong());
    private static final int TREES_A_SHOP = 100;
    private static final int CONTACTS = 60;

    /** Around clock changes, ends of months and leap days, where days and months are not what they seem. */
    private static final List<Instant> MOMENTS = Stream.of(
                    "2026-03-29T01:30:00.000001Z",
                    "2026-03-30T00:15:00Z",
                    "2026-10-25T00:30:00Z",
                    "2026-10-25T01:30:00Z",
                    "2026-11-01T04:30:00Z",
                    "2026-11-01T05:00:00Z",
                    "2026-04-04T15:15:00Z",
                    "2026-04-03T15:15:00Z",
                    "2026-10-25T00:30:00.5Z",
                    "2028-03-31T12:00:00Z",
                    "2028-02-29T23:59:59.999999Z",
                    "2010-11-07T02:45:00Z",
                    "2017-10-15T03:00:00Z",
                    "2026-12-31T23:30:00Z",
                    "2026-06-15T10:00:00Z")
            .map(Instant::parse)
            .toList();

    @RegisterExtension
    static final Database database = new Database();

    @Test
    void text_tree_sql_and_java_agree() {
        database.jdbi().useHandle(handle -> {
            for (var done = 0; done < TREES; done += TREES_A_SHOP) {
                agreeOnAShop(handle, SEED + done, Math.min(TREES_A_SHOP, TREES - done));
            }
        });
    }

    @Test
    void conditions_on_a_contact_agree_too() {
        database.jdbi()
                .useHandle(handle -> agreeOnConditions(handle, MOMENTS.getLast(), RandomTrees::contactCondition));
    }

    @Test
    void dates_and_times_agree_at_every_clock_change() {
        database.jdbi().useHandle(handle -> {
            for (var now : MOMENTS) {
                agreeOnConditions(handle, now, RandomTrees::momentCondition);
            }
        });
    }

    private static void agreeOnConditions(Handle handle, Instant now, Function<RandomTrees, Condition> generator) {
        var random = new Random(SEED);
        var values = new RandomValues(random, now);
        var shop = new StoredShop(random, values, handle);
        shop.store(CONTACTS);
        var trees = new RandomTrees(random, values);
        for (var i = 0; i < TREES / 4; i++) {
            var zone = ZoneId.of(values.pick(RandomValues.ZONES));
            var condition = generator.apply(trees);
            var text = SegmentLanguage.print(condition);
            var context = shop.context(now, zone);

            var selected = shop.selected(QueryToSql.contactCondition(condition, context));

            assertThat(SegmentLanguage.parseContactCondition(text, Shop.CATALOG))
                    .isEqualTo(condition);
            assertThat(selected)
                    .as("-Dsegments.seed=%d: %s at %s in %s", SEED, text, now, zone)
                    .isEqualTo(shop.matching(contact -> ConditionMatcher.matches(condition, contact, now, zone)));
        }
    }

    private static void agreeOnAShop(Handle handle, long seed, int trees) {
        var random = new Random(seed);
        var now = MOMENTS.get(random.nextInt(MOMENTS.size()));
        var values = new RandomValues(random, now);
        var shop = new StoredShop(random, values, handle);
        shop.store(CONTACTS);
        var generator = new RandomTrees(random, values);
        for (var i = 0; i < trees; i++) {
            var zone = ZoneId.of(values.pick(RandomValues.ZONES));
            var agreement = new Agreement(shop, now, zone);
            var tree = generator.query(2);
            if (agreement.fails(tree)) {
                var smallest = shrink(tree, agreement);
                throw new AssertionError("-Dsegments.seed=%d: %s".formatted(seed, agreement.explain(smallest)));
            }
        }
    }

    private static Query shrink(Query tree, Agreement agreement) {
        return Smaller.than(tree)
                .filter(agreement::fails)
                .findFirst()
                .map(smaller -> shrink(smaller, agreement))
                .orElse(tree);
    }

    private record Agreement(StoredShop shop, Instant now, ZoneId zone) {

        boolean fails(Query tree) {
            try {
                return !problem(tree).isEmpty();
            } catch (RuntimeException failure) {
                return true;
            }
        }

        String explain(Query tree) {
            var about = "%s%nat %s in %s%n%s".formatted(tree, now, zone, sql(tree));
            try {
                return SegmentLanguage.print(tree) + "\n" + problem(tree) + "\n" + about;
            } catch (RuntimeException failure) {
                throw new AssertionError(SegmentLanguage.print(tree) + "\n" + about, failure);
            }
        }

        private String problem(Query tree) {
            var text = SegmentLanguage.print(tree);
            if (!SegmentLanguage.parse(text, Shop.CATALOG).equals(tree)) {
                return "is read as another tree";
            } else if (!json(tree).equals(tree)) {
                return "comes back from JSON as another tree";
            }
            var selected = shop.selected(sql(tree));
            var few = QueryToSql.compileForFew(tree, shop.context(now, zone));
            if (!few.equals(sql(tree)) && !shop.selected(few).equals(selected)) {
                return "says something else of few contacts: " + few;
            }
            var ids = QueryToSql.ids(tree, shop.context(now, zone));
            if (ids.isPresent() && !shop.named(ids.get()).equals(selected)) {
                return "finds others without a look at the contacts: " + ids.get();
            }
            var matched = matched(tree);
            return selected.equals(matched)
                    ? ""
                    : shop.states().entrySet().stream()
                            .filter(entry -> selected.contains(entry.getKey()) != matched.contains(entry.getKey()))
                            .map(entry -> "SQL says " + selected.contains(entry.getKey()) + " of " + entry)
                            .findFirst()
                            .orElse("?");
        }

        private Sql sql(Query tree) {
            return QueryToSql.compile(tree, shop.context(now, zone));
        }

        private Set<Long> matched(Query tree) {
            return shop.matching(contact -> QueryMatcher.matches(tree, contact, now, zone));
        }

        private static Query json(Query tree) {
            try {
                return Json.mapper().readValue(Json.mapper().writeValueAsString(tree), Query.class);
            } catch (JsonProcessingException failure) {
                throw new AssertionError(failure);
            }
        }
    }
}
